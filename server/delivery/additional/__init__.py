"""Additional tests and repeats as sittings of their own (DC-18, DC-19, CS-18); the commands are in `planning`."""
