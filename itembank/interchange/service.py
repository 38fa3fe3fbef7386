"""Imports: a file is received and sealed, read by a worker in steps that survive its death, and then deleted.
Each item that can be read becomes a draft of whoever uploaded it; who reads it next is `itembank.authoring`'s."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from itembank.authoring import beginning
from itembank.authoring import service as authoring
from itembank.interchange.fitting import Bank, fitted
from itembank.interchange.models import ImportedTest, ImportOutcome, ItemImport
from itembank.interchange.outline import Outlined, to_json
from itembank.interchange.remarks import Defaults, Outcome, Remark, Slate
from itembank.interchange.upload import Upload, read, tests_of
from itembank.items.content import TIERS, canonical
from server.core import tasks
from server.core.errors import Invalid, NotFound
from server.core.roles import SYSTEM, Actor, Role
from server.core.tasks import Keep, Progress, Stopped, TaskRef
from server.core.terms import LANGUAGES
from server.core.vault import digest
from server.core.work import Platform, Work, open_work

KIND = "item_import"
CHUNK = 10  # items in a unit of work: candidates' answers pass between two of them
LONGEST_WAIT = timedelta(days=1)
MOST_OPEN = 5  # files of one person that wait to be read


class _Overtaken(Stopped):
    """Another worker took this one for dead and goes on in its place."""


@dataclass(frozen=True)
class _Begun:
    """What a worker holds of an import while it reads the file."""

    id: int
    data: bytes
    defaults: Defaults
    actor: Actor
    bank: Bank
    n_done: int


def place(import_id: int) -> str:
    """What the data key of an import is bound to."""
    return f"item_import:{import_id}"


def receive(work: Work, data: bytes, defaults: Defaults) -> int:
    """The file lies sealed and waits for a worker; the import's id."""
    problems = {
        "subject": defaults.subject not in beginning.subjects(work),
        "area": defaults.area not in beginning.areas(work, defaults.subject),
        "tier": defaults.tier not in TIERS,
        "language": defaults.language not in LANGUAGES,
        "file": not data,
    }
    wrong = [part for part, is_wrong in problems.items() if is_wrong]
    if wrong:
        raise Invalid("import_incomplete", parts=wrong)
    waiting = select(func.count()).where(ItemImport.staff_id == work.actor.id, ItemImport.ended_at.is_(None))
    if work.db.execute(waiting).scalar_one() >= MOST_OPEN:
        raise Invalid("import_waiting", most=MOST_OPEN, parts=[])
    row = ItemImport(
        staff_id=work.actor.id, subject=defaults.subject, area=defaults.area, tier=defaults.tier,
        language=defaults.language, upload_sealed=b"", received_at=work.now,
    )  # fmt: skip
    work.db.add(row)
    work.db.flush()  # its id is what its data key is bound to
    row.data_key = work.vault.new_key(place(row.id))[1]
    row.upload_sealed = _seal(work, row, "upload", data)
    tasks.ask(work, KIND, place(row.id), {"import_id": row.id})
    work.record("import_received", place(row.id), clause="DC-7", digest=digest(data), size=len(data))
    return row.id


def take_in(platform: Platform, task: TaskRef, tell: Progress) -> Keep:
    """The import has ended, and the file is gone. The handler of these tasks.

    It keeps its result as it goes; who cancels it deletes the file (`discard`), not the worker: another may read it."""
    import_id = int(task.arguments["import_id"])
    run(platform, import_id, tell)
    return lambda _work: import_id


def run(platform: Platform, import_id: int, tell: Callable[[int, int], None]) -> None:
    """Every item of the file is a draft or has a report why not; goes on where a worker that died stopped."""
    begun = _begin(platform, import_id)
    if begun is None:
        return
    try:
        upload = read(begun.data, begun.defaults)
    except Invalid as refusal:
        with open_work(platform, begun.actor) as work:
            _end(work, import_id, [Remark(refusal.code, refusal.facts)], is_refused=True)
        return
    tell(begun.n_done, len(upload))
    for at in range(begun.n_done, len(upload), CHUNK):
        _chunk(platform, begun, upload, range(at, min(at + CHUNK, len(upload))))
        tell(min(at + CHUNK, len(upload)), len(upload))
    with open_work(platform, begun.actor) as work:
        _end(work, import_id, upload.remarks, is_refused=False, tests=tests_of(upload))


def discard(work: Work, import_id: int) -> None:
    """The file is gone, read or not; drafts that already came of it stay."""
    row = _locked(work, import_id)
    if row.ended_at is None:
        row.upload_sealed, row.ended_at = None, work.now
        work.record("import_discarded", place(row.id), clause="DC-7")


def discard_forgotten(work: Work) -> int:
    """No file whose worker gave up lies about longer than a day; how many were deleted."""
    old = select(ItemImport.id).where(
        ItemImport.ended_at.is_(None), ItemImport.received_at < work.now - LONGEST_WAIT
    )
    found = list(work.db.scalars(old))
    for import_id in found:
        discard(work, import_id)
    return len(found)


