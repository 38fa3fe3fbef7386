"""Statements: what the ministry confirmed, as a paper anyone can check by its code."""
