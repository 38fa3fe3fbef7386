"""What contradicts itself, or the law, in a spec: place by place, with the figures that say so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from itembank.blueprints.drafts.reading import Problem
from itembank.blueprints.rules import ContentGuaranteesRule, TiersRule
from itembank.blueprints.service import GUARANTEES, TIERS
from itembank.blueprints.spec import Spec
from server.core.regulation import Edition


def contradictions(spec: Spec, edition: Edition, rows: Mapping[str, int]) -> tuple[Problem, ...]:
    """Every reason for which such a blueprint would be refused; empty if it would be published.

    `rows` says in which row of the draft each area stands."""
    found = [*_of_bounds(spec, rows), *_of_limits(spec), *_of_law(spec, edition, rows)]
    part = spec.contradiction()
    if part is not None and not found:
        found.append(Problem(part, "part"))
    return tuple(found)


def _of_bounds(spec: Spec, rows: Mapping[str, int]) -> Iterator[Problem]:
    for kind, bounds in (("tiers", spec.tiers), ("areas", spec.areas)):
        for name, (low, high) in bounds.items():
            if low > high:
                place = f"tier_{name}" if kind == "tiers" else f"area_{rows[name]}"
                yield Problem(f"{place}_least", "bounds", {"name": name, "low": low, "high": high})
        low, high = (sum(pair[end] for pair in bounds.values()) for end in (0, 1))
        place = "tier_basic_least" if kind == "tiers" else f"area_{min(rows.values())}_least"
        if low > spec.length:
            yield Problem(place, f"{kind}_over", {"n": low, "length": spec.length})
        if high < spec.length:
            yield Problem(place, f"{kind}_under", {"n": high, "length": spec.length})


def _of_limits(spec: Spec) -> Iterator[Problem]:
    if spec.passages is not None and not spec.passages.is_sound(spec.length):
        yield Problem("passage_least", "passages", {"length": spec.length})
    if spec.time is not None and not spec.time.is_sound():
        yield Problem("time_min", "time")
    if (early := spec.early_end) is not None:
        if early.minimum > spec.length:
            yield Problem("early_minimum", "early_minimum", {"length": spec.length})
        elif not early.is_sound(spec.length):
            yield Problem("early_se", "early_end")
    if spec.method == "eligible" and (spec.passages or spec.time):
        yield Problem("method", "method")


def _of_law(spec: Spec, edition: Edition, rows: Mapping[str, int]) -> Iterator[Problem]:
    rule = edition.get(GUARANTEES, ContentGuaranteesRule)
    for area in spec.areas:
        ruling = rule.judge(spec.prepared_by, spec.standards.get(area, ""))
        if not ruling.allowed:
            yield Problem(f"area_{rows[area]}_standard", ruling.code, {"area": area, "clause": ruling.clause})
    ruling = edition.get(TIERS, TiersRule).judge(spec.minima())
    if not ruling.allowed:
        tiers = ruling.facts.get("tiers")
        first = tiers[0] if isinstance(tiers, list) and tiers else "basic"
        yield Problem(f"tier_{first}_least", ruling.code,
                      {"tier": str(first), "wanted": ruling.facts["wanted"], "clause": ruling.clause})  # fmt: skip
