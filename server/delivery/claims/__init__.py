"""Computers that ask to go on with a test which another one holds: they wait until the proctor decides (DC-10).

Models and questions; the commands are in `server.delivery.service.claims`."""
