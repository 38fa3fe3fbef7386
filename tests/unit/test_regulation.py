"""Editions are read, typed, cached and pinned; whatever does not fit is named by file, clause and field."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core import regulation, terms
from server.core.errors import Refused
from server.core.regulation import RegulationError, Rule, load_edition, paragraph, rule
from server.core.ruling import Ruling, plain
from server.core.terms import MonthDay, Named, Term

HEAD = """
[edition]
code = "xx-test"
version = "1"
timezone = "Asia/Bishkek"
act = "an act"
title = { ky = "a", ru = "b", en = "c" }
"""
CLAUSE = """
[clause."XX-1"]
rule = "probe"
source = "1"
title = { ky = "a", ru = "b", en = "c" }
"""
FIELDS = {
    "count": "3", "ratio": "1.1", "at": "09:00:00", "by": '"02-29"', "mode": '"soft"', "names": '["x"]',
    "per": '{ x = 1 }', "term": '{ days = 7, counting = "exact" }',
    "listed": '[{ code = "x", ky = "1", ru = "2", en = "3" }]',
}


@pytest.fixture(autouse=True)
def _probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regulation, "_registry", {})
    rule("probe")(ProbeRule)


@dataclass(frozen=True, kw_only=True)
class ProbeRule(Rule):
    """A field of every type."""

    count: int
    ratio: Decimal
    at: time
    by: MonthDay
    mode: Literal["soft", "hard"]
    names: tuple[str, ...]
    per: Mapping[str, int]
    term: Term
    listed: tuple[Named, ...]
    added_later: bool = True


def write(folder: Path, head: str = HEAD, clause: str = CLAUSE, **fields: str | None) -> Path:
    stated = {**FIELDS, **fields}
    lines = [f"{name} = {value}" for name, value in stated.items() if value is not None]
    (folder / "xx-test-1.toml").write_text(head + clause + "\n".join(lines), "utf-8")
    return folder


def test_fields_arrive_typed(tmp_path: Path) -> None:
    probe = load_edition("xx-test", "1", root=write(tmp_path)).get("XX-1", ProbeRule)
    assert (probe.count, probe.ratio, probe.at, probe.by) == (3, Decimal("1.1"), time(9), MonthDay(2, 29))
    assert (probe.mode, probe.names, probe.per) == ("soft", ("x",), {"x": 1})
    assert probe.term == Term(days=7, counting="exact")
    assert probe.listed[0].title("ru") == "2"
    assert probe.added_later is True
    assert (probe.clause, probe.zone) == ("XX-1", ZoneInfo("Asia/Bishkek"))


@pytest.mark.parametrize(("change", "field"), [
    ({"count": None}, "count"), ({"count": '"3"'}, "count"), ({"count": "true"}, "count"),
    ({"count": "-1"}, "count"), ({"count": "3.0"}, "count"), ({"ratio": '"1"'}, "ratio"),
    ({"at": "2013-05-01"}, "at"), ({"by": '"02-30"'}, "by"), ({"mode": '"other"'}, "mode"),
    ({"names": '"x"'}, "names"), ({"names": "[1]"}, "names[0]"), ({"per": '{ x = "1" }'}, "per.x"),
    ({"term": "{ days = 7 }"}, "term.counting"), ({"added_later": "1"}, "added_later"),
    ({"term": '{ days = 7, counting = "exact", hours = 1 }'}, "term.hours"),
    ({"listed": '[{ code = "x", ky = "1", ru = "2" }]'}, "listed[0].en"), ({"surplus": "1"}, "surplus"),
])
def test_a_field_that_does_not_fit_is_named(tmp_path: Path, change: dict[str, Any], field: str) -> None:
    edition = load_edition("xx-test", "1", root=write(tmp_path, **change))
    with pytest.raises(RegulationError) as caught:
        edition.verify()
    assert (caught.value.file, caught.value.clause, caught.value.field) == ("xx-test-1.toml", "XX-1", field)
    for part in ("xx-test-1.toml", "XX-1", field):
        assert part in str(caught.value)


@pytest.mark.parametrize(("head", "clause", "field"), [
    (HEAD.replace("Asia/Bishkek", "Asia/Nowhere"), CLAUSE, "edition.timezone"),
    (HEAD.replace('version = "1"', 'version = "2"'), CLAUSE, "edition"),
    (HEAD.replace(', en = "c"', ""), CLAUSE, "edition.title.en"),
    (HEAD, CLAUSE.replace(', ky = "a"', "").replace('ky = "a", ', ""), "title.ky"),
    (HEAD, CLAUSE.replace('source = "1"', ""), "source"),
    (HEAD, CLAUSE + "choice = true\n", "note"),
    (HEAD, CLAUSE + 'choice = true\nnote = "why"\n', "chosen"),
    (HEAD, CLAUSE + 'choice = true\nnote = "why"\nchosen = ["nothing"]\n', "chosen"),
    ("[surplus]\n" + HEAD, CLAUSE, "surplus"),
])
def test_a_frame_that_does_not_fit_is_named(tmp_path: Path, head: str, clause: str, field: str) -> None:
    with pytest.raises(RegulationError) as caught:
        load_edition("xx-test", "1", root=write(tmp_path, head, clause))
    assert caught.value.field.startswith(field)


def test_an_unknown_tag_is_named_when_the_clause_is_asked_for(tmp_path: Path) -> None:
    edition = load_edition("xx-test", "1", root=write(tmp_path, clause=CLAUSE.replace("probe", "nobody")))
    with pytest.raises(RegulationError, match="clause XX-1, field rule: unknown tag 'nobody'"):
        edition.rule("XX-1")


def test_no_such_clause_edition_or_class(tmp_path: Path) -> None:
    edition = load_edition("xx-test", "1", root=write(tmp_path))
    with pytest.raises(RegulationError, match="no such clause"):
        edition.rule("XX-9")
    with pytest.raises(RegulationError, match="no such edition"):
        load_edition("xx-test", "7", root=tmp_path)

    @dataclass(frozen=True, kw_only=True)
    class OtherRule(Rule):
        """Not what XX-1 is."""

    with pytest.raises(RegulationError, match="ProbeRule, not OtherRule"):
        edition.get("XX-1", OtherRule)


def test_broken_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "xx-test-1.toml").write_text("= nonsense", "utf-8")
    with pytest.raises(RegulationError, match=r"xx-test-1\.toml"):
        load_edition("xx-test", "1", root=tmp_path)


def test_a_pinned_digest_is_kept(tmp_path: Path) -> None:
    digest = hashlib.sha256((write(tmp_path) / "xx-test-1.toml").read_bytes()).hexdigest()
    assert load_edition("xx-test", "1", digest=digest, root=tmp_path).digest == digest
    with pytest.raises(RegulationError, match="pinned"):
        load_edition("xx-test", "1", digest="0" * 64, root=tmp_path)


def test_editions_and_rules_are_cached(tmp_path: Path) -> None:
    edition = load_edition("xx-test", "1", root=write(tmp_path))
    assert load_edition("xx-test", "1", root=tmp_path) is edition
    assert edition.rule("XX-1") is edition.rule("XX-1")
    assert edition.all_of(ProbeRule) == (edition.rule("XX-1"),)
    assert edition.label("XX-1", "ru") == "XX-1 · b"
    tags = ("DC-12.pace", "CS-14.2", "AC-1a", "DC-9")
    assert [paragraph(each) for each in tags] == ["DC-12", "CS-14.2", "AC-1a", "DC-9"]
    assert regulation.editions(tmp_path) == (edition,)


def test_a_tag_belongs_to_one_frozen_class() -> None:
    with pytest.raises(ValueError, match="belongs to"):
        @rule("probe")
        @dataclass(frozen=True, kw_only=True)
        class Usurper(Rule):
            """Takes a tag that is taken."""

    with pytest.raises(TypeError, match="frozen"):
        rule("loose")(object)  # type: ignore[type-var]


def test_a_ruling_survives_storage() -> None:
    probe = Rule(clause="XX-1", zone=ZoneInfo("Asia/Bishkek"))
    at = datetime(2013, 5, 1, 9, tzinfo=probe.zone)
    ruling = probe.refuse("no", at=at, on=date(2013, 5, 1),
                          share=Decimal("0.50"), took=timedelta(minutes=1), who={"b", "a"}, none=None)
    assert ruling.facts == {"at": "2013-05-01T03:00:00+00:00", "on": "2013-05-01", "share": "0.5", "took": 60,
                            "who": ["a", "b"], "none": None}
    assert Ruling.from_json(json.loads(json.dumps(ruling.to_json()))) == ruling
    with pytest.raises(ValueError, match="missing"):
        Ruling.from_json({"allowed": True})


def test_a_ruling_refuses_what_it_cannot_store() -> None:
    with pytest.raises(TypeError):
        plain(object())
    with pytest.raises(ValueError, match="aware"):
        plain(datetime(2013, 5, 1))


def test_a_refusal_carries_its_ruling() -> None:
    probe = Rule(clause="XX-1", zone=ZoneInfo("Asia/Bishkek"))
    assert probe.allow("yes").or_refuse().allowed
    with pytest.raises(Refused) as caught:
        probe.refuse("no", limit=3).or_refuse()
    assert (caught.value.code, caught.value.facts) == ("no", {"limit": 3})
    assert caught.value.ruling.clause == "XX-1"


@pytest.mark.parametrize(("day", "months", "expected"), [
    (date(2021, 8, 31), 3, date(2021, 11, 30)), (date(2021, 11, 30), 3, date(2022, 2, 28)),
    (date(2023, 11, 30), 3, date(2024, 2, 29)), (date(2021, 12, 1), 1, date(2022, 1, 1)),
    (date(2024, 2, 29), 12, date(2025, 2, 28)),
])
def test_months_end_where_the_calendar_ends(day: date, months: int, expected: date) -> None:
    assert terms.add_months(day, months) == expected


def test_a_calendar_term_ends_with_the_local_day_also_when_clocks_change() -> None:
    warsaw = ZoneInfo("Europe/Warsaw")
    start = datetime(2030, 3, 30, 12, tzinfo=warsaw)  # summer time begins on the 31st
    whole, exact = Term(days=1, counting="calendar_days"), Term(days=1, counting="exact")
    assert whole.last(start, warsaw) == datetime(2030, 3, 31, 21, 59, 59, tzinfo=UTC)
    assert exact.last(start, warsaw) == datetime(2030, 3, 31, 11, tzinfo=UTC)


def test_working_days_leave_out_weekends_and_holidays() -> None:
    law = load_edition("kg-distinction", "2013")
    five = Term(days=5, counting="working_days")
    friday = datetime(2026, 4, 24, 12, tzinfo=law.zone)
    # 27 to 30 April are four; 1 May is a holiday, 2 and 3 a weekend: the fifth is Monday, 4 May.
    assert five.last(friday, law.zone, law.calendar) == terms.end_of_day(date(2026, 5, 4), law.zone)
    assert five.last(friday, law.zone) == terms.end_of_day(date(2026, 4, 29), law.zone), "an empty calendar: any day"
    assert not law.calendar.is_working(date(2026, 5, 27)), "a holiday that moves"
    assert law.calendar.is_working(date(2027, 5, 27))
    trial = load_edition("zz-trial", "2030")
    assert trial.calendar.is_working(date(2030, 5, 5)), "a Sunday worked instead"
    assert not trial.calendar.is_working(date(2030, 5, 12))


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 40), st.integers(0, 40))
def test_working_days_add_up_and_end_on_one(day: date, n: int, m: int) -> None:
    calendar = load_edition("kg-distinction", "2013").calendar
    last = calendar.after(day, n)
    assert calendar.after(last, m) == calendar.after(day, n + m)
    assert n == 0 or calendar.is_working(last)
    between = [day + timedelta(days=k) for k in range(1, (last - day).days + 1)]
    assert sum(map(calendar.is_working, between)) == n


def test_a_week_without_a_working_day_is_no_calendar() -> None:
    with pytest.raises(ValueError, match="days_off"):
        terms.Calendar(days_off=(1, 2, 3, 4, 5, 6, 7))


def test_a_day_of_the_year_exists_every_year() -> None:
    assert MonthDay.parse("02-29").of(2025) == date(2025, 2, 28)
    assert MonthDay.parse("02-29").of(2028) == date(2028, 2, 29)
