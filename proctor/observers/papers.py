"""The slips of observers on paper: number, one-time code, and a QR code that opens their sign-in (CS-3)."""

from __future__ import annotations

from urllib.parse import urlencode

from proctor.observers.slips import ObserverSlip, slips_of
from proctor.rooms.papers import note
from proctor.rooms.papers.setting import OpenRoom, Setting, set_up
from server.core.i18n import _, local_time, speaking
from server.core.paper import Paper, Printed, press
from server.core.paper.blocks import Slip, Slips, Text
from server.core.work import Work

KIND = "observer_slips"
DOOR = "/observe"


def print_slips(work: Work, room: OpenRoom, tongue: str, origin: str) -> Printed:
    """A slip for each observer of the room; that codes were shown, and the paper's digest, are on record."""
    with speaking(tongue):
        setting = set_up(work, *room, origin)
        printed = press(work.vault, sheet(setting, slips_of(work, setting.room.id)))
    note(work, printed, KIND, tongue, setting.room.id)
    return printed


def sheet(setting: Setting, found: list[ObserverSlip]) -> Paper:
    """The slips, to be cut apart."""
    advice = Text(_("Cut along the dashed lines. A code signs in one device, once."), "note")
    nobody = Text(_("Nobody observes this room yet."))
    slips = Slips(tuple(_slip(setting, each) for each in found))
    return setting.paper(_("Slips of observers"), advice, slips if found else nobody)


def _slip(setting: Setting, slip: ObserverSlip) -> Slip:
    who = slip.observer
    lines = (
        (_("Number"), slip.number),
        (_("Room"), _("all") if who.is_whole else setting.where.name),
        (_("Sitting"), setting.title),
        (_("Start"), local_time(setting.sitting.starts_at, setting.sitting.zone)),
        (_("Address"), setting.origin + DOOR),
    )
    # The number alone: a code that a camera across the room could read would be anybody's.
    address = f"{setting.origin}{DOOR}?{urlencode({'number': slip.number})}"
    code = slip.code or _("used; the centre can give a new one")
    alt = _("QR code that opens the sign-in of observers with the number %(number)s", number=slip.number)
    return Slip(who.name, lines, _("Code"), code, address, alt)
