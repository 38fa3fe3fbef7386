"""An attempt walked through step by step: what came of each task, what was said, and theta after it.
For everybody who reads a session: the office's page and the case file of an appeal."""

from __future__ import annotations

from irt.ability import Estimate
from server.delivery.bench import Bench
from server.delivery.queries import GivenSection, GivenStep
from server.delivery.working import GivenWorking
from server.grading.answers import answer_lines
from server.grading.policy import Policy
from server.grading.scoring import adaptive_steps, theta_path


def outcome_of(step: GivenStep) -> str:
    """What came of a step: right, wrong, blank, written (for people to mark), unanswered (shown until time ran out) or
    not_reached."""
    if not step.is_reached:
        return "not_reached"
    if step.received_at is None:
        return "unanswered"
    if step.score:
        return "right"
    if step.is_blank:
        return "blank"
    return "written" if step.score is None else "wrong"


def path_of(bench: Bench, section: GivenSection, policy: Policy) -> dict[int, Estimate]:
    """Theta after each step that bears on it, by seq; after one that is tried out it is what it was before."""
    scored = [step.seq for step in adaptive_steps(bench, section)]
    path = dict(zip(scored, theta_path(bench, section, policy.times), strict=True))
    for step in section.steps:
        if step.is_pretest and step.seq - 1 in path:
            path[step.seq] = path[step.seq - 1]
    return path


def working_beside(working: GivenWorking | None, step: GivenStep) -> GivenWorking | None:
    """What stands beside a step; none where it is the written answer itself, saved while it was typed."""
    if working is None or working.strokes or step.given is None or step.given["kind"] != "extended":
        return working
    return None if working.text.strip() == step.given["extended"].strip() else working


def answer_of(bench: Bench, section: GivenSection, step: GivenStep) -> tuple[str, ...]:
    """What the candidate said; nothing of a step whose item is not where its pool has it."""
    if not bench.knows(step.item_index, step.item_version_id):
        return ()
    return answer_lines(bench.content(step.item_index), section.language, step.given, step.option_order)
