"""Calibration runs from the answers of sittings: which there are to choose from, gathering them, and the run itself."""
