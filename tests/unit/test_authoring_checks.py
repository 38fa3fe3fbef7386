"""What is remarked of an item while it is written: each rule once, by the place it names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from itembank.authoring import checks, remarks
from itembank.items import source
from itembank.items.parts import NewText
from server.core.i18n import speaking
from tests.factories import itembank as factory

SOUND = {
    "ky": NewText("Кайсы сан $2^3$ менен барабар?", ("8 сан", "6 сан", "9 сан", "5 сан")),
    "ru": NewText("Какое число равно $2^3$?", ("8 чисел", "6 чисел", "9 чисел", "5 чисел")),
}


def item(texts: Mapping[str, NewText] = SOUND, **changes: Any) -> dict[str, Any]:
    return source.to_json(factory.new_item("MAT-1", texts=texts, **changes))


def said(value: dict[str, Any], stale: tuple[str, ...] = ()) -> set[tuple[str, str]]:
    return {(each.code, each.anchor) for each in checks.find(value, "ky", stale)}


def kyrgyz(stem: str = SOUND["ky"].stem, options: tuple[str, ...] = SOUND["ky"].options, **more: Any) -> dict[str, Any]:
    return item({**SOUND, "ky": NewText(stem, options, **more)})


def test_of_a_sound_item_nothing_is_remarked() -> None:
    assert checks.find(item(), "ky") == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (kyrgyz(stem="  "), ("text_missing", "ky.stem")),
        (kyrgyz(options=("8 сан", "", "9 сан", "5 сан")), ("text_missing", "ky.options.2")),
        (kyrgyz(options=("8 сан", "6 сан", "6  сан", "5 сан")), ("option_twice", "ky.options.3")),
        (kyrgyz(options=("8 сан", "6 сан", "9 сан", "Баары туура")), ("option_of_all", "ky.options.4")),
        (kyrgyz(options=("сегиз деген сан болот дейли", "6", "9", "5")), ("key_longest", "ky.options.1")),
        (kyrgyz(options=("8", "6", "9", "беш деген сан болот дейли")), ("option_stands_out", "ky.options.4")),
        (kyrgyz(stem="Мында $2^{3$ бар."), ("formula_wrong", "ky.stem")),
        (kyrgyz(stem="Кайсы сан $2^3$ менен барабар эмес?"), ("negative_plain", "ky.stem")),
        (kyrgyz(stem="Кайсы сан $2^4$ менен барабар?"), ("formulas_differ", "ru.stem")),
        (kyrgyz(options=("80 сан", "6 сан", "9 сан", "5 сан")), ("numbers_differ", "ru.options.1")),
        (kyrgyz(options=("8 км", "6 сан", "9 сан", "5 сан")), ("units_differ", "ru.options.1")),
        (kyrgyz(stem=" ".join(["сөз"] * 30) + "."), ("sentence_long", "ky.stem")),
        (kyrgyz(stem="Мында ![map] бар"), ("figure_unknown", "ky.stem")),
        (kyrgyz(stem="Мында [[1]] бар"), ("gaps_differ", "ky.stem")),
        (item({"ky": NewText("[[2]] кел", menus=(("а", "б"),))}, type="inline_choice"), ("gaps_differ", "ky.stem")),
        (item({"ky": NewText("кел", ("а", "б"))}, type="gap_match"), ("gaps_differ", "ky.stem")),
        (item({"ky": SOUND["ky"]}), ("language_missing", "")),
        (item(type="multiple_choice", n_right=4), ("key_none_wrong", "options")),
        (item({"ky": NewText("Жаз", rubric=" ")}, type="extended_text"), ("rubric_missing", "ky.rubric")),
        (item({"ky": NewText("Жаз")}, type="text_entry"), ("accepted_missing", "ky.accepted.1")),
        (item({"ky": NewText("Белгиле", ("а", "б"))}, type="hotspot"), ("picture_missing", "ky.picture")),
    ],
)
def test_a_rule_names_the_place(value: dict[str, Any], expected: tuple[str, str]) -> None:
    assert expected in said(value)


def test_figures_need_words_and_a_place() -> None:
    value = item()
    value["texts"]["ky"]["figures"] = {"map": {"digest": "0" * 64, "alternative": " ", "description": None}}
    assert {("alternative_missing", "ky.figures.map"), ("figure_unused", "ky.figures.map")} <= said(value)
    value["texts"]["ky"]["stem"] += " ![map]"
    value["texts"]["ky"]["figures"]["map"]["alternative"] = "Карта"
    assert ("figure_unused", "ky.figures.map") not in said(value)
    assert ("alternative_missing", "ky.figures.map") not in said(value)


def test_what_is_emphasised_is_no_overread_denial() -> None:
    assert ("negative_plain", "ky.stem") not in said(kyrgyz(stem="Кайсы сан $2^3$ менен барабар **эмес**?"))


def test_the_same_number_may_be_written_as_each_language_writes_it() -> None:
    texts = {
        "ky": NewText("Узундугу 2,5 км жол, $x = 2{,}5$.", ("8 кг", "6 м", "9 саат")),
        "en": NewText("A road of 2.5 km, $x = 2.5$.", ("8 kg", "6 m", "9 hours")),
    }
    assert not {code for code, _anchor in said(item(texts)) if code.endswith("differ")}


def test_a_stale_translation_is_an_error_and_errors_come_first() -> None:
    found = checks.find(kyrgyz(options=("сегиз деген сан болот дейли", "6", "9", "5")), "ky", ["ru"])
    assert (found[0].code, found[0].severity, found[0].anchor) == ("translation_stale", "error", "ru.stem")
    assert found[-1].severity == "warning"


def test_every_finding_has_its_sentence_in_each_language() -> None:
    source_text = Path(checks.__file__).read_text(encoding="utf-8")
    codes = set(re.findall(r'(?:Finding\(|_COMPARED.*|^ {4})"([a-z_]+_[a-z_]+)"', source_text, re.MULTILINE))
    codes |= {"formulas_differ", "numbers_differ", "units_differ", "near_duplicate", "contradiction"}
    codes |= {"near_duplicate_elsewhere"}
    assert codes == set(remarks.SENTENCES)
    facts = dict.fromkeys(("formula", "reason", "n", "begin", "figure", "missing", "added", "item", "percent", "gaps",
                           "parts"), "7")  # fmt: skip
    for language in ("ky", "ru", "en"):
        with speaking(language):
            for code in codes:
                words = remarks.sentence(checks.Finding(code, "error", "", {**facts, "language": "ru"}))
                assert words
                assert "%(" not in words
