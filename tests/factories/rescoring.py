"""A sitting whose candidates met a task that is to be corrected, and the persons of the office who may do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from itembank import load_pool
from itembank.items.correcting import ask_key
from server import delivery, grading
from server.accounts import signing
from server.core.roles import Actor, Role
from server.core.work import Work
from server.delivery.bench import BENCHES
from server.grading.rescoring import service
from server.grading.rescoring.effect import changes
from server.grading.rescoring.service import Cause
from server.grading.rescoring.standing import ground_of
from tests.factories.accounts import PIN, a_staff_member, an_organisation
from tests.factories.delivery import Answers, Planned, a_sitting, every_second, finished_session, right, wrong

SUBJECT = "mathematics"


@dataclass(frozen=True)
class Office:
    """The testing centre's office: whose PIN signs what."""

    work: Work
    organisation_id: int
    staff: tuple[int, ...]

    def works(self, n: int) -> Work:
        """A unit of work of the nth person."""
        actor = Actor(frozenset({Role.OFFICE, Role.STAFF}), self.staff[n], f"Office {n}", self.organisation_id)
        return replace(self.work, actor=actor)

    def attempt(self, n: int, pin: str = PIN) -> signing.PinAttempt:
        """The nth person has typed a PIN."""
        return signing.check_pin(self.work, self.staff[n], pin)


@dataclass(frozen=True)
class Scene:
    """Graded sessions of one subject, and an item that some of them met."""

    office: Office
    sitting: Planned
    sessions: tuple[int, ...]
    item_version_id: int

    def strike(self, n: int = 0) -> int:
        """A run that strikes the item, proposed by the nth person; its id."""
        return service.propose(self.office.works(n), Cause(
            kind="item_struck", item_version_id=self.item_version_id, reason="Two answers are right",
            decided_by="order:17",
        ))  # fmt: skip

    def sign(self, run_id: int, *people: int) -> None:
        """These persons sign the newest effect of the run."""
        for n in people:
            effect = service.newest_effect(self.office.work, run_id)
            assert effect is not None
            refusal = service.sign(self.office.works(n), run_id, effect.id, self.office.attempt(n))
            assert refusal is None, refusal


def an_office(work: Work, n: int = 3) -> Office:
    """So many persons of the testing centre, each with a PIN."""
    organisation = an_organisation(work, "ntc")
    staff = [a_staff_member(work, Role.OFFICE, organisation_id=organisation.id, name=f"Office {at}") for at in range(n)]
    for each in staff:
        signing.set_pin(work, each, PIN)
    work.db.flush()
    return Office(work, organisation.id, tuple(staff))


def a_scene(work: Work, answers: Sequence[Answers] = (right, every_second, wrong), **sitting: object) -> Scene:
    """Candidates who answered so, graded; the item is the first that the first of them was given."""
    planned = a_sitting(work, **{"subjects": [SUBJECT], **sitting})  # type: ignore[arg-type]
    sessions = tuple(finished_session(work, planned, each) for each in answers)
    for each in sessions:
        assert grading.grade_session(work, each).state == "graded"
    work.db.flush()
    (section, *_) = delivery.evidence(work, sessions[0])
    return Scene(an_office(work), planned, sessions, section.steps[0].item_version_id)


def compute_now(work: Work, run_id: int) -> int:
    """The effect of the run is computed where the test is, without a worker; its id."""
    ground = ground_of(work, service.locked(work, run_id))
    return service.keep_effect(work, ground, list(changes(work, ground)), work.actor.label)


def right_of(work: Work, session_id: int, item_version_id: int) -> bool | None:
    """Whether the session answered the item by the published key; None if it never met it."""
    for section in delivery.evidence(work, session_id):
        for step in section.steps:
            if step.item_version_id == item_version_id:
                return BENCHES.of(work, section).score_of(step.item_index, section.language, step.given) == 1
    return None


def corrected_ids(work: Work, pool_id: int) -> dict[str, int]:
    """A run that strikes an item of the pool, and a key that is asked for of another."""
    first, second, *_ = load_pool(work, pool_id).item_version_ids
    strike = Cause(kind="item_struck", item_version_id=first, reason="Two answers are right", decided_by="order:17")
    return {"rescoring_id": service.propose(work, strike), "asked_id": ask_key(work, second, "Doubted", "order 17")}
