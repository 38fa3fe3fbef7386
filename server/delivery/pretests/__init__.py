"""Pretest items in delivery: the sittings that give them, and what the bank's pages show of it."""
