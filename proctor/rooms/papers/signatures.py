"""Signatures given at a console, as papers show them: told apart by PIN and by hand, with time and digest."""

from __future__ import annotations

from collections.abc import Sequence

from proctor.rooms.papers.setting import Setting
from server.accounts.signing import SignatureRef
from server.core.i18n import _
from server.core.paper.blocks import Table

SHORT = 16


def signature_table(setting: Setting, signed: Sequence[tuple[str, str, SignatureRef]]) -> Table | None:
    """In which capacity, who, how, when, and the digest of what was signed; None where nobody has."""
    rows = tuple(
        (role, name, _("PIN") if one.is_by_pin else _("name typed at the proctor's console"),
         setting.clock(one.signed_at, "d MMMM y, HH:mm:ss"), one.digest[:SHORT])
        for role, name, one in signed
    )  # fmt: skip
    head = (_("Capacity"), _("Name"), _("Signed by"), _("Time"), _("Digest"))
    return Table(head, rows, (2, 3, 2, 2, 0)) if rows else None
