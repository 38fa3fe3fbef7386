"""Items leave the bank by two persons: one asks, another approves, and the first takes the file once within an hour.
The file is made in memory while it is taken; it lies nowhere, and its digest and its mark stand in the journal."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from itembank.authoring.safe import new_mark
from itembank.exports import tests
from itembank.exports.machine import EXPORT
from itembank.exports.models import ExportRequest
from itembank.exports.tests import Terms
from itembank.interchange import write_qti, write_xlsx
from itembank.items.content import NewItem
from itembank.items.models import Item, ItemVersion
from itembank.items.service import open_source
from itembank.withdrawals.queries import refuse_versions, versions_in_force
from server.accounts import staff_names
from server.core.errors import CatError, Denied, Invalid, NotFound, Stale
from server.core.roles import Role
from server.core.vault import digest
from server.core.work import Work

ASKING = (Role.COMMISSION, Role.PSYCHOMETRICIAN)
MOST_ITEMS, LONGEST_REASON = 500, 500
WITHIN = timedelta(hours=1)
CLAUSE = "DC-7"


@dataclass(frozen=True)
class Format:
    """How items are written, and what the file is called."""

    write: Callable[[Sequence[NewItem]], bytes]
    ending: str
    media_type: str


FORMATS: Mapping[str, Format] = {
    "qti": Format(write_qti, "zip", "application/zip"),
    "xlsx": Format(write_xlsx, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@dataclass(frozen=True)
class Taken:
    """The file as it is handed over."""

    data: bytes
    name: str
    media_type: str


def ask(work: Work, codes: Collection[str], format_: str, reason: str) -> int:
    """The newest versions of these items are asked for; the id of the request."""
    reason = _reason(reason)
    if format_ not in FORMATS or not 1 <= len(set(codes)) <= MOST_ITEMS:
        raise Invalid("export_malformed", maximum=MOST_ITEMS)
    versions = _newest(work, codes)
    _check_withdrawn(work, versions)
    row = ExportRequest(
        format=format_, item_version_ids=versions, reason=reason, state="asked",
        asked_by_id=work.actor.id, asked_at=work.now,
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()  # its id is what the journal names
    work.record("export_asked", f"export:{row.id}", clause=CLAUSE, items=sorted(set(codes)), format=format_)
    return row.id


def ask_test(work: Work, terms: Terms, format_: str, reason: str) -> int:
    """A whole test is asked for, as a package or on paper; the id of the request."""
    reason = _reason(reason)
    found = tests.asked(work, terms.test)
    tests.check(found, format_, terms)
    _check_withdrawn(work, found.version_ids)
    row = ExportRequest(
        format=format_, item_version_ids=list(found.version_ids), terms=terms.to_json(), reason=reason, state="asked",
        asked_by_id=work.actor.id, asked_at=work.now,
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()  # its id is what the journal names
    codes = sorted(code for _version, code in _versions(work, found.version_ids))
    work.record("export_asked", f"export:{row.id}", clause=CLAUSE, items=codes, format=format_, **terms.to_json())
    return row.id


def decide(work: Work, request_id: int, revision: int, *, is_approved: bool, reason: str) -> None:
    """Another person than the one who asked lets the file out, or not; whoever calls has proved who they are."""
    row = _find(work, request_id)
    if row.asked_by_id == work.actor.id:
        raise Denied("export_own")
    if row.revision != revision:
        raise Stale("changed_meanwhile")
    row.decided_by_id, row.decided_at, row.decision = work.actor.id, work.now, _reason(reason)
    row.until = work.now + WITHIN if is_approved else None
    work.move(row, EXPORT, "approve" if is_approved else "refuse", reason=row.decision)
    work.record("export_approved" if is_approved else "export_refused", f"export:{row.id}", clause=CLAUSE)


def take(work: Work, request_id: int) -> Taken | CatError:
    """The file, once, for the person who asked; a refusal is returned where it is too late, so that this is kept."""
    row = _find(work, request_id)
    if row.asked_by_id != work.actor.id:
        raise NotFound("not_found")
    if row.state == "approved" and row.until is not None and work.now > row.until:
        work.move(row, EXPORT, "lapse")
        return Denied("export_lapsed")
    EXPORT.target("take", row.state)  # refused before anything is opened
    _check_withdrawn(work, row.item_version_ids)
    mark = new_mark()
    versions = _versions(work, row.item_version_ids)
    data, ending, media_type = _made(work, row, [version for version, _code in versions], mark)
    row.taken_at, row.digest, row.mark = work.now, digest(data), mark
    work.move(row, EXPORT, "take")
    for version, code in versions:
        work.record(
            "item_exported", f"item:{code}", clause=CLAUSE, purpose="export", export_id=row.id, mark=mark,
            version=version.version,
        )  # fmt: skip
    work.record("export_taken", f"export:{row.id}", clause=CLAUSE, digest=row.digest, mark=mark, n_items=len(versions))
    return Taken(data, f"synak-{row.id}-{mark}.{ending}", media_type)


def _made(work: Work, row: ExportRequest, versions: Sequence[ItemVersion], mark: str) -> tuple[bytes, str, str]:
    """The file under its mark, the ending of its name, and its type."""
    terms = Terms(**row.terms) if row.terms else None
    found = tests.asked(work, terms.test) if terms else None
    if terms and found and found.form and row.format in tests.PAPERS:
        data = tests.PAPERS[row.format](work, found.form, terms.language, terms.copies, mark)
        return data, "pdf", "application/pdf"
    format_ = FORMATS[row.format]
    items = [open_source(work, version) for version in versions]
    whole = write_qti(items, found.outlines) if found else format_.write(items)
    return _marked(whole, mark, _name(work)), format_.ending, format_.media_type


def _check_withdrawn(work: Work, item_version_ids: Collection[int]) -> None:
    """Invalid if one is withdrawn: such items are evidence, which a security officer alone takes, and nothing else."""
    if not work.actor.may(Role.SECURITY):
        refuse_versions(work, item_version_ids)
    elif not work.actor.may(*ASKING):
        withdrawn = {version_id for version_id, _standing in versions_in_force(work)}
        if not set(item_version_ids) <= withdrawn:
            raise Invalid("export_evidence", clause=CLAUSE)


def _marked(data: bytes, mark: str, name: str) -> bytes:
    """The same archive with the mark, and who took it, in its comment."""
    whole = io.BytesIO(data)
    with zipfile.ZipFile(whole, "a") as archive:
        archive.comment = f"{mark} {name}".encode()
    return whole.getvalue()


def _name(work: Work) -> str:
    return staff_names(work, [work.actor.id or 0]).get(work.actor.id or 0, work.actor.label)


def _newest(work: Work, codes: Collection[str]) -> list[int]:
    """The newest frozen version of each of these items; Invalid names those that have none."""
    last = select(ItemVersion.item_id, func.max(ItemVersion.version).label("version")).group_by(ItemVersion.item_id)
    newest = last.subquery()
    query = (
        select(ItemVersion.id, Item.code)
        .join(Item, Item.id == ItemVersion.item_id)
        .join(newest, (newest.c.item_id == ItemVersion.item_id) & (newest.c.version == ItemVersion.version))
        .where(Item.code.in_(set(codes)))
        .order_by(Item.code)
    )
    found = {code: id_ for id_, code in work.db.execute(query)}
    unknown = sorted(set(codes) - set(found))
    if unknown:
        raise Invalid("item_unknown", items=", ".join(unknown))
    return list(found.values())


def _versions(work: Work, ids: Collection[int]) -> list[tuple[ItemVersion, str]]:
    query = select(ItemVersion, Item.code).join(Item, Item.id == ItemVersion.item_id).where(ItemVersion.id.in_(ids))
    return [(version, code) for version, code in work.db.execute(query.order_by(Item.code))]


def _find(work: Work, request_id: int) -> ExportRequest:
    row = work.db.get(ExportRequest, request_id)
    if row is None:
        raise NotFound("not_found")
    return row


def _reason(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    if not text or len(text) > LONGEST_REASON:
        raise Invalid("reason_malformed", maximum=LONGEST_REASON)
    return text
