"""What a run says of an item, of itself and of its failure, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from itembank.calibrations.queries import JobRow
from server.core.i18n import _, number

Facts = Mapping[str, Any]
TONGUES = {"ky": "Кыргызча", "ru": "Русский", "en": "English"}


def factor(code: str) -> str:
    """By what candidates are grouped."""
    names = {"language": _("language"), "region": _("region"), "sex": _("sex")}
    return names.get(code, code)


def group(factor_code: str, code: str, names: Mapping[str, str] | None = None) -> str:
    """A group of candidates, as its kind names it; `names` are those of regions."""
    if factor_code == "language":
        return TONGUES.get(code, code)
    if factor_code == "sex":
        return {"female": _("girls"), "male": _("boys")}.get(code, code)
    return (names or {}).get(code, code)


def outcome(code: str) -> str:
    """What became of an item in a run."""
    names = {
        "new": _("parameters estimated"), "anchored": _("anchor"), "released": _("anchor that moved, estimated anew"),
        "not_enough": _("not enough answers"),
    }  # fmt: skip
    return names.get(code, _("not estimated"))


def flag(said: Facts, names: Mapping[str, str] | None = None) -> str:
    """A finding as a sentence that says what to look at; `names` are those of regions."""
    code = str(said["code"])
    if code in ("dif_b", "dif_c"):
        return _dif(code, said, names)
    if code in SENTENCES:
        return SENTENCES[code](said)
    return _("The answers do not let parameters be estimated.")


def _dif(code: str, said: Facts, names: Mapping[str, str] | None) -> str:
    who = {"group": group(said["factor"], said["harmed"], names), "factor": factor(said["factor"])}
    if said["factor"] != "language":
        if code == "dif_c":
            return _("For candidates of the group “%(group)s” (%(factor)s) it is much harder than for others of the "
                     "same ability: look at what it takes for known.", **who)  # fmt: skip
        return _("For candidates of the group “%(group)s” (%(factor)s) it is somewhat harder than for others of the "
                 "same ability: look at what it takes for known.", **who)  # fmt: skip
    if code == "dif_c":
        return _("For candidates of the group “%(group)s” (%(factor)s) it is much harder than for others of the same "
                 "ability: look at its translation and at what it takes for known.", **who)  # fmt: skip
    return _("For candidates of the group “%(group)s” (%(factor)s) it is somewhat harder than for others of the same "
             "ability: look at its translation.", **who)  # fmt: skip


def percent(share: float) -> str:
    """A part as the reader writes it: 12 %."""
    return f"{number(100 * share)} %"


def _key(_said: Facts) -> str:
    return _("The abler candidates are, the fewer of them answer it right: look at the key.")


def _alike(_said: Facts) -> str:
    return _("All candidates answered alike, all right or all wrong, so nothing can be estimated.")


def _moved(said: Facts) -> str:
    if said["distance"] > 0:
        return _("It has become easier since it was calibrated, by %(much)s: it may have become known.",
                 much=number(abs(said["distance"]), 2))  # fmt: skip
    return _("It has become harder since it was calibrated, by %(much)s: look whether it is still taught.",
             much=number(abs(said["distance"]), 2))  # fmt: skip


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "not_enough": lambda said: _(
        "Only %(n)s candidates answered it; at least %(least)s are needed. It has no parameters: try it out further.",
        n=said["n"], least=said["least"]),
    "unseen": lambda _said: _("Nobody saw it."),
    "one_answer": _alike,
    "one_category": _alike,
    "against": _key,
    "negative_slope": _key,
    "rival_option": lambda said: _(
        "Option %(option)s draws the able more than the key %(key)s does: look at the key.",
        option=said["option"], key=said["key"]),
    "strongest_choose": lambda said: _(
        "The strongest candidates choose option %(option)s more often than the key %(key)s: look at the key.",
        option=said["option"], key=said["key"]),
    "dead_option": lambda said: _("Hardly anybody chooses option %(option)s: it does no work.", option=said["option"]),
    "misfit": lambda _said: _(
        "Candidates do not answer as the curve says: look whether the item can be understood in two ways, or asks for "
        "something else than the rest of the test."),
    "moved": _moved,
    "weak": lambda said: _("It hardly tells the able from the others (a = %(a)s).", a=number(said["a"], 2)),
    "steep": lambda said: _(
        "It separates candidates more sharply than items do (a = %(a)s): look whether it hangs together with another.",
        a=number(said["a"], 2)),
    "guessed": lambda said: _("It is often right by chance (c = %(c)s): look at its options.", c=number(said["c"], 2)),
    "far": lambda said: _("Its difficulty lies outside these candidates’ abilities (b = %(b)s).",
                          b=number(said["b"], 1)),
    "uncertain": lambda said: _("Its difficulty is known only roughly (± %(se)s): more answers are needed.",
                                se=number(said["se"], 2)),
    "too_easy": lambda said: _("Nearly everybody answers it right (%(share)s).", share=percent(said["p"])),
    "too_hard": lambda said: _("Nearly nobody answers it right (%(share)s).", share=percent(said["p"])),
    "no_relation": lambda _said: _("Whether it is answered right has nearly nothing to do with ability."),
    "blank": lambda said: _("%(share)s of those who saw it left it blank.", share=percent(said["share"])),
    "second_differs": lambda _said: _(
        "A second program finds other parameters in the same answers: do not use it before the reason is known."),
}  # fmt: skip


def stage(code: str | None) -> str:
    """What a worker is doing."""
    names = {
        "gathering": _("The answers are being gathered"), "screening": _("Unlikely answers are being looked for"),
        "drift": _("The anchors are being examined"), "estimating": _("Parameters are being estimated"),
        "fit": _("The fit of the items is being examined"), "dif": _("Groups of candidates are being compared"),
        "second": _("A second program estimates the same"), "whole": _("The whole is being summed up"),
        "recording": _("The findings are being recorded"),
    }  # fmt: skip
    return names.get(code or "", _("It has begun"))


def state(job: JobRow) -> str:
    """How far a job is, or what came of it."""
    if job.state == "running":
        if job.total:
            return _("%(stage)s: %(done)s of %(total)s", stage=stage(job.stage), done=number(job.done),
                     total=number(job.total))  # fmt: skip
        if job.done:
            return _("%(stage)s: pass %(n)s over the answers", stage=stage(job.stage), n=number(job.done))
        return stage(job.stage)
    if job.failure is not None:
        return failure(job.failure, job.failure_facts or {})
    return {"requested": _("It waits for the worker"), "done": _("done"), "cancelled": _("cancelled")}[job.state]


def failure(code: str, facts: Facts) -> str:
    """Why there is no run, and what to do."""
    return FAILURES.get(code, _broken)(facts)


def _broken(_facts: Facts) -> str:
    return _("Something broke while it was calculated. Ask for it once more; if it breaks again, tell the operator.")


FAILURES: dict[str, Callable[[Facts], str]] = {
    "no_answers": lambda _facts: _(
        "There are no answers to calculate from: no session of these sittings is finished and sealed."),
    "few_anchors": lambda facts: _(
        "Only %(n)s items with known parameters were answered; at least %(least)s are needed to keep the scale. "
        "Choose another reference, or more sittings.", **facts),
    "few_items": lambda facts: _(
        "Only %(n)s items have enough answers; at least %(least)s are needed. Choose more sittings.", **facts),
    "not_converged": lambda facts: _(
        "The estimates did not settle (%(doubts)s). Look whether the design suits the answers, or take more of them.",
        **facts),
    "no_link": lambda facts: _(
        "Of the %(n)s common items too many have moved, so no link to the reference can be trusted.", **facts),
    "nothing_left": lambda _facts: _("No item has parameters: there was nothing to record."),
    "worker_gone": lambda _facts: _(
        "The process that calculated it ended twice before it was done. Look at the server’s memory and its log, then "
        "ask for it once more."),
}  # fmt: skip
