"""What the figures of an item say that a person should look at. Codes with facts; words stand where they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from itembank.calibrations.policy import Policy

Flag = dict[str, Any]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
GRAVE = frozenset({
    "against", "negative_slope", "rival_option", "strongest_choose", "misfit", "dif_c", "moved", "not_enough",
    "one_answer", "runaway", "not_identified",
})  # fmt: skip
UNESTIMATED = ("not_enough", "one_answer", "against", "unseen", "one_category", "empty_category", "too_few",
               "negative_slope", "runaway", "not_identified")  # fmt: skip


def flags_of(outcome: str, figures: dict[str, Any], policy: Policy) -> list[Flag]:
    """Everything that is said of one item, the gravest first."""
    is_against = outcome in ("against", "negative_slope")
    found = [*_of_outcome(outcome, figures, policy), *_of_options(figures, policy), *_of_fit(figures),
             *_of_groups(figures), *_of_drift(figures), *_of_parameters(figures, policy),
             *_of_answers(figures, policy, is_against), *_of_second(figures)]  # fmt: skip
    return sorted(found, key=lambda flag: flag["code"] not in GRAVE)


def _of_outcome(outcome: str, figures: dict[str, Any], policy: Policy) -> Iterator[Flag]:
    if outcome == "not_enough":
        yield {"code": outcome, "n": figures["n"], "least": policy.ladder(figures["can_guess"]).least}
    elif outcome in UNESTIMATED:
        yield {"code": outcome}


def _of_options(figures: dict[str, Any], policy: Policy) -> Iterator[Flag]:
    """Options that beat the key, and options that nobody takes."""
    options = figures.get("options")
    if options is None:
        return
    key, shares = options["key"], options["share"]
    for option in options["rivals"]:
        yield {"code": "rival_option", "option": LETTERS[option], "key": LETTERS[key]}
    strongest = shares[-1]
    letters = range(len(strongest) - 1)
    if strongest[key] is not None:
        best = max(letters, key=lambda each: strongest[each] or 0.0)
        if best != key and best not in options["rivals"]:
            yield {"code": "strongest_choose", "option": LETTERS[best], "key": LETTERS[key]}
    total = sum(options["n"])
    for option in letters:
        if option != key and options["n"][option] < policy.options.dead_share * total:
            yield {"code": "dead_option", "option": LETTERS[option]}


def _of_fit(figures: dict[str, Any]) -> Iterator[Flag]:
    if figures.get("fit", {}).get("is_flagged"):
        yield {"code": "misfit", "rmsd": figures["fit"]["rmsd"]}


def _of_groups(figures: dict[str, Any]) -> Iterator[Flag]:
    for each in figures.get("dif", ()):
        if each["class"] in ("B", "C"):
            harmed = each["focal"] if each["delta"] < 0 else each["reference"]
            yield {"code": f"dif_{each['class'].lower()}", "factor": each["factor"], "harmed": harmed,
                   "delta": each["delta"]}  # fmt: skip


def _of_drift(figures: dict[str, Any]) -> Iterator[Flag]:
    drift = figures.get("drift")
    if drift is not None and drift["has_moved"]:
        yield {"code": "moved", "distance": drift["distance"]}


def _of_parameters(figures: dict[str, Any], policy: Policy) -> Iterator[Flag]:
    words = policy.words
    a, b, c, se_b = (figures.get(name) for name in ("a", "b", "c", "se_b"))
    if a is None or b is None or c is None:
        return
    if a < words.least_slope:
        yield {"code": "weak", "a": a}
    if a > words.most_slope:
        yield {"code": "steep", "a": a}
    if c > words.most_guessing:
        yield {"code": "guessed", "c": c}
    if abs(b) > words.farthest_b:
        yield {"code": "far", "b": b}
    if se_b is not None and se_b > words.most_se_b:
        yield {"code": "uncertain", "se": se_b}


def _of_answers(figures: dict[str, Any], policy: Policy, is_against: bool) -> Iterator[Flag]:
    words, p = policy.words, figures["p"]
    if p is None or figures["n"] < policy.options.least_answers:
        return
    if p > words.easiest:
        yield {"code": "too_easy", "p": p}
    if p < words.hardest:
        yield {"code": "too_hard", "p": p}
    is_new = not figures["is_known"] and not is_against
    if is_new and figures["r"] is not None and figures["r"] < words.least_correlation:
        yield {"code": "no_relation", "r": figures["r"]}
    if figures["blank"] is not None and figures["blank"] > words.most_blank:
        yield {"code": "blank", "share": figures["blank"]}


def _of_second(figures: dict[str, Any]) -> Iterator[Flag]:
    if figures.get("second", {}).get("is_beyond"):
        yield {"code": "second_differs", "z": figures["second"]["z"]}
