"""Tasks as pages show them: one progress, one way to stop, one box. What they do is not known here."""
