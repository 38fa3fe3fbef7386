"""What grading rests on, read for many sessions at once: seals, sheets, points of written work; and the scores of it.
Nothing is written here: a session has its scores, or the reason for which it may not be graded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from server import delivery, marking
from server.core.ruling import Json, plain
from server.core.vault import Tampered
from server.core.work import Work
from server.delivery import sheets
from server.delivery.bench import BENCHES, Bench
from server.delivery.sheets import WRITTEN, SheetOf
from server.grading.corrections import Corrections
from server.grading.policy import Policy
from server.grading.scoring import Sat, SectionScore, Unscorable, Written, score_sections
from server.marking import MarkedTask

CODED_WORK = "CS-14.2"  # people mark it, and see its code in place of a name
CLAUSES = {sheets.CHANGED: "DC-7"}
UNLIKE = "sheet_contradicts_evidence"

Answered = Mapping[tuple[int, int], Mapping[str, object] | None]


@dataclass(frozen=True)
class Refusal:
    """Why a session may not be graded as it stands, under which clause."""

    code: str
    facts: Mapping[str, Json]
    clause: str


Scores = list[SectionScore] | Refusal
Marks = Mapping[int, Mapping[tuple[int, int], MarkedTask]]


@dataclass(frozen=True)
class Gathered:
    """The scores of sessions, or why they have none; and on which corrections and points of written work they rest."""

    scores: Mapping[int, Scores]
    corrections: str
    written: tuple[int, ...]
    marks: Marks

    def stands(self, work: Work, corrections: Corrections) -> bool:
        """Whether what it rests on is still so."""
        if self.corrections != corrections.digest:
            return False
        return not self.written or marking.marks_of(work, self.written) == self.marks


def scores_of(
    work: Work, policies: Mapping[int, Policy], corrections: Corrections, *, is_thorough: bool
) -> Gathered:  # fmt: skip
    """Of each of these submitted sessions the scores of its sections, or why it has none.

    Every seal is checked against every row under it. A thorough look opens each answer too, judges it by the pool's key
    and compares what comes of it with the sheet; that was done when the session was sealed."""
    found: dict[int, Scores] = dict(_unsealed(work, policies))
    left = [id_ for id_ in policies if id_ not in found]
    whole = _sheets(work, left, is_thorough=is_thorough)
    parts = [part for id_ in left for part in whole.get(id_, ())]
    benches, spoilt = _benches(work, parts)
    found |= {id_: Refusal(sheets.CHANGED, {"fault": said}, CLAUSES[sheets.CHANGED]) for id_, said in spoilt.items()}
    parts = [part for part in parts if part.session_id not in found]
    written = sorted({part.session_id for part in parts if (part.sheet.scores == WRITTEN).any()})
    marks = marking.marks_of(work, written) if written else {}
    answers = _rejudged(work, benches, parts, corrections)
    scored = _scored(parts, benches, lambda part: policies[part.session_id], corrections, _sat(marks, answers))
    for id_ in left:
        if id_ not in found:
            found[id_] = _of_session(whole.get(id_, []), scored, marks.get(id_, {}))
    return Gathered(found, corrections.digest, tuple(written), marks)


def _unsealed(work: Work, policies: Mapping[int, Policy]) -> dict[int, Refusal]:
    """The attempts that may not be marked (DC-14)."""
    found = {}
    for id_, intact in delivery.verify_seals(work, list(policies)).items():
        ruling = policies[id_].seal.judge(is_sealed=intact is not None, is_intact=bool(intact))
        if not ruling.allowed:
            found[id_] = Refusal(ruling.code, ruling.facts, ruling.clause)
    return found


def _sheets(work: Work, ids: Sequence[int], *, is_thorough: bool) -> dict[int, list[SheetOf]]:
    """The sheets of each session; made now where none was sealed, and where all is looked at once more."""
    sealed = sheets.sheets_of(work, ids)
    anew = sheets.made_anew(work, [id_ for id_ in ids if is_thorough or id_ not in sealed])
    for id_, parts in anew.items():
        kept = {part.section_id: part.sheet for part in sealed.get(id_, ())}
        sealed[id_] = [_compared(part, kept) for part in parts]
    return sealed


def _compared(part: SheetOf, kept: Mapping[int, sheets.Sheet]) -> SheetOf:
    """The sheet as the evidence gives it, or its fault; one that was sealed otherwise has a fault too."""
    is_like = part.sheet.fault is not None or not kept or kept.get(part.section_id) == part.sheet
    return part if is_like else part.with_sheet(sheets.Sheet(fault=UNLIKE))


def _benches(work: Work, parts: Sequence[SheetOf]) -> tuple[dict[int, Bench], dict[int, str]]:
    """The bench of each section; the sessions one of whose pools is not as it was published."""
    found: dict[int, Bench] = {}
    spoilt: dict[int, str] = {}
    faults: dict[int, str] = {}
    for part in parts:
        try:
            if part.pool_id not in faults:
                found[part.section_id] = BENCHES.of(work, part)
        except Tampered as error:
            faults[part.pool_id] = str(error)
        if part.pool_id in faults:
            spoilt[part.session_id] = faults[part.pool_id]
    return found, spoilt


def _rejudged(
    work: Work, benches: Mapping[int, Bench], parts: Sequence[SheetOf], corrections: Corrections
) -> Answered:  # fmt: skip
    """The answers to items whose key is corrected."""
    if not corrections.keys:
        return {}
    wanted: dict[int, list[tuple[int, int]]] = {}
    for part in parts:
        bench = benches[part.section_id]
        for at, index in enumerate(part.sheet.item_indices.tolist(), start=1):
            if bench.version(index) in corrections.keys:
                wanted.setdefault(part.session_id, []).append((part.section_id, at))
    return sheets.answers_at(work, wanted)


def _sat(marks: Marks, answers: Answered) -> Callable[[SheetOf], Sat]:
    """How a sheet becomes what is scored."""
    said: dict[int, dict[int, Mapping[str, object] | None]] = {}
    for (section_id, seq), given in answers.items():
        said.setdefault(section_id, {})[seq] = given

    def sat(part: SheetOf) -> Sat:
        tasks = [task for (id_, _), task in marks.get(part.session_id, {}).items() if id_ == part.section_id]
        written = Written(sum((task.points for task in tasks), Decimal(0)), sum(task.maximum for task in tasks))
        return Sat(
            part.section_id, part.subject, part.language, part.length, part.sheet, written,
            said.get(part.section_id, {}),
        )  # fmt: skip

    return sat


def _scored(
    parts: Sequence[SheetOf], benches: Mapping[int, Bench], policy_of: Callable[[SheetOf], Policy],
    corrections: Corrections, sat: Callable[[SheetOf], Sat],
) -> dict[int, SectionScore | Unscorable]:  # fmt: skip
    """By section its score, or why it has none: those of one pool under one policy at once."""
    together: dict[tuple[int, int], list[SheetOf]] = {}
    for part in parts:
        together.setdefault((id(benches[part.section_id]), id(policy_of(part))), []).append(part)
    found: dict[int, SectionScore | Unscorable] = {}
    for some in together.values():
        policy = policy_of(some[0])
        scores = score_sections(
            benches[some[0].section_id], [sat(part) for part in some], policy.times, policy.cuts, corrections
        )
        found |= {part.section_id: score for part, score in zip(some, scores, strict=True)}
    return found


def _of_session(
    parts: Sequence[SheetOf], scored: Mapping[int, SectionScore | Unscorable],
    marks: Mapping[tuple[int, int], MarkedTask],
) -> Scores:  # fmt: skip
    """The scores of a session's sections, if each has one and people have marked all that they are to mark.

    A task left without a word is among those: a marker says what that is worth, never an omission of ours."""
    found: list[SectionScore] = []
    for part in parts:
        score = scored[part.section_id]
        if isinstance(score, Unscorable):
            facts = {name: plain(value) for name, value in score.facts.items()}
            return Refusal(score.code, facts, CLAUSES.get(score.code, "DC-20"))
        found.append(score)
    awaited: dict[str, Json] = {}
    for part in parts:
        seqs = [at for at, mark in enumerate(part.sheet.scores.tolist(), start=1) if mark == WRITTEN]
        if any((part.section_id, seq) not in marks for seq in seqs):
            awaited[part.subject] = [*seqs]
    return Refusal("marks_awaited", {"tasks": awaited}, CODED_WORK) if awaited else found
