"""The demonstration bank at rest: the database file holds no word of any item, and the pools open quickly."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from itembank import add_item, load_pool
from itembank.authoring import access, reviewing
from itembank.authoring import service as authoring
from itembank.authoring.models import Manuscript, Review
from itembank.calibrations.service import Parameters
from itembank.demonstration.load import COMMISSION, demonstration_bank
from itembank.demonstration.sources import SUBJECTS, source_of
from itembank.exports import service as exports
from itembank.interchange import Defaults, write_qti
from itembank.interchange.service import receive
from itembank.items import rich
from itembank.items.content import NewItem
from itembank.items.parts import NewText
from server.core.clock import FrozenClock
from server.core.db import Database
from server.core.journal import JournalEntry
from server.core.regulation import load_edition
from server.core.roles import SYSTEM, Actor, Role
from server.core.vault import Vault
from server.core.work import Platform, open_work
from server.jobs.migrate import migrate
from server.jobs.worker import work_off
from tests.conftest import MASTER, SECRET, START
from tests.factories import accounts
from tests.factories import itembank as factory

ACTS = {"item_added", "calibration_recorded", "blueprint_published", "pool_published", "pool_opened"}
Bank = tuple[Path, Platform, dict[str, int], str]
SIZES = {"mathematics": 20, "history": 16, "kyrgyz": 12, "russian": 12}


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """A committed demonstration bank in a file of its own, and the words of that file before the import."""
    folder = tmp_path_factory.mktemp("bank")
    database = Database(f"sqlite:///{folder / 'bank.db'}")
    migrate(database)
    empty = letters(folder)
    platform = Platform(database, FrozenClock(START), Vault(MASTER, SECRET))
    with open_work(platform, SYSTEM) as work:
        pools = demonstration_bank(work)
    yield folder, platform, pools, empty
    database.close()


def letters(folder: Path) -> str:
    """All runs of three letters or more in the files, as UTF-8 and as JSON escapes, in small letters."""
    raw = b"".join(path.read_bytes() for path in sorted(folder.iterdir()))
    plain = raw.decode("utf-8", "replace")
    escaped = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), plain)
    runs = {run.casefold() for text in (plain, escaped) for run in re.findall(r"[^\W\d_]{3,}", text)}
    return "\n".join(runs)


def words(text: str, shortest: int) -> set[str]:
    return {word.casefold() for word in re.findall(r"[^\W\d_]+", text) if len(word) >= shortest}


def secrets() -> set[str]:
    """Words of five letters or more of all that is shown, told or heard, of four or more of every accepted answer."""
    found: set[str] = set()
    for subject in SUBJECTS:
        source = source_of(subject)
        for item in (*source.items, *source.written):
            for language, text in item.texts.items():
                told = [said for each in text.figures.values() for said in (each.alternative, each.description or "")]
                heard = (text.recording.title, text.recording.transcript) if text.recording else ()
                asked = (*text.options, *text.prompts, *(each for menu in text.menus for each in menu))
                for part in (text.stem, *asked, text.passage or "", text.rubric, *told, *heard):
                    tree = rich.paragraphs(part, language)
                    found |= words(rich.words(tree), 5) | words(rich.spoken(tree, language), 5)
                for answer in text.accepted:
                    found |= words(answer, 4)
    return found


def in_clear(platform: Platform, empty: str) -> str:
    """What stands unsealed by design: schema, codes, blueprints with their titles, the clause, acts."""
    metadata: list[str] = [empty, *(person.person for person in COMMISSION)]
    clause = load_edition("kg-distinction", "2013").clauses["DC-8"]
    metadata += [str(clause.fields), *SUBJECTS]
    for subject in SUBJECTS:
        source = source_of(subject)
        metadata.append(str(source.spec.to_json()))
        metadata += [f"{item.code} {item.family} {item.type}" for item in source.items]
    with open_work(platform, SYSTEM) as work:
        acts = set(work.db.scalars(select(JournalEntry.act).distinct()))
    assert acts <= ACTS
    facts = "subject_code source n_items n_persons order_no digest languages"
    return "\n".join([*metadata, *acts, facts, SYSTEM.label]).casefold()


def test_the_file_holds_no_word_of_any_item(bank: Bank) -> None:
    folder, platform, _, empty = bank
    hidden, known, stored = secrets(), in_clear(platform, empty), letters(folder)
    wanted = {word for word in hidden if word not in known}
    assert len(wanted) > 0.97 * len(hidden)
    assert sorted(word for word in wanted if word in stored) == []


def test_the_search_would_find_a_word_in_clear(bank: Bank, tmp_path: Path) -> None:
    leak = 'x{"stem": "Жайлоодон кайткан", "b": ' + json.dumps("жайыл") + "}"
    (tmp_path / "leak").write_bytes(b"\x00\xff" + leak.encode())
    stored = letters(tmp_path)
    assert all(word in stored for word in ("жайлоодон", "кайткан", "жайыл"))
    # Area titles are stored in clear, inside JSON: the search does read the real file.
    assert "фонетика" in letters(bank[0])


def test_every_pool_opens_and_is_marked_as_demonstration(bank: Bank) -> None:
    _, platform, pools, _ = bank
    assert set(pools) == set(SUBJECTS)
    for subject, pool_id in pools.items():
        with open_work(platform, SYSTEM) as work:
            pool = load_pool(work, pool_id)
        assert (pool.subject, pool.length, pool.is_demonstration) == (subject, SIZES[subject], True)
        assert pool.reference.sum() == 60
        assert pool.rule.randomesque == 5
        assert set(pool.languages) == set(source_of(subject).languages)
        assert all(set(content.languages) == set(pool.languages) for content in pool.contents)


def test_a_second_import_keeps_the_pools(bank: Bank) -> None:
    _, platform, pools, _ = bank
    told: list[str] = []
    with open_work(platform, SYSTEM) as work:
        assert demonstration_bank(work, lambda subject, *_: told.append(subject)) == pools
    assert told == []


def test_the_file_holds_no_word_of_what_is_written_read_imported_exported_or_calibrated(tmp_path: Path) -> None:
    """From the first draft with its comments to an upload, a file handed out and a run: the bytes show none of it."""
    database = Database(f"sqlite:///{tmp_path / 'bank.db'}")
    migrate(database)
    platform = Platform(database, FrozenClock(START), Vault(MASTER, SECRET))
    with open_work(platform, SYSTEM) as work:
        place = accounts.an_organisation(work, "ntc").id
        roles = (Role.WRITER, Role.REVIEWER, Role.COMMISSION, Role.SECURITY)
        ids = {role: accounts.a_staff_member(work, role, organisation_id=place) for role in roles}
    actor = {role: Actor(frozenset({role}), id_, "x", place) for role, id_ in ids.items()}
    with open_work(platform, SYSTEM) as work:
        version_id = add_item(work, worded("GEO-1"))
        factory.calibration(work, [Parameters(version_id, 1.0, 0.0, 0.2)])
    with open_work(platform, actor[Role.WRITER]) as work:
        id_ = authoring.begin(work, worded("GEO-2"), "ky")
        authoring.submit(work, id_, work.db.get_one(Manuscript, id_).revision)
        receive(work, write_qti([worded("GEO-3")]), Defaults("geography", "north", "basic", "ky"))
    assert work_off(platform)
    with open_work(platform, actor[Role.REVIEWER]) as work:
        review = work.db.scalars(select(Review)).one()
        access.opened(work, id_)
        reviewing.return_review(work, review.id, review.revision, f"{SAID} дагы бир жолу")
    with open_work(platform, actor[Role.COMMISSION]) as work:
        request_id = exports.ask(work, ["GEO-1"], "qti", "x")
    with open_work(platform, actor[Role.SECURITY]) as work:
        exports.decide(work, request_id, 1, is_approved=True, reason="x")
    with open_work(platform, actor[Role.COMMISSION]) as work:
        assert isinstance(exports.take(work, request_id), exports.Taken)
    stored = letters(tmp_path)
    database.close()
    hidden = words(WORDS, 5) | words(SAID, 5) | {"чатыркөл", "сонкөлдөн"}
    assert len(hidden) == 9
    assert sorted(word for word in hidden if word in stored) == []


WORDS, SAID = "Түндүктөгү көлмөлөрдүн кайсынысы тереңирээк саналат", "Сөйлөмдү оңдоңуз"


def worded(code: str) -> NewItem:
    text = NewText(WORDS, ("Чатыркөл", "Сонкөлдөн"))
    return factory.new_item(code, texts={"ky": text, "ru": text})
