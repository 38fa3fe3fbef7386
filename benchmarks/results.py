"""`python -m benchmarks.results`: a sealed sitting of 50,000 candidates in four subjects, from seals to statements.

grade_s: every seal checked against every row under it, every section scored, graded, decided and frozen, by the
worker's own handler on SQLite. correction_s: the item that most of them met has another key; its effect on all of them
is computed and kept as it is shown (apply_s: until it is applied and the list frozen). statements_s: 1,000 statements
as PDF in one archive, sealed and kept (statement_ms: one of them). Each `…_cpu_s` counts all processes. peak_mb: the
most memory of the process that did it, readers_mb that of those beside it. Then the time of one score: many at once,
one at a time, and by catsim's estimator, which gives theta alone. The last line is one JSON object."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.machine import machine  # sets the number of threads, so before numpy

# isort: split
import numpy as np

from benchmarks.sealed import a_sealed_sitting, platform_of
from itembank.items.correcting import published_key
from itembank.items.models import ItemVersion, KeyVersion
from itembank.items.service import supersede_key
from server import accounts
from server.accounts import signing
from server.core.roles import SYSTEM, Role
from server.core.tasks import TaskRef
from server.core.work import Platform, Work, open_reading, open_work
from server.delivery import sessions_of_sitting
from server.delivery.bench import BENCHES, Bench
from server.delivery.sheets import SheetOf, sheets_of
from server.grading import lists, sitting
from server.grading.policy import policy_of
from server.grading.rescoring import Cause, apply, effect_of, service
from server.grading.rescoring.machine import RESCORING
from server.grading.scoring import Sat, score_sections
from server.statements import batch, issuing
from server.statements.models import ResultApproval

SAMPLE, CATSIM, STATEMENTS = 500, 30, 1000
_readers_mb = [0]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.results", description=__doc__)
    parser.add_argument("--candidates", type=int, default=50_000)
    parser.add_argument("--keep", help="the database's file; one that is there is measured as it is")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="synak-results-") as folder:
        path = options.keep or str(Path(folder) / "results.db")
        if not Path(path).exists():
            # In a process of its own: what it takes to make the world is no part of the peak.
            maker = multiprocessing.get_context("spawn").Process(target=_made, args=(path, options.candidates))
            maker.start()
            maker.join()
            if maker.exitcode:
                raise SystemExit(maker.exitcode)
        figures = measure(path)
    print(json.dumps(figures))


def measure(path: str) -> dict[str, Any]:
    """All figures on this database."""
    platform = platform_of(path)
    with open_reading(platform, SYSTEM) as work:
        sitting_id = max(_sittings(work))
        ids = sitting.ungraded(work, sitting_id)
        figures: dict[str, Any] = {"candidates": len(ids), **scores(work, ids[:SAMPLE])}
    for phase in (graded, corrected, printed):
        with counted(figures, phase.__name__):
            figures |= phase(platform, sitting_id)
    figures["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    figures["readers_mb"] = max(_readers_mb)
    figures["machine"] = machine("sqlalchemy", "catsim")
    platform.database.close()
    return figures


def graded(platform: Platform, sitting_id: int) -> dict[str, Any]:
    """Seconds until everybody is graded, and until the list is frozen."""
    began = time.perf_counter()
    keep = sitting.grade_sitting(platform, TaskRef(0, sitting.KIND, {"sitting_id": sitting_id}, "benchmark"), _tell)
    with open_work(platform, SYSTEM) as work:
        keep(work)
    marked = time.perf_counter()
    with open_work(platform, SYSTEM) as work:
        list_id = lists.freeze(work, sitting_id, because="benchmark")
        ref = lists.queries.list_ref(work, list_id)
    ended = time.perf_counter()
    return {"grade_s": round(ended - began, 2), "freeze_s": round(ended - marked, 2), "graded": ref.n_graded,
            "held": ref.n_held}  # fmt: skip


def corrected(platform: Platform, sitting_id: int) -> dict[str, Any]:
    """Seconds until the effect of another key stands, for the item of the sitting that most candidates met, and until
    it is applied: its versions written, its list frozen."""
    with open_work(platform, SYSTEM) as work:
        version, key = _another_key(work, sitting_id)
        cause = Cause(kind="key_corrected", item_version_id=version, key_version_id=key, reason="benchmark",
                      decided_by=f"{service.VOUCHED}0")  # fmt: skip
        run_id = service.propose(work, cause)
    began = time.perf_counter()
    keep = service.compute(platform, TaskRef(0, service.EFFECT, {"run_id": run_id}, "benchmark"), _tell)
    with open_work(platform, SYSTEM) as work:
        keep(work)
    shown = time.perf_counter()
    with open_work(platform, SYSTEM) as work:
        effect = effect_of(work, run_id)
        _sign(work, run_id)
    assert effect is not None
    signed = time.perf_counter()
    with open_work(platform, SYSTEM) as work:
        apply(work, run_id)
    return {"correction_s": round(shown - began, 2), "apply_s": round(time.perf_counter() - signed, 2),
            "met": effect.summary["n_met"], "changed": effect.n_changes}  # fmt: skip


def printed(platform: Platform, sitting_id: int) -> dict[str, Any]:
    """Seconds until the statements of as many confirmed candidates lie in an archive, by the worker's own handler."""
    with open_work(platform, SYSTEM) as work:
        office_id, asked_by = _approved(work, sitting_id)
        drawn = issuing.draw_up(work, sitting_id, office_id)
        issuing.put_in_force(work, replace(drawn, made=drawn.made[:STATEMENTS]), asked_by)
    asked = {"approval_id": drawn.given.id, "organisation_id": office_id, "language": "ky",
             "origin": "https://synak.test"}  # fmt: skip
    began = time.perf_counter()
    keep = batch.print_all(platform, TaskRef(0, batch.KIND, asked, asked_by), _tell)
    with open_work(platform, SYSTEM) as work:
        keep(work)
    spent, n = time.perf_counter() - began, len(drawn.made[:STATEMENTS])
    return {"statements_s": round(spent, 2), "statements": n, "statement_ms": round(spent / n * 1000, 1) if n else None}


