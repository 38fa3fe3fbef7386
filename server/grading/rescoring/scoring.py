"""Scores as they would be under other corrections than those they were made with; nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.core.work import Work
from server.grading.corrections import Corrections
from server.grading.gathering import Refusal, scores_of
from server.grading.policy import Policy
from server.grading.scoring import SectionScore


@dataclass(frozen=True)
class Scored:
    """A section with its score, or why it has none."""

    section_id: int
    score: SectionScore | None
    problem: str | None = None


def scored(
    work: Work, policy: Policy, sections: Sequence[tuple[int, int]], corrections: Corrections
) -> Iterator[Scored]:  # fmt: skip
    """Each of these sections (session, section) of sealed sessions, scored under the corrections."""
    policies = dict.fromkeys((id_ for id_, _ in sections), policy)
    found = scores_of(work, policies, corrections, is_thorough=False).scores
    for session_id, section_id in sections:
        scores = found[session_id]
        if isinstance(scores, Refusal):
            yield Scored(section_id, None, scores.code)
        else:
            yield from (Scored(section_id, each) for each in scores if each.section_id == section_id)
