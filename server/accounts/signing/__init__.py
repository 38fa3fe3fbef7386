"""Signing: a PIN of one's own, and signatures under documents that any feature may have signed."""

from server.accounts.signing.pins import PinAttempt, check_pin, confirm_pin, has_pin, set_pin
from server.accounts.signing.signatures import (
    Document,
    SignatureRef,
    colleagues,
    place,
    sign,
    sign_by_hand,
    signatures_under,
)

__all__ = [
    "Document", "PinAttempt", "SignatureRef", "check_pin", "colleagues", "confirm_pin", "has_pin", "place", "set_pin",
    "sign", "sign_by_hand", "signatures_under",
]
