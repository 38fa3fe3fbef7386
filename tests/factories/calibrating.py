"""Answers of simulated candidates as rows of a real sitting: adaptive on its pool, with items that are tried out."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import numpy as np
from sqlalchemy import insert, select

from irt.models import Items, info, prob
from itembank import add_item, load_pool
from itembank.blueprints.models import Pool
from itembank.calibrations.analysis import Material, calculate
from itembank.calibrations.jobs import request_calibration
from itembank.calibrations.policy import load_policy
from itembank.calibrations.recording import columns_for, options_of, record_run
from itembank.calibrations.spec import Spec
from itembank.items.models import ItemVersion, KeyVersion
from itembank.items.service import open_version
from server.accounts.models import Organisation
from server.candidates.models import AdmissionList, Candidate, Registration
from server.core.work import Work
from server.delivery.models import (
    ExamSession,
    Response,
    Seal,
    Section,
    SittingSection,
    Step,
    answer_place,
    session_place,
)
from tests.factories.accounts import an_organisation
from tests.factories.candidates import a_line, a_list
from tests.factories.itembank import new_item

SUBJECT = "history"
LETTERS = "abcd"
PLACES = np.linspace(-2.5, 2.5, 21)
# Chances of answering right: (theta, is the candidate of the second language) → 0 .. 1.
Chance = Callable[[float, bool], float]


def logistic(a: float, b: float, c: float = 0.2, harder_in_second: float = 0.0) -> Chance:
    """The chance that a, b, c give; in the second language the item may be harder."""
    return lambda theta, second: c + (1 - c) / (1 + np.exp(-a * (theta - b - harder_in_second * second)))


@dataclass
class Tried:
    """An item that is tried out, or of the pool: how it truly works. With a wrong key a distractor is scored right."""

    version_id: int
    chance: Chance
    is_key_wrong: bool = False
    key: str = field(default="", init=False)


def new_items(
    work: Work, chances: Sequence[Chance], languages: tuple[str, ...] = ("ky", "ru"), subject: str = SUBJECT
) -> list[Tried]:
    """Items in their pretest, each answered with these chances."""
    tier = ("basic", "medium", "raised")
    return [Tried(add_item(work, new_item(f"new-{uuid4().hex[:8]}", languages, subject=subject, tier=tier[at % 3],
                                          area=("north", "south")[at % 2]), state="pretest"), chance)
            for at, chance in enumerate(chances)]  # fmt: skip


def sat(
    work: Work, sitting_id: int, tried: Sequence[Tried], n: int, *, length: int = 12, seed: int = 1,
    moved: tuple[float, float] = (0.0, 0.0), share_second: float = 0.45,
) -> int:  # fmt: skip
    """`n` candidates sat the sitting: `length` items of its pool by information, then all that is tried out.

    `moved` shifts the item whose difficulty is nearest to the first figure by the second; the id of its version.
    Items are told apart by their figures, so that what is drawn does not hang on the names they were given."""
    rng = np.random.default_rng(seed)
    section = work.db.execute(select(SittingSection).where(SittingSection.sitting_id == sitting_id)).scalars().one()
    pool = load_pool(work, section.pool_id)
    order = np.lexsort((pool.items.a, pool.items.b))
    items = pool.items[order]
    far = int(np.abs(items.b - moved[0]).argmin())
    truth = Items(items.a, items.b + moved[1] * (np.arange(len(items)) == far), items.c, items.d)
    best = np.argsort(-info(PLACES, items), axis=1, kind="stable")
    for each in tried:
        each.key = _key(work, each.version_id)
    sessions = _sessions(work, section, n, [bool(rng.random() < share_second) for _ in range(n)])
    steps, responses = [], []
    for session_id, section_id, data_key, second in sessions:
        theta = float(rng.normal(0.2, 1.1))
        given = _walk(best, truth, theta, length, rng)
        answers = [(pool.item_version_ids[order[at]], score, _letter(pool.keys[order[at]]["correct"], bool(score), rng))
                   for at, score in given]  # fmt: skip
        answers += [_answer(each, theta, second, rng) for each in tried]
        for seq, (version_id, score, letter) in enumerate(answers, start=1):
            sealed = work.vault.seal(data_key, json.dumps({"kind": "option", "option": letter}).encode(),
                                     answer_place(session_id, section_id, seq))  # fmt: skip
            steps.append({"session_id": session_id, "section_id": section_id, "seq": seq, "item_index": 0,
                          "item_version_id": version_id, "option_order": LETTERS, "is_reached": True, "trace": {},
                          "made_at": work.now})  # fmt: skip
            responses.append({"session_id": session_id, "section_id": section_id, "seq": seq, "key": str(uuid4()),
                              "answer_sealed": sealed, "is_written": False, "score": score,
                              "spent_ms": int(1000 * rng.lognormal(3, 0.4)), "received_at": work.now})  # fmt: skip
    work.db.execute(insert(Step), steps)
    work.db.execute(insert(Response), responses)
    return pool.item_version_ids[order[far]]


def _walk(
    best: np.ndarray, truth: Items, theta: float, length: int, rng: np.random.Generator
) -> list[tuple[int, int]]:
    """One of the five most informative items each time, and a step up or down; `best` ranks them at each of PLACES."""
    given: list[tuple[int, int]] = []
    at = 0.0
    p = prob(theta, truth)[0]
    for step in range(length):
        taken = {index for index, _score in given}
        ranked = best[int(np.abs(PLACES - at).argmin())]
        index = int(rng.choice([each for each in ranked if each not in taken][:5]))
        score = int(rng.random() < p[index])
        given.append((index, score))
        at = float(np.clip(at + (1 if score else -1) / np.sqrt(step + 1.5), -2.5, 2.5))
    return given


def _answer(each: Tried, theta: float, second: bool, rng: np.random.Generator) -> tuple[int, int, str]:
    is_known = bool(rng.random() < each.chance(theta, second))
    truly_right = LETTERS[(LETTERS.index(each.key) + 1) % 4] if each.is_key_wrong else each.key
    letter = _letter(truly_right, is_known, rng)
    return each.version_id, int(letter == each.key), letter


def _letter(right: str, is_right: bool, rng: np.random.Generator) -> str:
    return right if is_right else str(rng.choice([each for each in LETTERS if each != right]))


def _key(work: Work, version_id: int) -> str:
    version = work.db.get_one(ItemVersion, version_id)
    key = work.db.execute(select(KeyVersion).where(KeyVersion.item_version_id == version_id)).scalars().one()
    letter: str = json.loads(open_version(work, version, key)[1])["correct"]
    return letter


def _sessions(
    work: Work, section: SittingSection, n: int, seconds: Sequence[bool]
) -> list[tuple[int, int, bytes, bool]]:
    """Sealed sessions of new people, half of them at a centre of each of two departments."""
    made = a_list(work, a_line(language="ky"))
    programme_id = work.db.get_one(AdmissionList, made.id).programme_id
    centres = [_centre(work) for _ in range(2)]
    people = _added(work, Candidate, [
        {"family_name": "S", "given_name": str(at), "patronymic": "", "birth_date": date(2008, 1, 1),
         "document_kind": "id", "document_mac": uuid4().bytes + uuid4().bytes, "data_key": b"-",
         "document_sealed": b"-"}
        for at in range(n)
    ])  # fmt: skip
    registered = _added(work, Registration, [
        {"programme_id": programme_id, "candidate_id": who, "admission_list_id": made.id, "school": "1",
         "registration_no": uuid4().hex[:12], "language": "ru" if second else "ky", "photo_name": "", "attempt": 1,
         "sex": ("female", "male")[at // 2 % 2]}
        for at, (who, second) in enumerate(zip(people, seconds, strict=True))
    ])  # fmt: skip
    keys = [work.vault.new_key(session_place(section.sitting_id, each)) for each in registered]
    sessions = _added(work, ExamSession, [
        {"sitting_id": section.sitting_id, "registration_id": each, "registration_no": uuid4().hex[:12], "name": "S",
         "language": "ru" if second else "ky", "centre_id": centres[at % 2], "state": "submitted", "seed": at,
         "data_key": wrapped, "ends_at": work.now, "ended_at": work.now}
        for at, (each, second, (_key, wrapped)) in enumerate(zip(registered, seconds, keys, strict=True))
    ])  # fmt: skip
    parts = _added(work, Section, [
        {"session_id": each, "position": 0, "subject": section.subject, "language": "ru" if second else "ky",
         "pool_id": section.pool_id, "limit_s": 3600, "length": 20, "state": "done", "ends_at": work.now}
        for each, second in zip(sessions, seconds, strict=True)
    ])  # fmt: skip
    _added(work, Seal, [
        {"session_id": each, "digest": "0" * 64, "signature": b"0" * 64, "public_key": b"0" * 32,
         "sealed_at": work.now - timedelta(seconds=1)} for each in sessions
    ])  # fmt: skip
    return [(session, part, key, second)
            for session, part, (key, _wrapped), second in zip(sessions, parts, keys, seconds, strict=True)]  # fmt: skip


def _added(work: Work, model: type[Any], rows: list[dict[str, Any]]) -> list[int]:
    """The ids of these rows, in their order."""
    statement = insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(work.db.execute(statement, rows).scalars())


def _centre(work: Work) -> int:
    department, centre = an_organisation(work, "department"), an_organisation(work)
    work.db.get_one(Organisation, centre.id).parent_id = department.id
    return centre.id


def a_report(work: Work, pool_id: int) -> dict[str, int]:
    """A run on the items of a pool, calculated from a few answers drawn at random, and a job that waits; their ids."""
    pool = load_pool(work, pool_id)
    reference = work.db.get_one(Pool, pool_id).calibration_run_id
    spec = Spec(subject=pool.subject, sittings=(1,), until=work.now, design="fixed", reference_run_id=reference)
    columns = columns_for(work, spec, set())
    x = np.random.default_rng(1).integers(0, 2, (60, len(columns))).astype(np.float64)
    material = Material(columns, x, np.where(x == 1, 0.0, 1.0), np.full_like(x, np.nan), {"language": ("ky",) * 60})
    found = calculate(material, load_policy(), options_of(spec), lambda _stage, _done, _total: None)
    return {"run_id": record_run(work, spec, found, {}), "item_version_id": columns[0].item_version_id,
            "task_id": request_calibration(work, spec)}  # fmt: skip
