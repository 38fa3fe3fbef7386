"""Drafts in the reader's language: what stands in the way, and a spec line by line, to be compared with another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from itembank.blueprints.drafts.queries import Check
from itembank.blueprints.drafts.reading import Problem
from itembank.blueprints.spec import Spec
from server.core.i18n import _, language, number

Names = Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """One thing that a blueprint fixes: its name, and how it stands in the older and the newer one."""

    name: str
    before: str
    now: str

    @property
    def is_changed(self) -> bool:
        """Whether the two differ."""
        return self.before != self.now


def sentence(problem: Problem, names: Names) -> str:
    """What stands in the way, in a sentence; `names` are those of tiers and areas."""
    facts = problem.facts
    name = names.get(str(facts.get("name", "")), str(facts.get("name", "")))
    found: Mapping[str, str] = {
        "missing": _("Fill in this field."),
        "number": _("Write a number from %(low)s to %(high)s.", low=_number(facts, "low"), high=_number(facts, "high")),
        "choice": _("Choose one of the list."),
        "code": _("The code of an area is a small Latin letter, then letters, digits or _."),
        "twice": _("The area “%(code)s” stands here twice.", code=facts.get("code", "")),
        "title": _("Name the area in Kyrgyz and in Russian."),
        "areas": _("Name at least one area."),
        "percents": _("Write percents between 0 and 100, with a semicolon between them."),
        "bounds": _("%(name)s: at least %(low)s and at most %(high)s contradict each other.", name=name,
                    low=_number(facts, "low"), high=_number(facts, "high")),
        "tiers_over": _("The tiers together ask for at least %(n)s items; a test has %(length)s.", **_pair(facts)),
        "tiers_under": _("The tiers together allow at most %(n)s items; a test has %(length)s.", **_pair(facts)),
        "areas_over": _("The areas together ask for at least %(n)s items; a test has %(length)s.", **_pair(facts)),
        "areas_under": _("The areas together allow at most %(n)s items; a test has %(length)s.", **_pair(facts)),
        "passages": _("No test of %(length)s items can use passages so.", length=_number(facts, "length")),
        "time": _("The time must be positive, and its parts between 0 and 100."),
        "early_minimum": _("A test cannot end after more items than it has (%(length)s).",
                           length=_number(facts, "length")),
        "early_end": _("Say when a test may end early: a standard error, or cuts together with a certainty above 50."),
        "method": _("Passages and a time limit need the choice from shadow tests."),
        "standard_missing": _("Name the part of the state standard that the items of this area follow."),
        "foreign_item": _("Items of this origin may not be used."),
        "tier_short": _("The law asks for items of this tier in every test; write how many at least."),
        "tier_over": _("The law asks for exactly as many items of this tier as it names."),
        "tier_unknown": _("The law does not know this tier."),
        "short": _short(facts, names),
        "untimed": _("The response times of these items have not been calibrated, so the time cannot be limited."),
        "too_slow": _("These items take too long for the time."),
    }  # fmt: skip
    return found.get(problem.kind, _("This part contradicts itself: no test can satisfy it."))


def _short(facts: Mapping[str, Any], names: Names) -> str:
    quotas = ", ".join(names.get(each, each) for each in facts.get("names", ()))
    missing = _number(facts, "missing")
    if not quotas:
        return _("The items of this calibration are %(missing)s too few for a test.", missing=missing)
    return _("Of these the calibration has %(missing)s items too few: %(names)s.", missing=missing, names=quotas)


def _number(facts: Mapping[str, Any], name: str) -> str:
    value = facts.get(name)
    return number(value, 0) if isinstance(value, int | float) else ""


def _pair(facts: Mapping[str, Any]) -> dict[str, str]:
    return {"n": _number(facts, "n"), "length": _number(facts, "length")}


def tier_names() -> dict[str, str]:
    """The tiers in the reader's language."""
    return {"basic": _("Basic"), "medium": _("Medium"), "raised": _("Raised")}


