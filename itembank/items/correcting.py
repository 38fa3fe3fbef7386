"""Corrected keys: a new version of what counts as right, beside the one that was published, which stays as it is. One
counts for nobody until a rescoring run that names it is applied; no pool and no calibration ever takes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from itembank.items.content import ItemContent
from itembank.items.models import Item, ItemVersion, KeyRequest, KeyVersion
from itembank.items.rekeying import NewKey, corrected
from itembank.items.service import OWN_KEYS, key_place, open_version, read, supersede_key
from server.accounts import signing
from server.accounts.signing import Document, PinAttempt
from server.core.errors import CatError, Denied, Invalid, NotFound
from server.core.work import Work

CLAUSE = "DC-7"
NEEDED = 2  # persons of the bank: one says what is right, another that it is so
LONGEST_REASON, LONGEST_DECISION = 500, 80


@dataclass(frozen=True)
class CorrectedKeyRef:
    """A corrected key without what it says: which it is of its version, by whom, and who has signed it."""

    id: int
    item_version_id: int
    code: str
    item_version: int
    number: int
    made_at: datetime
    made_by: str
    signers: tuple[str, ...]
    signer_ids: frozenset[int]

    @property
    def is_confirmed(self) -> bool:
        """Whether two persons stand for it."""
        return len(self.signer_ids) >= NEEDED


@dataclass(frozen=True)
class Asked:
    """An item version of which another key is asked for, and the keys that were made of it since."""

    id: int
    item_version_id: int
    code: str
    item_version: int
    reason: str
    decided_by: str
    asked_at: datetime
    keys: tuple[CorrectedKeyRef, ...]

    @property
    def is_open(self) -> bool:
        """Whether no key that was made since is confirmed: then the item may be opened for it."""
        return not any(key.is_confirmed for key in self.keys)


def ask_key(work: Work, item_version_id: int, reason: str, decided_by: str) -> int:
    """The commission is asked for another key of the item; the id of the request. An open one is not made twice."""
    version, code = _version(work, item_version_id)
    reason, decided_by = _reason(reason), " ".join(decided_by.split())
    for each in asked_keys(work):
        if each.item_version_id == item_version_id and each.is_open:
            return each.id
    row = KeyRequest(item_version_id=version.id, reason=reason, decided_by=decided_by[:LONGEST_DECISION],
                     asked_by=work.actor.label, asked_at=work.now)  # fmt: skip
    work.db.add(row)
    work.db.flush()  # its id is the answer
    work.record("key_asked", f"item:{code}", clause=CLAUSE, version=version.version, decided_by=decided_by)
    return row.id


def asked_keys(work: Work) -> list[Asked]:
    """Everything that was asked for, the newest first."""
    return [_asked(work, row) for row in work.db.scalars(select(KeyRequest).order_by(KeyRequest.id.desc()))]


def asked_key(work: Work, request_id: int) -> Asked:
    """One request; NotFound if there is none."""
    row = work.db.get(KeyRequest, request_id)
    if row is None:
        raise NotFound("not_found")
    return _asked(work, row)


def _asked(work: Work, row: KeyRequest) -> Asked:
    version, code = _version(work, row.item_version_id)
    keys = tuple(key for key in corrected_keys(work, version.id) if key.made_at >= row.asked_at)
    return Asked(row.id, version.id, code, version.version, row.reason, row.decided_by, row.asked_at, keys)


def open_for_correction(work: Work, request_id: int) -> tuple[Asked, ItemContent, dict[str, Any]]:
    """The item of an open request with its newest key, its opening journalled; Denied once a key is confirmed."""
    asked = asked_key(work, request_id)
    if not asked.is_open:
        raise Denied("key_request_closed")
    version, code = _version(work, asked.item_version_id)
    content, key = map(read, open_version(work, version, _newest(work, version.id)))
    if key["kind"] == "rubric":
        raise Invalid("key_of_written", item=code)
    work.record("item_opened", f"item:{code}", clause=CLAUSE, version=version.version, purpose="key")
    return asked, ItemContent(content), key


def correct_key(work: Work, request_id: int, new: NewKey, attempt: PinAttempt) -> int | CatError:
    """The corrected key stands under its author's signature; the refusal of the PIN is returned, so that it counts."""
    asked, content, before = open_for_correction(work, request_id)
    item_version_id, code, reason = asked.item_version_id, asked.code, _reason(new.reason)
    key = corrected(content, before, new)
    refusal = signing.confirm_pin(work, attempt)
    if refusal is not None:
        return refusal
    # Lock before reading: two corrections at once would have one number.
    work.db.execute(select(ItemVersion.id).where(ItemVersion.id == item_version_id).with_for_update())
    version = work.db.get_one(ItemVersion, item_version_id)
    # The reason may tell what is right, so it is sealed with the key.
    row = supersede_key(work, version, _newest(work, item_version_id), {**key, "reason": reason})
    signing.place(work, _document(work, row, code, version.version), "author", attempt.staff_id)
    work.record("key_corrected", f"item:{code}", clause=CLAUSE, version=version.version, key=row.version, key_id=row.id)
    return row.id


