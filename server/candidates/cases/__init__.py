"""Cases of candidates: exemption, additional test, extension, repeat; with papers, decided once (DC-17, DC-18)."""

from server.candidates.cases.attempts import register_attempt
from server.candidates.cases.queries import cases, exempt, granted
from server.candidates.cases.service import (
    Decision,
    Facts,
    NewCase,
    add_paper,
    decide,
    file_case,
    submit,
    withdraw,
)

__all__ = [
    "Decision", "Facts", "NewCase", "add_paper", "cases", "decide", "exempt", "file_case", "granted",
    "register_attempt", "submit", "withdraw",
]