def names_of(spec: Spec | None, fields: Mapping[str, str]) -> dict[str, str]:
    """The names of the tiers, and of the areas as the draft has them."""
    titles: Mapping[str, Mapping[str, str]] = spec.area_titles if spec else {}
    found = {code: each.get(language()) or code for code, each in titles.items()}
    return {**tier_names(), **found} if spec else {**tier_names(), **_typed_titles(fields)}


def _typed_titles(fields: Mapping[str, str]) -> dict[str, str]:
    codes = {name.split("_")[1]: code for name, code in fields.items() if name.endswith("_code")}
    return {code: fields.get(f"area_{n}_{language()}", code) for n, code in codes.items()}


def compared(before: Spec | None, now: Spec | None) -> tuple[Line, ...]:
    """Both specs line by line; what one of them does not have is a dash."""
    old, new = (dict(_lines(spec)) if spec else {} for spec in (before, now))
    return tuple(Line(name, old.get(name, "–"), new.get(name, "–")) for name in {**new, **old})


def _lines(spec: Spec) -> list[tuple[str, str]]:
    names = names_of(spec, {})
    found = [
        (_("Items in a test"), number(spec.length)),
        (_("Written tasks"), number(spec.written)),
        (_("Items of the reference form"), number(spec.reference_length)),
    ]
    for kind, bounds in ((_("Tier"), spec.tiers), (_("Area"), spec.areas)):
        found += [(f"{kind}: {names.get(name, name)}", _span(pair, spec.length)) for name, pair in bounds.items()]
    found += [(_("State standard: %(area)s", area=names.get(area, area)), text)
              for area, text in spec.standards.items()]  # fmt: skip
    found.append((_("Choice of items"), _choice(spec)))
    exposure = spec.exposure
    how = {"restricted": _("restricted"), "progressive_restricted": _("progressive-restricted"),
           "eligibility": _("item eligibility")}  # fmt: skip
    found.append((_("Exposure"), _("not controlled") if exposure is None else
                  _("%(method)s, at most %(limit)s of the candidates", method=how[exposure.method],
                    limit=_percent(exposure.r_max))))  # fmt: skip
    if spec.time:
        found.append((_("Minutes for a test"), number(spec.time.limit_s / 60)))
    if spec.passages:
        found.append((_("Items of a passage"), "–".join(map(number, spec.passages.items))))
    if early := spec.early_end:
        parts = [_("from %(n)s items on", n=number(early.minimum))]
        parts += [_("standard error at most %(se)s", se=number(early.se, 2))] if early.se else []
        if early.certainty:
            cuts = "; ".join(number(percent, 1) for percent in early.percents)
            certainty = _percent(early.certainty)
            parts.append(_("%(certainty)s certain at the cuts %(cuts)s", certainty=certainty, cuts=cuts))
        found.append((_("Early end"), ", ".join(parts)))
    return found


def _choice(spec: Spec) -> str:
    k = number(spec.rule.randomesque)
    if spec.method == "shadow":
        return _("One of the %(k)s most informative items of the best test that is still possible (shadow test)", k=k)
    return _("One of the %(k)s most informative items that keep the blueprint possible", k=k)


def _span(pair: tuple[int, int], length: int) -> str:
    low, high = pair
    if low == high:
        return _("exactly %(n)s", n=number(low))
    if high >= length:
        return _("at least %(n)s", n=number(low))
    return _("%(low)s to %(high)s", low=number(low), high=number(high))


def _percent(part: float) -> str:
    return f"{number(100 * part, 0)} %"


def verdict(check: Check) -> str:
    """How the draft stands, in a sentence."""
    if check.problems:
        return _("The blueprint cannot be proposed yet.")
    if check.supply is None:
        return _("The blueprint contradicts neither itself nor the law. There is no calibration to try it on.")
    if check.supply.problems:
        return _("The blueprint contradicts nothing, but the items of this calibration give no lawful test.")
    return _("The blueprint contradicts nothing, and the items of this calibration give a lawful test.")
