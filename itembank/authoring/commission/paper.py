"""The minutes of a session on paper: who sat, what was decided and why, what was said, who signed, and the digests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from itembank.authoring.commission.queries import open_minutes
from itembank.blueprints.drafts.law import in_force
from itembank.items.words import subject
from server.accounts import signing
from server.core.i18n import _, language, local_time, speaking
from server.core.paper import Paper, Printed, press
from server.core.paper.blocks import Block, Facts, Heading, Table, Text
from server.core.paper.foot import checked_foot
from server.core.work import Work

SHORT = 16


def print_minutes(work: Work, session_id: int, tongue: str, origin: str) -> Printed:
    """The minutes as a PDF in that language; the printing is journalled under the paper's digest."""
    session, document = open_minutes(work, session_id)
    with speaking(tongue):
        under = signing.signatures_under(work, document)
        printed = press(work.vault, minutes(document, under, session.state, origin, session.closed_at))
    work.record("paper:printed", f"paper:{printed.digest}", kind="minutes", language=tongue, clause="CS-17",
                commission_session=session.id, zone=in_force().zone.key)  # fmt: skip
    return printed


def minutes(
    document: signing.Document, under: Iterable[signing.SignatureRef], state: str, origin: str,
    closed_at: datetime | None,
) -> Paper:  # fmt: skip
    """The paper; minutes that are not in force say so."""
    content: Mapping[str, Any] = document.content
    held_on = date.fromisoformat(content["held_on"]).strftime("%d.%m.%Y")
    edition = in_force()
    not_yet = Text(_("These minutes are not in force: the signatures are not enough yet."))
    annulled = Text(_("These minutes were annulled: nothing in them takes effect."))
    head = {"closed": (not_yet,), "annulled": (annulled,)}.get(state, ())
    return Paper(
        language=language(), title=_("Minutes of the methodological commission"),
        head=" · ".join((_("Methodological commission"), subject(content["subject"]), held_on)),
        foot=checked_foot(origin),
        stamp=int(closed_at.timestamp()) if closed_at else 0,
        blocks=(
            *head,
            Facts((
                (_("Subject"), subject(content["subject"])), (_("Held on"), held_on),
                (_("Order"), content["order_no"]),
                (_("Regulation"), edition.title[language()]), (_("Digest of the minutes (SHA-256)"), document.digest),
            )),
            Heading(_("Members")), _members(content),
            Heading(_("Decisions")), *_items(content),
            *_notes(content),
            Heading(_("Signatures")), *_signatures(content, under),
        ),
    )  # fmt: skip


def verdict_words(code: str) -> str:
    """A decision in the reader's words."""
    return {
        "approve": _("approve"), "rework": _("rework"), "rest": _("put to rest"), "wake": _("take up again"),
        "retire": _("retire"),
        "put_off": _("put off"),
    }[code]  # fmt: skip


def _members(content: Mapping[str, Any]) -> Table:
    rows = sorted(content["members"], key=lambda each: (not each["is_chair"], each["name"]))
    return Table(
        (_("Name"), _("Capacity")),
        tuple((each["name"], _("chair") if each["is_chair"] else _("member")) for each in rows), (3, 2),
    )  # fmt: skip


def _items(content: Mapping[str, Any]) -> Iterable[Block]:
    rows = tuple(
        (each["code"], str(each["version"]), verdict_words(each["verdict"]), each["reason"], each["abstained"] or "–",
         each["sealed"][:SHORT])
        for each in content["items"]
    )  # fmt: skip
    head = (_("Item"), _("Version"), _("Decision"), _("Reason"), _("Wrote it, so did not decide"), _("Digest"))
    yield Table(head, rows, (0, 0, 2, 4, 2, 0))
    yield Text(_("The digest of a version is that of its sealed content, so that another text cannot take its place."),
               "note")  # fmt: skip


def _notes(content: Mapping[str, Any]) -> Iterable[Block]:
    codes = {each["manuscript"]: each["code"] for each in content["items"]}
    rows = tuple(
        (_clock(datetime.fromisoformat(each["at"])), each["by"], codes.get(each["manuscript"], "–"), each["said"])
        for each in content["notes"]
    )  # fmt: skip
    if rows:
        yield Heading(_("What was said"))
        yield Table((_("Time"), _("Name"), _("Item"), _("What was said")), rows, (0, 2, 0, 4))


def _signatures(content: Mapping[str, Any], under: Iterable[signing.SignatureRef]) -> Iterable[Block]:
    roles = {"commission_chair": _("chair"), "commission_member": _("member")}
    rows = tuple(
        (roles[each.role], each.name, _("PIN"), _clock(each.signed_at), each.digest[:SHORT])
        for each in under
        if each.is_valid
    )
    missing = {each["name"] for each in content["members"]} - {row[1] for row in rows}
    if rows:
        yield Table((_("Capacity"), _("Name"), _("Signed by"), _("Time"), _("Digest")), rows, (2, 3, 2, 2, 0))
    if missing:
        yield Text(_("Not signed: %(names)s.", names=", ".join(sorted(missing))))


def _clock(at: datetime) -> str:
    return local_time(at, in_force().zone.key, "d MMMM y, HH:mm")
