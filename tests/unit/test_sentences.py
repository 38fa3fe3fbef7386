"""Sentences of errors: facts become words in the reader's language, and nothing missing ever breaks one."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.i18n import LANGUAGES, speaking
from server.core.regulation import load_edition
from server.core.ruling import plain
from server.delivery.rules import SectionTimeRule
from server.web.messages import MESSAGES, sentence
from server.web.messages.facts import minutes, say, spoken

ODD = {"n": None, "late_s": "?", "missing": [["a"], 1], "starts_at": "2026-99-99"}
NINE = datetime(2026, 5, 12, 3, 0, tzinfo=UTC)  # in Bishkek


def test_a_fact_stands_in_its_place() -> None:
    assert sentence("password_too_short", {"minimum": 12}) == (
        "The password is too short. Use at least 12 characters.")


def test_an_unknown_code_is_a_fault_of_the_server(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="synak"):
        text = sentence("no_such_code", {"a": 1})
    assert text.startswith("Something went wrong on the server.")
    assert "no_such_code" in caplog.text
    reference = caplog.records[0].args[1]  # type: ignore[index]
    assert str(reference) in text


def test_a_missing_fact_is_a_question_mark(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="synak"):
        text = sentence("password_too_short", {})
    assert text == "The password is too short. Use at least ? characters."
    assert "minimum" in caplog.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_no_sentence_ever_raises(code: str, language: str) -> None:
    with speaking(language):
        assert sentence(code, {})
        assert sentence(code, ODD, "DC-9")


FACT = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.decimals(),
              st.dates()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["late_s", "due_at", "subject", "tiers", "missing"]), FACT))
def test_no_fact_whatever_breaks_a_sentence(facts: dict[str, object]) -> None:
    assert sentence("late_arrival", facts, "DC-16")


@pytest.mark.parametrize(("seconds", "text"), [(1800, "30"), (1801, "30:01"), (59, "0:59"), (0, "0")])
def test_minutes(seconds: int, text: str) -> None:
    assert minutes(seconds) == text


def test_what_is_derived() -> None:
    said = spoken({"limit_s": 1801, "starts_at": NINE, "extra_max_s": "1350", "is_late": True})
    assert said["limit_min"] == "30:01"
    assert said["extra_max_min"] == "22:30"
    assert said["starts_time"] == "09:00"


@pytest.mark.parametrize(("fact", "text"), [
    (NINE, "12 May 2026, 09:00"),
    (plain(NINE), "12 May 2026, 09:00"),
    (datetime(2026, 5, 19, 17, 59, 59, tzinfo=UTC), "19 May 2026, 23:59:59"),
    (date(2026, 5, 25), "25 May 2026"),
    ("2026-05-25", "25 May 2026"),
    (time(9), "09:00"),
    ("09:00:30", "09:00:30"),
    (["a", "b"], "a, b"),
    (["a, b", "c"], "a, b; c"),
    ([[1, 2], [3, 4]], "1 – 2, 3 – 4"),
    ({"a": 1}, "a – 1"),
    ([], "—"), (None, "—"), ("", "—"),
    (Decimal("2.50"), "2.5"), (0.125, "0.125"), (7, "7"),
    ("2026-05-25T", "2026-05-25T"), ("25:99:00", "25:99:00"),
])  # fmt: skip
def test_facts_as_text(fact: object, text: str) -> None:
    assert say(fact) == text


def test_instants_in_the_reader_s_language() -> None:
    with speaking("ru"):
        assert say(NINE) == "12 мая 2026, 09:00"
    with speaking("ky"):
        assert say(NINE) == "12 май 2026, 09:00"


def test_codes_get_the_titles_of_their_clause() -> None:
    assert say("number", "DC-9") == "Document number"
    assert say("number") == "number"
    with speaking("ru"):
        assert say(["chair", "member"], "DC-28") == "Председатель, Член комиссии"
        assert say("sealed_list", "DC-28") == "итоговый список с печатью"
    with speaking("ky"):
        assert say("sealed_list", "DC-28") == "мөөр басылган жыйынтык тизме"


def test_subjects_and_languages_are_never_codes() -> None:
    assert sentence("no_language_version", {"subject": "history", "language": "ky"}).startswith(
        "There are no items in this language: History of Kyrgyzstan, Kyrgyz.")
    text = sentence("sitting_subjects", {"subjects": "mathematics, physics-2"})
    assert "Without a limit: Mathematics, physics-2." in text


def test_a_ruling_s_facts_are_enough_for_its_sentence() -> None:
    rule = load_edition("kg-distinction", "2013").get("DC-12", SectionTimeRule)
    ruling = rule.judge("mathematics", NINE, NINE.replace(hour=4, second=1))
    text = sentence(ruling.code, ruling.facts, ruling.clause)
    assert text.startswith("The 60 min of this section are over")
