"""Conditions of candidates (DC-12) as tests know them: a decision is taken back only before its candidate begins."""
