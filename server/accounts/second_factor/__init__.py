"""The second factor of those who come near the bank, the keys and the journal (ASVS 5.0, 6.3): a code of the moment."""

from server.accounts.second_factor.enrolment import (
    Enrolment,
    Standing,
    begin,
    confirm,
    remove,
    shown_now,
    standing,
)
from server.accounts.second_factor.proof import prove

__all__ = ["Enrolment", "Standing", "begin", "confirm", "prove", "remove", "shown_now", "standing"]