def open_report(work: Work, row: ItemImport, what: str, sealed: bytes) -> dict[str, object]:
    """What was said of the file (`report`), of an item (`outcome:3`) or a test in it (`test:1`)."""
    value: dict[str, object] = json.loads(work.vault.open(_key(work, row), sealed, f"{place(row.id)}/{what}"))
    return value


def _begin(platform: Platform, import_id: int) -> _Begun | None:
    """The file in clear; None if the import has ended already."""
    with open_work(platform, SYSTEM) as work:
        row = _locked(work, import_id)
        if row.upload_sealed is None:
            return None
        data = work.vault.open(_key(work, row), row.upload_sealed, f"{place(row.id)}/upload")
        defaults = Defaults(row.subject, row.area, row.tier, row.language)
        actor = Actor(frozenset({Role.WRITER}), row.staff_id)
        bank = Bank({subject: set(beginning.areas(work, subject)) for subject in beginning.subjects(work)})
        return _Begun(row.id, data, defaults, actor, bank, _n_done(work, row.id))


def _chunk(platform: Platform, begun: _Begun, upload: Upload, places: range) -> None:
    outcomes = [upload.outcome(at) for at in places]  # read before the unit of work, so that no writer waits
    with open_work(platform, begun.actor) as work:
        row = _locked(work, begun.id)
        if row.ended_at is not None or _n_done(work, row.id) != places.start:
            raise _Overtaken
        for at, outcome in zip(places, outcomes, strict=True):
            _keep(work, row, at, outcome, begun)


def _keep(work: Work, row: ItemImport, at: int, outcome: Outcome, begun: _Begun) -> None:
    slate = Slate()
    manuscript_id = None
    if outcome.item is not None:
        item = fitted(work, outcome.item, begun.defaults, begun.bank, slate)
        origin = row.language if row.language in item.texts else min(item.texts)
        try:
            manuscript_id = authoring.begin(work, item, origin)
        except Invalid as error:
            slate.failed(error)
    said = {
        "source": outcome.source, "code": outcome.code,
        "problems": _json([*outcome.problems, *slate.problems]), "notes": _json([*outcome.notes, *slate.notes]),
    }  # fmt: skip
    sealed = _seal(work, row, f"outcome:{at}", canonical(said))
    work.db.add(ImportOutcome(item_import_id=row.id, position=at, manuscript_id=manuscript_id, report_sealed=sealed))


def _end(
    work: Work, import_id: int, remarks: list[Remark] | tuple[Remark, ...], *, is_refused: bool,
    tests: tuple[Outlined, ...] = (),
) -> None:  # fmt: skip
    row = _locked(work, import_id)
    if row.ended_at is not None:
        return
    said = {"is_refused": is_refused, "remarks": _json(remarks)}
    row.report_sealed = _seal(work, row, "report", canonical(said))
    for at, test in enumerate(tests):
        _keep_test(work, row, at, test)
    row.upload_sealed, row.ended_at = None, work.now
    taken = select(func.count()).where(
        ImportOutcome.item_import_id == row.id, ImportOutcome.manuscript_id.is_not(None)
    )
    n_taken = work.db.execute(taken).scalar_one()
    work.record("items_imported", place(row.id), clause="DC-7", n=_n_done(work, row.id), n_taken=n_taken,
                is_refused=is_refused, n_tests=len(tests))  # fmt: skip


def _keep_test(work: Work, row: ItemImport, at: int, test: Outlined) -> None:
    said = {
        "source": test.source, "outlines": to_json(test.outlines), "problems": _json(test.problems),
        "notes": _json(test.notes), "places": dict(test.places),
    }  # fmt: skip
    sealed = _seal(work, row, f"test:{at}", canonical(said))
    work.db.add(ImportedTest(item_import_id=row.id, position=at, outline_sealed=sealed))


def _json(remarks: list[Remark] | tuple[Remark, ...]) -> list[list[object]]:
    return [[each.code, {name: _plain(fact) for name, fact in each.facts.items()}] for each in remarks]


def _plain(fact: object) -> object:
    return fact if isinstance(fact, str | int | float | bool | None) else str(fact)


def _n_done(work: Work, import_id: int) -> int:
    query = select(func.count()).where(ImportOutcome.item_import_id == import_id)
    return work.db.execute(query).scalar_one()


def _locked(work: Work, import_id: int) -> ItemImport:
    # Lock before reading: somebody discards it while a worker keeps what it read.
    found = select(ItemImport).where(ItemImport.id == import_id).with_for_update()
    row = work.db.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound("not_found")
    return row


def _seal(work: Work, row: ItemImport, what: str, value: bytes) -> bytes:
    return work.vault.seal(_key(work, row), value, f"{place(row.id)}/{what}")


def _key(work: Work, row: ItemImport) -> bytes:
    assert row.data_key is not None
    return work.vault.unwrap(row.data_key, place(row.id))
