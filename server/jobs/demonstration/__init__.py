"""The demonstration: an invented test centre with a bank, candidates, a proctor and a sitting about to start."""
