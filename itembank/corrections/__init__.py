"""Pages on which the commission says which key counts in place of a wrong one, where the office asked for it."""
