"""Slips that candidates are handed: number, seat, one-time code. The QR code holds the number alone."""

from __future__ import annotations

from proctor.rooms import views
from proctor.rooms.papers.setting import Setting
from server.core.i18n import _, local_time
from server.core.paper import Paper
from server.core.paper.blocks import Slip, Slips, Text
from server.core.work import Work


def sheet(work: Work, setting: Setting) -> Paper:
    """A slip for everybody seated, by seat; that codes were shown is on record."""
    found = tuple(_slip(setting, each) for each in views.slips(work, setting.room, setting.where))
    advice = Text(_("Cut along the dashed lines. Whoever holds a code can sign in with it."), "note")
    nobody = Text(_("Nobody has a seat here yet."))
    return setting.paper(_("Slips with codes"), advice, Slips(found) if found else nobody)


def _slip(setting: Setting, slip: views.Slip) -> Slip:
    lines: tuple[tuple[str, str], ...] = (
        (_("Registration number"), slip.registration_no),
        (_("Room"), slip.room),
        (_("Seat"), slip.seat),
        (_("Sitting"), setting.title),
        (_("Start"), local_time(setting.sitting.starts_at, setting.sitting.zone)),
    )
    if slip.conditions:
        lines = (*lines, (_("Conditions"), "; ".join(slip.conditions)))
    code = slip.code or _("used; the proctor can give a new one")
    alt = _("QR code with the registration number %(number)s", number=slip.registration_no)
    return Slip(slip.name, lines, _("Code"), code, slip.registration_no, alt)
