"""Violations in the room (DC-15): answered in the same second, then written down, signed and, if need be, corrected."""

from proctor.irregularities.service.acts import remove, warn
from proctor.irregularities.service.writing import (
    Draft,
    Witness,
    sign_protocol,
    sign_protocol_by_hand,
    write_protocol,
)

__all__ = ["Draft", "Witness", "remove", "sign_protocol", "sign_protocol_by_hand", "warn", "write_protocol"]
