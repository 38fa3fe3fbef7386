"""Calibration runs from the answers of sittings: which there are to choose from, asked for by a form, and gathered."""
