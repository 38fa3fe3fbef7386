"""What somebody typed into a draft, read: a Spec if it can be one, and what stands in the way, place by place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast, get_args

from irt.exposure import Control
from irt.exposure import Method as Exposure
from irt.selection import Criterion, Rule
from itembank.blueprints.limits import EarlyEnd, PassageUse, TimeLimit
from itembank.blueprints.spec import MOST_WRITTEN, Method, Spec
from itembank.items.content import TIERS
from server.core.ruling import Json

MOST_AREAS = 30
MOST_LENGTH = 500
LONGEST = 200
AREA_PARTS = ("code", "ky", "ru", "en", "standard", "least", "most")
PLAIN = (
    "length", "reference_length", "written", "method", "criterion", "randomesque", "exposure", "r_max", "time_min",
    "slow", "coverage", "passage_least", "passage_most", "passages_few", "passages_many", "early_minimum",
    "early_se", "early_certainty", "early_percents",
)  # fmt: skip
NAMES = frozenset(
    {*PLAIN, *(f"tier_{tier}_{end}" for tier in TIERS for end in ("least", "most")),
     *(f"area_{n}_{part}" for n in range(MOST_AREAS) for part in AREA_PARTS)}
)  # fmt: skip
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
WHOLE, DECIMAL = re.compile(r"[0-9]{1,6}"), re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,6})?")


@dataclass(frozen=True)
class Problem:
    """Something that no blueprint may have: at which field, of what kind, with which figures."""

    place: str
    kind: str
    facts: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """The spec, if every field could be read, the problems found so far, and in which row each area stands."""

    spec: Spec | None
    problems: tuple[Problem, ...]
    rows: Mapping[str, int]


def kept(typed: Mapping[str, str]) -> dict[str, str]:
    """The known fields as they are stored: trimmed, none too long, empty ones left out."""
    found = {name: " ".join(text.split())[:LONGEST] for name, text in typed.items() if name in NAMES}
    return {name: text for name, text in sorted(found.items()) if text}


def read(fields: Mapping[str, str]) -> Reading:
    """The spec of a draft; its problems are those of reading alone (`contradictions` has the others)."""
    sheet = _Sheet(fields)
    length = sheet.whole("length", 1, MOST_LENGTH)
    tiers = {tier: sheet.bounds(f"tier_{tier}", length or MOST_LENGTH) for tier in TIERS}
    areas, titles, standards = _areas(sheet, length or MOST_LENGTH)
    reference = sheet.whole("reference_length", 1, MOST_LENGTH)
    written = sheet.whole("written", 0, MOST_WRITTEN, 0)
    randomesque = sheet.whole("randomesque", 1, 50, 1)
    method = cast(Method, sheet.one_of("method", get_args(Method)))
    criterion = cast(Criterion, sheet.one_of("criterion", get_args(Criterion)))
    passages, time, exposure, early = _passages(sheet), _time(sheet), _exposure(sheet), _early(sheet)
    if sheet.problems or length is None or reference is None or written is None or randomesque is None:
        return Reading(None, tuple(sheet.problems), {})
    spec = Spec(
        length=length, tiers=tiers, areas=areas, area_titles=titles, standards=standards,
        rule=Rule(criterion, randomesque), method=method, reference_length=reference, passages=passages, time=time,
        exposure=exposure, early_end=early, written=written,
    )  # fmt: skip
    return Reading(spec, (), {fields[f"area_{n}_code"]: n for n in area_numbers(fields)})


def area_numbers(fields: Mapping[str, str]) -> list[int]:
    """The rows of areas in which anything stands."""
    return [n for n in range(MOST_AREAS) if any(fields.get(f"area_{n}_{part}") for part in AREA_PARTS)]


def typed(spec: Spec) -> dict[str, str]:
    """The fields that read as this spec."""
    fields: dict[str, object] = {
        "length": spec.length, "reference_length": spec.reference_length, "written": spec.written,
        "method": spec.method, "criterion": spec.rule.criterion, "randomesque": spec.rule.randomesque,
        "exposure": spec.exposure.method if spec.exposure else "none",
        "r_max": _plain(100 * spec.exposure.r_max) if spec.exposure else "",
    }  # fmt: skip
    for tier, (least, most) in spec.tiers.items():
        fields |= {f"tier_{tier}_least": least, f"tier_{tier}_most": most}
    for n, (code, (least, most)) in enumerate(spec.areas.items()):
        names = {tongue: spec.area_titles.get(code, {}).get(tongue, "") for tongue in ("ky", "ru", "en")}
        row = {"code": code, "standard": spec.standards.get(code, ""), "least": least, "most": most, **names}
        fields |= {f"area_{n}_{part}": value for part, value in row.items()}
    if spec.time:
        fields |= {"time_min": _plain(spec.time.limit_s / 60), "slow": _plain(100 * spec.time.slow),
                   "coverage": _plain(100 * spec.time.coverage)}  # fmt: skip
    if spec.passages:
        (least, most), (few, many) = spec.passages.items, spec.passages.per_test or ("", "")
        fields |= {"passage_least": least, "passage_most": most, "passages_few": few, "passages_many": many}
    if early := spec.early_end:
        fields |= {"early_minimum": early.minimum, "early_se": "" if early.se is None else _plain(early.se),
                   "early_certainty": "" if early.certainty is None else _plain(100 * early.certainty),
                   "early_percents": "; ".join(map(_plain, early.percents))}  # fmt: skip
    return kept({name: str(value) for name, value in fields.items()})


def _plain(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


class _Sheet:
    """The fields as they are read, gathering problems."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields
        self.problems: list[Problem] = []

    def wrong(self, place: str, kind: str, **facts: Json) -> None:
        self.problems.append(Problem(place, kind, facts))

    def has(self, *names: str) -> bool:
        return any(self.fields.get(name) for name in names)

    def whole(self, name: str, low: int, high: int, default: int | None = None) -> int | None:
        text = self.fields.get(name, "")
        if not text:
            if default is None:
                self.wrong(name, "missing")
            return default
        if not WHOLE.fullmatch(text) or not low <= int(text) <= high:
            self.wrong(name, "number", low=low, high=high)
            return None
        return int(text)

    def decimal(self, name: str, low: float, high: float) -> float | None:
        """A number strictly above `low` and at most `high`."""
        text = self.fields.get(name, "")
        if not text:
            self.wrong(name, "missing")
        elif not DECIMAL.fullmatch(text) or not low < float(text.replace(",", ".")) <= high:
            self.wrong(name, "number", low=low, high=high)
        else:
            return float(text.replace(",", "."))
        return None

    def one_of(self, name: str, known: tuple[str, ...]) -> str:
        found = self.fields.get(name, known[0])
        if found not in known:
            self.wrong(name, "choice")
            return known[0]
        return found

    def bounds(self, name: str, length: int) -> tuple[int, int]:
        """Least and most; empty ones are none and all."""
        low = self.whole(f"{name}_least", 0, MOST_LENGTH, 0) or 0
        high = self.whole(f"{name}_most", 0, MOST_LENGTH, max(low, length))
        return low, high if high is not None else length