def confirm_key(work: Work, request_id: int, key_version_id: int, attempt: PinAttempt) -> CatError | None:
    """Another person stands for the corrected key; the refusal of the PIN is returned, so that it counts."""
    ref = next((key for key in asked_key(work, request_id).keys if key.id == key_version_id), None)
    if ref is None:
        raise NotFound("not_found")
    if attempt.staff_id in ref.signer_ids:
        raise Denied("key_own")
    row = work.db.get_one(KeyVersion, key_version_id)
    refusal = signing.sign(work, _document(work, row, ref.code, ref.item_version), "confirming", attempt)
    if refusal is None:
        work.record("key_confirmed", f"item:{ref.code}", clause=CLAUSE, version=ref.item_version, key_id=row.id)
    return refusal


def corrected_key(work: Work, key_version_id: int) -> CorrectedKeyRef:
    """A corrected key without what it says; NotFound if there is none."""
    row = work.db.get(KeyVersion, key_version_id)
    if row is None or row.supersedes_id is None:
        raise NotFound("not_found")
    version, code = _version(work, row.item_version_id)
    signed = [each for each in signing.signatures_under(work, _document(work, row, code, version.version))
              if each.is_valid and each.staff_id is not None]  # fmt: skip
    return CorrectedKeyRef(
        row.id, version.id, code, version.version, row.version, row.made_at, row.made_by,
        tuple(each.name for each in signed), frozenset(each.staff_id for each in signed if each.staff_id),
    )  # fmt: skip


def corrected_keys(work: Work, item_version_id: int) -> list[CorrectedKeyRef]:
    """Every corrected key of an item version, oldest first."""
    query = select(KeyVersion.id).where(
        KeyVersion.item_version_id == item_version_id, KeyVersion.supersedes_id.is_not(None)
    )
    return [corrected_key(work, id_) for id_ in work.db.execute(query.order_by(KeyVersion.version)).scalars()]


def published_key(work: Work, item_version_id: int) -> int:
    """The key that an item version was published with; NotFound if there is no such version."""
    found = work.db.execute(OWN_KEYS.where(KeyVersion.item_version_id == item_version_id)).scalar_one_or_none()
    if found is None:
        raise NotFound("not_found")
    return found.id


def version_named(work: Work, code: str, number: int | None) -> int:
    """The version of that number of the item, or its newest; NotFound if there is none."""
    query = select(ItemVersion.id).join(Item, Item.id == ItemVersion.item_id).where(Item.code == code)
    if number is not None:
        query = query.where(ItemVersion.version == number)
    found = work.db.execute(query.order_by(ItemVersion.version.desc()).limit(1)).scalar()
    if found is None:
        raise NotFound("item_version_unknown", item=code)
    return found


def key_named(work: Work, item_version_id: int, number: int | None) -> int:
    """The key of that number of the item version; NotFound if there is none."""
    query = select(KeyVersion.id).where(KeyVersion.item_version_id == item_version_id, KeyVersion.version == number)
    found = work.db.execute(query).scalar()
    if found is None:
        raise NotFound("key_unknown", n=number or 0)
    return found


def key_number(work: Work, key_version_id: int) -> int:
    """Which key of its version it is: the published one is the first."""
    return work.db.get_one(KeyVersion, key_version_id).version


def item_of(work: Work, item_version_id: int) -> tuple[int, str]:
    """Id and code of the item that a version is of."""
    version, code = _version(work, item_version_id)
    return version.item_id, code


def open_key(work: Work, key_version_id: int) -> dict[str, Any]:
    """What a key version says is right, its opening journalled; Tampered if it does not open."""
    row = work.db.get(KeyVersion, key_version_id)
    if row is None:
        raise NotFound("not_found")
    version, code = _version(work, row.item_version_id)
    data_key = work.vault.unwrap(version.data_key, version.place)
    work.record("key_opened", f"item:{code}", clause=CLAUSE, version=version.version, key=row.version)
    return read(work.vault.open(data_key, row.key_sealed, key_place(version.place, row.version)))


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not 3 <= len(reason) <= LONGEST_REASON:
        raise Invalid("reason_malformed", maximum=LONGEST_REASON)
    return reason


def _version(work: Work, item_version_id: int) -> tuple[ItemVersion, str]:
    query = select(ItemVersion, Item.code).join(Item, Item.id == ItemVersion.item_id)
    row = work.db.execute(query.where(ItemVersion.id == item_version_id)).one_or_none()
    if row is None:
        raise NotFound("not_found")
    return row[0], row[1]


def _newest(work: Work, item_version_id: int) -> KeyVersion:
    keys = select(KeyVersion).where(KeyVersion.item_version_id == item_version_id).order_by(KeyVersion.version.desc())
    return work.db.execute(keys.limit(1)).scalar_one()


def _document(work: Work, row: KeyVersion, code: str, version: int) -> Document:
    """What its signers attest to: a keyed digest of the key, which tells nobody what it says."""
    seal = work.vault.mac("corrected key", row.key_sealed).hex()
    return Document(f"key_version:{row.id}", {"item": code, "version": version, "key": row.version, "seal": seal})
