"""The measurement core: arrays in, arrays or frozen dataclasses out; no I/O, no clock, no global rng.

Import from its modules (`from irt.ability import eap`); it imports nothing of the server.
"""