def _areas(
    sheet: _Sheet, length: int
) -> tuple[dict[str, tuple[int, int]], dict[str, dict[str, str]], dict[str, str]]:
    bounds: dict[str, tuple[int, int]] = {}
    titles: dict[str, dict[str, str]] = {}
    standards: dict[str, str] = {}
    for n in area_numbers(sheet.fields):
        row = {part: sheet.fields.get(f"area_{n}_{part}", "") for part in AREA_PARTS}
        code = row["code"]
        if not CODE.fullmatch(code):
            sheet.wrong(f"area_{n}_code", "code")
            continue
        if code in bounds:
            sheet.wrong(f"area_{n}_code", "twice", code=code)
        for tongue in ("ky", "ru"):
            if not row[tongue]:
                sheet.wrong(f"area_{n}_{tongue}", "title", code=code)
        bounds[code] = sheet.bounds(f"area_{n}", length)
        titles[code] = {tongue: row[tongue] or row["ru"] for tongue in ("ky", "ru", "en")}
        standards[code] = row["standard"]
    if not bounds and not sheet.problems:
        sheet.wrong("area_0_code", "areas")
    return bounds, titles, standards


def _exposure(sheet: _Sheet) -> Control | None:
    method = sheet.one_of("exposure", ("none", *get_args(Exposure)))
    if method == "none":
        return None
    part = sheet.decimal("r_max", 0, 100)
    return Control(cast(Exposure, method), part / 100) if part is not None else None


def _time(sheet: _Sheet) -> TimeLimit | None:
    if not sheet.has("time_min"):
        return None
    minutes = sheet.decimal("time_min", 0, 600)
    slow = sheet.decimal("slow", 0, 99) if sheet.has("slow") else 5.0
    coverage = sheet.decimal("coverage", 49.999999, 99.999) if sheet.has("coverage") else 95.0
    if minutes is None or slow is None or coverage is None:
        return None
    return TimeLimit(60 * minutes, slow / 100, coverage / 100)


def _passages(sheet: _Sheet) -> PassageUse | None:
    if not sheet.has("passage_least", "passage_most", "passages_few", "passages_many"):
        return None
    least, most = (sheet.whole(f"passage_{end}", 1, MOST_LENGTH) for end in ("least", "most"))
    per_test = None
    if sheet.has("passages_few", "passages_many"):
        few, many = sheet.whole("passages_few", 0, MOST_LENGTH, 0), sheet.whole("passages_many", 0, MOST_LENGTH)
        per_test = (few, many) if few is not None and many is not None else None
    return PassageUse((least, most), per_test) if least is not None and most is not None else None


def _early(sheet: _Sheet) -> EarlyEnd | None:
    if not sheet.has("early_minimum", "early_se", "early_certainty", "early_percents"):
        return None
    minimum = sheet.whole("early_minimum", 1, MOST_LENGTH)
    se = sheet.decimal("early_se", 0, 2) if sheet.has("early_se") else None
    certainty = sheet.decimal("early_certainty", 50, 99.9999) if sheet.has("early_certainty") else None
    percents = _percents(sheet)
    if minimum is None:
        return None
    return EarlyEnd(minimum, se, None if certainty is None else certainty / 100, percents)


def _percents(sheet: _Sheet) -> tuple[float, ...]:
    parts = [part for part in re.split(r"[;\s]+", sheet.fields.get("early_percents", "")) if part]
    if any(not DECIMAL.fullmatch(part) or not 0 < float(part.replace(",", ".")) < 100 for part in parts):
        sheet.wrong("early_percents", "percents")
        return ()
    return tuple(sorted({float(part.replace(",", ".")) for part in parts}))
