"""Signatures given at a console, as papers show them: told apart by PIN and by hand, with time and digest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from proctor.rooms.papers.setting import Setting
from proctor.rooms.signed import closing_document
from server.accounts.signing import SignatureRef, signatures_under
from server.core.i18n import _
from server.core.paper.blocks import Block, Table, Text
from server.core.work import Work

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


def closing_signatures(work: Work, setting: Setting) -> Iterable[Block]:
    """Who signed when the room was closed, and a warning where the outcomes are no longer those; nothing before."""
    if setting.room.state != "closed":
        return ()
    under = signatures_under(work, closing_document(work, setting.room))
    table = signature_table(setting, [(_("Proctor, on closing"), each.name, each) for each in under if each.is_valid])
    broken = Text(_("The outcomes are no longer those that were signed on closing."), "note")
    return (*((table,) if table else ()), *((broken,) if any(not each.is_valid for each in under) else ()))
