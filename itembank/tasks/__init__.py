"""Tasks of the bank as its pages show them: one progress, one way to stop, one box. What they do is not known here."""
