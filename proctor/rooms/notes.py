"""What the proctor reads after an act that was carried out: a sentence in their language."""

from __future__ import annotations

from proctor.rooms.rules import IdentityRule
from server.core.i18n import _, language, ngettext
from server.core.regulation import Ruling
from server.core.terms import find

MINUTE = 60


def identity_note(ruling: Ruling, rule: IdentityRule) -> str:
    """Whether the document confirms the candidate, and if not, what is wanting (DC-9)."""
    flags = " ".join(_double(*map(str, each)) for each in _list(ruling.facts.get("doubles")))
    if ruling.allowed:
        confirmed = _("The identity is confirmed. The candidate can be admitted.")
        return " ".join((confirmed, flags)).strip()
    if ruling.code in ("person_inside_elsewhere", "document_of_another"):
        return " ".join((_("Not confirmed."), flags))
    if ruling.code == "list_not_sealed":
        return _("Not confirmed: the admission list is not what was certified. Call the head of the test centre.")
    missing = ruling.facts.get("missing")
    if not isinstance(missing, list):
        return _("Not confirmed: this kind of document is not accepted.")
    checks = [find(rule.checks, str(need)) for need in missing]
    titles = [check.title(language()) for check in checks if check is not None]
    return _("Not confirmed; wanting: %(checks)s.", checks=", ".join(titles))


def _list(found: object) -> list[list[object]]:
    return found if isinstance(found, list) else []


def _double(kind: str, room: str, seat: str) -> str:
    """A sign of a double in words; of another centre nothing is told but that it is one."""
    where = _("room %(room)s, seat %(seat)s", room=room, seat=seat) if room else _("another centre or room")
    if kind == "inside_elsewhere":
        return _("This person is inside just now: %(where)s. Call the head of the test centre.", where=where)
    if kind == "of_another":
        return _("The document is another candidate's: %(where)s.", where=where)
    return _("The same document was shown for another candidate: %(where)s.", where=where)


def admission_note(ruling: Ruling) -> str:
    """On time, or how late (DC-16)."""
    late_s = int(str(ruling.facts["late_s"]))
    if not late_s:
        return _("Admitted on time.")
    return _("Admitted %(late)s late; the end does not move.", late=f"{late_s // 60}:{late_s % 60:02}")


def start_note(ruling: Ruling) -> str | None:
    """By which order the test began before its hour, if it did, and that the briefing was short, if it was (DC-11)."""
    said = []
    if ruling.code == "early_start_by_order":
        said.append(_("Started before the hour by order %(order)s.", order=ruling.facts["order"]))
    briefing = short_briefing(ruling)
    if briefing:
        said.append(_("The briefing had less time than it should: %(time)s. The report says so.", time=briefing))
    return " ".join(said) or None


def short_briefing(start: Ruling) -> str | None:
    """The minutes a briefing had at most, of those it should have, where they were too few."""
    stored = start.facts.get("briefing")
    if not isinstance(stored, dict) or stored["allowed"]:
        return None
    facts = Ruling.from_json(stored).facts
    had, due = (int(str(facts[name])) // MINUTE for name in ("briefed_s", "briefing_s"))
    return _("%(had)s of %(due)s min", had=had, due=due)


def count_note(verb: str, n: int) -> str:
    """How many candidates an act on the whole room reached."""
    if verb == "pause":
        return ngettext("%(n)s candidate is paused.", "%(n)s candidates are paused.", n)
    if verb == "resume":
        return ngettext("%(n)s candidate goes on.", "%(n)s candidates go on.", n)
    if verb == "close":
        return ngettext(
            "The room is closed; %(n)s candidate is absent.",
            "The room is closed; %(n)s candidates are absent.",
            n,
        )
    return ngettext("Sent to %(n)s candidate.", "Sent to %(n)s candidates.", n)
