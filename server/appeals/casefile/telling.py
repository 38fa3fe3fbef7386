"""The engine's reason for a task in words that a teacher understands, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from server.appeals.casefile.reasons import Chosen, Funnel, Quota, Reason, TriedOut, Written
from server.appeals.casefile.standings import Change
from server.core.i18n import _, number


@dataclass(frozen=True)
class Titles:
    """How tiers and areas are called in the reader's language."""

    tiers: Mapping[str, str]
    areas: Mapping[str, str]

    def of(self, quota: Quota) -> str:
        """The title of what the quota counts."""
        return (self.tiers if quota.kind == "tier" else self.areas).get(quota.code, quota.code)


def told(reason: Reason | None, titles: Titles, change: Change | None) -> tuple[str, ...]:
    """The reason, sentence by sentence."""
    if reason is None:
        return (_("What is stored here is no reason the engine gives; see where the replay differs."),)
    if isinstance(reason, TriedOut):
        return (
            _("This task is tried out: whatever was answered, it counts for nothing in the score."),
            _("It was number %(n)s of those tried out in this test, drawn from %(all)s new tasks.",
              n=reason.number, all=reason.n_offered),
        )  # fmt: skip
    if isinstance(reason, Written):
        return (
            _("Written task %(n)s of %(all)s: every candidate of this subject gets the same, in the same order. People "
              "mark it, so the engine did not choose it.", n=reason.number, all=reason.n_tasks),
            _("It came when the adaptive part had ended: %(reason)s", reason=ends().get(reason.ended, reason.ended)),
        )  # fmt: skip
    return tuple(_chosen(reason, titles, change))


def ends() -> dict[str, str]:
    """Why the adaptive part of a test ended."""
    return {
        "length": _("the test had its full length."),
        "precision": _("the error of the score was small enough."),
        "classified": _("the grade was certain enough."),
        "likelihood_ratio": _("the grade was certain enough."),
        "time": _("the time was over."),
    }


def funnel(found: Funnel) -> tuple[tuple[str, int], ...]:
    """How the pool narrowed to the tasks that might come, line by line."""
    return (
        (_("Tasks in the pool"), found.pool),
        (_("of these open to this candidate under exposure control"), found.open),
        (_("of these not withheld"), found.not_withheld),
        (_("of these not given yet, nor too like one given"), found.fresh),
        (_("of these fitting the blueprint now: might come"), found.eligible),
    )


def _chosen(reason: Chosen, titles: Titles, change: Change | None) -> Iterator[str]:
    yield _("The engine chose it as task %(n)s of %(all)s.", n=reason.number, all=reason.length)
    yield from _blueprint(reason, titles)
    yield from _ability(reason, change)
    yield from _draw(reason)
    yield from _kept_back(reason)


def _blueprint(reason: Chosen, titles: Titles) -> Iterator[str]:
    for each in reason.own:
        bounds = _("%(low)s to %(high)s", low=each.least, high=each.most)
        wanted = str(each.least) if each.least == each.most else bounds
        facts = {"title": titles.of(each), "wanted": wanted, "given": each.given}
        if each.kind == "tier":
            yield _("Its level is “%(title)s”. Such tasks in a test, as the blueprint wants it: %(wanted)s; given "
                    "before this one: %(given)s.", **facts)  # fmt: skip
        else:
            yield _("Its content is “%(title)s”. Such tasks in a test, as the blueprint wants it: %(wanted)s; given "
                    "before this one: %(given)s.", **facts)  # fmt: skip
    owed = _owed(reason, titles)
    if not owed:
        yield _("By then the blueprint had the least it asks for of every level and content.")
    elif reason.is_forced:
        yield _("The blueprint still lacked: %(owed)s. That took every place left (%(left)s), so the task had to be "
            "one of these.", owed=owed, left=reason.places_left)  # fmt: skip
    else:
        yield _("The blueprint still lacked: %(owed)s. There was room for it in the %(left)s places left.",
                owed=owed, left=reason.places_left)  # fmt: skip
    if reason.passage_seqs:
        tasks = ", ".join(map(str, reason.passage_seqs))
        yield _(
            "It is read beside the same text as task %(tasks)s, and tasks on one text come together.",
            tasks=tasks,
        )


def _owed(reason: Chosen, titles: Titles) -> str:
    """What the blueprint still lacked before the task: levels, then content."""
    lacked = {
        kind: ", ".join(
            f"{titles.of(each)} – {each.owed}" for each in reason.quotas if each.owed and each.kind == kind
        )
        for kind in ("tier", "area")
    }
    said = ((_("by level: %(list)s"), lacked["tier"]), (_("by content: %(list)s"), lacked["area"]))
    return "; ".join(words % {"list": each} for words, each in said if each)


def _ability(reason: Chosen, change: Change | None) -> Iterator[str]:
    if reason.number == 1:
        yield _("Before the first answer every candidate is taken to stand in the middle of the scale.")
    elif change is not None:
        yield _("The answers before it put the candidate at %(percent)s %% of the marks, give or take %(sd)s.",
                percent=number(change.before.reached, 1), sd=number(change.before.percent_sd, 1))  # fmt: skip
    yield _(
        "Of 100 candidates who stand there about %(n)s answer this task rightly.",
        n=round(100 * reason.chance),
    )
    yield _("Its answer, right or wrong, was expected to narrow the error of θ from %(before)s to %(after)s.",
            before=number(reason.se, 2), after=number(reason.se_after, 2))  # fmt: skip


def _draw(reason: Chosen) -> Iterator[str]:
    if reason.assembled_at == 0:
        yield _(
            "Before the first task the engine put together the best whole test that the blueprint allows."
        )
    elif reason.assembled_at is not None:
        yield _("After %(n)s answers the engine put together the best whole test that the blueprint still allowed.",
                n=reason.assembled_at)  # fmt: skip
    facts = {"n": reason.funnel.eligible, "drawn": reason.n_drawn, "rank": reason.rank}
    if reason.n_drawn > 1:
        yield _("%(n)s tasks might come. From the %(drawn)s that tell the most one was drawn by lot; this one was "
                "number %(rank)s among them.", **facts)  # fmt: skip
    elif reason.funnel.eligible == 1:
        yield _("It was the only task that might come.")
    else:
        yield _("%(n)s tasks might come; this one told the most.", **facts)
    if reason.is_progressive:
        yield _(
            "Chance has a part in that order, the more the earlier in the test, so that no task becomes known."
        )


def _kept_back(reason: Chosen) -> Iterator[str]:
    closed = reason.funnel.pool - reason.funnel.open
    if reason.is_mask_dropped:
        yield _("No task that exposure control left open fitted the blueprint here, so another came: the blueprint "
                "goes first.")  # fmt: skip
    elif closed:
        yield _("Exposure control had closed %(n)s of the %(all)s tasks of the pool to this candidate before the test "
                "began, so that none is seen too often.", n=closed, all=reason.funnel.pool)  # fmt: skip
    if reason.is_withdrawn:
        yield _("It had itself been withdrawn by then: the blueprint allowed no test without it.")
    if reason.n_withheld:
        yield _("Withdrawn from the bank and therefore withheld, as far as the blueprint allowed: %(n)s.",
                n=reason.n_withheld)  # fmt: skip
    if reason.n_met:
        yield _("Withheld because the candidate had met them in an earlier test, or others too like those: %(n)s.",
                n=reason.n_met)  # fmt: skip
