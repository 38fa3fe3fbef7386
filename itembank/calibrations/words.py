"""What a run says of an item and of how far it is, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from server.core.i18n import TONGUES, _, number
from server.core.tasks import TaskView

Facts = Mapping[str, Any]


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
        "not_enough": _("not enough answers"), "unseen": _("nobody saw it"),
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
            return _("Of equally able candidates those of the group “%(group)s” (%(factor)s) answer it right far less "
                     "often: look whether it asks for something that not everybody has met.", **who)  # fmt: skip
        return _("Of equally able candidates those of the group “%(group)s” (%(factor)s) answer it right somewhat less "
                 "often: look whether it asks for something that not everybody has met.", **who)  # fmt: skip
    if code == "dif_c":
        return _("Of equally able candidates those of the group “%(group)s” (%(factor)s) answer it right far less "
                 "often: compare the two languages, and look whether it asks for something that not everybody has "
                 "met.", **who)  # fmt: skip
    return _("Of equally able candidates those of the group “%(group)s” (%(factor)s) answer it right somewhat less "
             "often: compare the two languages.", **who)  # fmt: skip


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
    "unseen": lambda _said: _(
        "Nobody saw it in these sittings. Its parameters stand in the calibration they come from, not in this one."),
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


def running(task: TaskView) -> str:
    """How far a calibration is."""
    if task.total:
        return _("%(stage)s: %(done)s of %(total)s", stage=stage(task.stage), done=number(task.done),
                 total=number(task.total))  # fmt: skip
    if task.done:
        return _("%(stage)s: pass %(n)s over the answers", stage=stage(task.stage), n=number(task.done))
    return stage(task.stage)