def _approved(work: Work, sitting_id: int) -> tuple[int, str]:
    """The newest list of the sitting is approved; the office that issues its statements, and who asks for them."""
    office_id, staff_id = _office(work, "printer")
    found = lists.queries.newest(work, sitting_id)
    assert found is not None
    work.db.add(ResultApproval(
        sitting_id=sitting_id, list_id=found.id, order_no="1", organisation_id=office_id,
        appeals_ended_at=work.now, told_by_at=work.now, ruling={}, approved_by=staff_id, approved_at=work.now,
    ))  # fmt: skip
    work.db.flush()  # it is read by its id
    return office_id, f"staff:{staff_id}"


def _another_key(work: Work, sitting_id: int) -> tuple[int, int]:
    """The item version that most candidates met, and a key of it by which every letter is right."""
    met: Counter[int] = Counter()
    ids = [each.id for each in sessions_of_sitting(work, sitting_id)[:SAMPLE]]
    for part in (each for parts in sheets_of(work, ids).values() for each in parts):
        versions = BENCHES.of(work, part).pool.item_version_ids
        met.update(versions[at] for at in part.sheet.item_indices.tolist() if at < len(versions))
    version_id = met.most_common(1)[0][0]
    version = work.db.get_one(ItemVersion, version_id)
    before = work.db.get_one(KeyVersion, published_key(work, version_id))
    letters = [{"kind": "option", "correct": letter} for letter in "abcd"]
    return version_id, supersede_key(work, version, before, {"kind": "any", "of": letters}).id


