"""Safe Exam Browser of a sitting: its configuration and exam keys are set, devices are checked and remembered."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from server.core.errors import CatError, Denied, Invalid, NotFound
from server.core.roles import Hashes
from server.core.work import Work
from server.delivery.events import publish_changed
from server.delivery.models import ExamSession, Sitting
from server.delivery.seb import queries
from server.delivery.seb.check import HASH, POLICIES, Fault, Policy, Way, judge
from server.delivery.seb.config_key import config_key
from server.delivery.seb.models import SebCheck, SebConfiguration, SebExamKey
from server.delivery.seb.settings import settings_of, to_plist

# What a candidate is told; the proctor sees the rule itself.
SAID: dict[Fault, str] = {
    "nothing": "seb_needed", "address": "seb_address", "config_key": "seb_settings", "exam_key": "seb_version",
    "page_used": "seb_page_is_old", "no_file": "seb_no_file", "lost": "seb_needed",
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """What the script of our page read. `url` is that page if we served it to this browser, and lately; else None."""

    hashes: Hashes
    url: str | None
    nonce: str
    client: str


def set_policy(work: Work, sitting_id: int, policy: Policy) -> None:
    """The sitting asks for the browser as told; refused once a candidate has signed in."""
    sitting = _sitting(work, sitting_id)
    if policy not in POLICIES:
        raise ValueError(policy)
    signed_in = select(ExamSession.id).where(ExamSession.sitting_id == sitting_id, ExamSession.lease > 0)
    if work.db.execute(signed_in.limit(1)).first() is not None:
        raise Invalid("seb_policy_too_late")
    sitting.seb_policy = policy
    work.record("sitting:seb-policy", f"sitting:{sitting_id}", policy=policy)


def configure(work: Work, sitting_id: int, origin: str, *, anew: bool = False) -> SebConfiguration:
    """The sitting has a configuration: the one it had, or the next one if there is none, or `anew`."""
    _sitting(work, sitting_id)
    old = queries.configuration(work, sitting_id)
    if old is not None and not anew:
        return old
    revision = old.revision + 1 if old else 1
    salt = work.vault.mac("seb-salt", f"{sitting_id}/{revision}".encode())
    settings = settings_of(origin, queries.quit_password(work, sitting_id, revision), salt)
    made = SebConfiguration(
        sitting_id=sitting_id, revision=revision, origin=origin, settings=to_plist(settings),
        config_key=config_key(settings), made_at=work.now,
    )  # fmt: skip
    work.db.add(made)
    work.record("seb:configured", f"sitting:{sitting_id}", revision=revision, config_key=made.config_key)
    return made


def add_exam_key(work: Work, sitting_id: int, client: str, exam_key: str) -> None:
    """A version of the browser is believed with the present configuration; from the first on, no other is."""
    made = queries.configuration(work, sitting_id)
    if made is None:
        raise Invalid("seb_not_configured")
    if not HASH.fullmatch(exam_key) or not 0 < len(client) <= 60:
        raise Invalid("seb_exam_key_malformed")
    query = select(SebExamKey).where(SebExamKey.configuration_id == made.id, SebExamKey.exam_key == exam_key)
    known = work.db.execute(query).scalar_one_or_none()
    if known is None:
        work.db.add(SebExamKey(configuration_id=made.id, client=client, exam_key=exam_key, added_at=work.now))
    else:
        known.client, known.withdrawn_at = client, None
    work.record("seb:exam-key-added", f"sitting:{sitting_id}", client=client, exam_key=exam_key)


def withdraw_exam_key(work: Work, sitting_id: int, exam_key: str) -> None:
    """That version of the browser is believed no more at the next sign-in."""
    made = queries.configuration(work, sitting_id)
    keys = queries.exam_keys(work, made.id) if made else []
    found = next((each for each in keys if each.exam_key == exam_key), None)
    if found is None:
        raise NotFound("not_found")
    found.withdrawn_at = work.now
    work.record("seb:exam-key-withdrawn", f"sitting:{sitting_id}", exam_key=exam_key)


def check_in(work: Work, session: ExamSession, page: Page | None) -> CatError | None:
    """The device has shown what browser it is, and the session says so; the refusal where the sitting asks for more."""
    policy = session.sitting.seb_policy
    if policy == "off":
        session.seb_way = session.seb_key = session.seb_fault = None
        return None
    made = queries.configuration(work, session.sitting_id)
    way, fault = _judged(work, made, page)
    _keep(work, session, way, fault, page)
    session.seb_key = made.config_key if made and way else None
    if fault is None or policy != "required":
        return None
    work.record("sign-in:other-browser", f"session:{session.id}", fault=fault)
    publish_changed(work, session)
    return Denied(SAID[fault])


def try_out(work: Work, session: ExamSession, page: Page | None) -> CatError | None:
    """The refusal that a device would meet; the session, which another device holds, hears nothing of it."""
    if session.sitting.seb_policy != "required":
        return None
    way, fault = _judged(work, queries.configuration(work, session.sitting_id), page)
    if fault is None:
        return None
    _note(work, session, way, fault, page)
    work.record("sign-in:other-browser", f"session:{session.id}", fault=fault)
    return Denied(SAID[fault])


def lost(work: Work, session_id: int) -> CatError:
    """A device that had proved itself does so no more: noted once, shown to the proctor; its request is refused."""
    session = work.db.get_one(ExamSession, session_id, with_for_update=True)
    if session.seb_fault != "lost":
        way = session.seb_way
        _keep(work, session, None, "lost", None)
        session.seb_way = way  # the right browser may go on where it was
        work.record("session:other-browser", f"session:{session.id}", fault="lost")
        publish_changed(work, session)
    return Denied(SAID["lost"])


def _judged(work: Work, made: SebConfiguration | None, page: Page | None) -> tuple[Way | None, Fault | None]:
    if made is None:
        return None, "no_file"
    keys = [each.exam_key for each in queries.exam_keys(work, made.id)]
    told, served = (page.hashes, page.url) if page else (None, None)
    way, fault = judge(work.actor.hashes, told, served, made.config_key, keys)
    if way == "api" and page and queries.is_nonce_used(work, page.nonce):
        return None, "page_used"
    return way, fault


def _keep(work: Work, session: ExamSession, way: Way | None, fault: Fault | None, page: Page | None) -> None:
    session.seb_way, session.seb_fault = way, fault
    _note(work, session, way, fault, page)


def _note(work: Work, session: ExamSession, way: Way | None, fault: Fault | None, page: Page | None) -> None:
    headers = work.actor.hashes
    seen = page.hashes if page and headers.is_silent else headers
    work.db.add(
        SebCheck(
            session_id=session.id, checked_at=work.now, way=way, fault=fault, url=seen.url[:300],
            config_hash=seen.config_hash[:64], exam_hash=seen.exam_hash[:64],
            client=page.client[:120] if page else "", nonce=page.nonce if page and way == "api" else None,
        )
    )  # fmt: skip


def _sitting(work: Work, sitting_id: int) -> Sitting:
    sitting = work.db.get(Sitting, sitting_id, with_for_update=True)
    if sitting is None:
        raise NotFound("not_found")
    return sitting