def _sign(work: Work, run_id: int) -> None:
    """Two persons stand for the effect, and the run waits to be applied."""
    run, effect = service.locked(work, run_id), service.newest_effect(work, run_id)
    assert effect is not None
    for n in range(int(effect.summary["signatures"])):
        signing.place(work, service.document(run, effect), "applying", _office(work, f"signer{n}")[1])
    work.move(run, RESCORING, "sign")


def _office(work: Work, login: str) -> tuple[int, int]:
    """A testing centre made for this alone, and somebody of it."""
    place = accounts.create_organisation(work, "ntc", login, dict.fromkeys(("ky", "ru", "en"), "benchmark"))
    return place.id, accounts.create_staff(
        work, login=login, name="Benchmark", password="benchmark of results", language="ru",
        organisation_id=place.id, roles=(Role.OFFICE,),
    )  # fmt: skip


def scores(work: Work, session_ids: list[int]) -> dict[str, float]:
    """Microseconds of a score: many at once, one at a time, and of catsim's theta alone."""
    policy = policy_of(work, max(_sittings(work)))
    by_bench: dict[int, tuple[Bench, list[Sat]]] = {}
    for part in (each for parts in sheets_of(work, session_ids).values() for each in parts):
        by_bench.setdefault(part.pool_id, (BENCHES.of(work, part), []))[1].append(_sat(part))
    n = sum(len(sat) for _bench, sat in by_bench.values())

    def many() -> None:
        for bench, sat in by_bench.values():
            score_sections(bench, sat, policy.times, policy.cuts)

    def one() -> None:
        for bench, sat in by_bench.values():
            for each in sat:
                score_sections(bench, [each], policy.times, policy.cuts)

    few = [(bench, each) for bench, sat in by_bench.values() for each in sat[:CATSIM]]
    found = {"score_us": _us(many, n), "score_alone_us": _us(one, n), "catsim_us": _us(lambda: catsim(few), len(few))}
    return found | {"catsim_ratio": round(found["catsim_us"] / found["score_us"], 1)}


def catsim(tests: list[tuple[Bench, Sat]]) -> None:
    """Theta of each test by catsim's default estimator."""
    from catsim.estimation import NumericalSearchEstimator
    from catsim.item_bank import ItemBank

    estimator = NumericalSearchEstimator()
    for bench, sat in tests:
        items = bench.pool.items
        bank = ItemBank(np.column_stack([items.a, items.b, items.c, items.d]))
        counts = sat.sheet.scores >= 0
        given = sat.sheet.item_indices[counts].tolist()
        said = (sat.sheet.scores[counts] == 1).tolist()
        estimator.estimate(item_bank=bank, administered_items=given, response_vector=said, est_theta=0.0)


def _sat(part: SheetOf) -> Sat:
    return Sat(part.section_id, part.subject, part.language, part.length, part.sheet)


def _us(act: Callable[[], None], n: int) -> float:
    act()  # tables and caches are made
    began = time.perf_counter()
    act()
    return round((time.perf_counter() - began) / n * 1e6, 1)


def _sittings(work: Work) -> list[int]:
    from sqlalchemy import select

    from server.delivery.models import Sitting

    return list(work.db.execute(select(Sitting.id)).scalars())


def _tell(done: int, total: int, _stage: str | None = None, /) -> None:
    _readers_mb.append(sum(_peak_mb(each.pid) for each in multiprocessing.active_children()))
    say(f"done {done} of {total}")


def _peak_mb(pid: int | None) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0  # it has ended
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


@contextmanager
def counted(figures: dict[str, Any], name: str) -> Iterator[None]:
    """The figures say how many seconds the processors worked at it, in all processes."""
    began = _cpu_s()
    yield
    figures[f"{name}_cpu_s"] = round(_cpu_s() - began, 1)


def _cpu_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _made(path: str, count: int) -> None:
    began = time.perf_counter()
    a_sealed_sitting(path, count, say)
    say(f"{count} candidates stand after {time.perf_counter() - began:.0f} s", end="\n")


def say(text: str, end: str = "") -> None:
    """One line of how far it is."""
    print(f"\r\033[K{text}", end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
