"""Tests of packages: their outlines come in, go out and come back equal; what is not kept is named by its line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itembank.interchange.outline import Entry, Outline, Outlined, Part, Section, from_json, to_json
from itembank.interchange.qti.package import Package
from itembank.interchange.qti.tests import DEEPEST, MOST_PARTS
from itembank.interchange.qti.writing import write_qti
from tests.factories.itembank import new_item
from tests.factories.packages import DEFAULTS, SPACES, declared, item, kebab, package

CHOICES = '<simpleChoice identifier="A">a</simpleChoice><simpleChoice identifier="B">b</simpleChoice>'
CHOICE = f'<p>?</p><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">{CHOICES}</choiceInteraction>'
ITEMS = {f"{name}.xml": item(CHOICE, declared("A"), identifier=name, title=name) for name in "abc"}


def a_document(inside: str, about: str = "", **attributes: str) -> str:
    named = {"identifier": "T", "title": "Сынак", **attributes}
    given = " ".join(f'{name}="{value}"' for name, value in named.items())
    return (f'<assessmentTest xmlns="{SPACES["2.1"]}" {given}>\n{about}'
            f'<testPart identifier="P" navigationMode="nonlinear" submissionMode="simultaneous">{inside}</testPart>'
            "</assessmentTest>")


def ref(name: str, inside: str = "") -> str:
    return f'<assessmentItemRef identifier="r-{name}" href="{name}.xml">{inside}</assessmentItemRef>'


def section(inside: str, name: str = "S", **attributes: str) -> str:
    given = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<assessmentSection identifier="{name}" title="Бөлүк" visible="true"{given}>{inside}</assessmentSection>'


def outlined(*documents: str, **others: str) -> tuple[Outlined, ...]:
    files = {f"t{n}.xml": text for n, text in enumerate(documents)}
    return Package(package({**ITEMS, **files, **{f"{name}.xml": text for name, text in others.items()}}),
                   DEFAULTS).tests


def said(test: Outlined) -> list[tuple[str, str]]:
    return [(each.code, str(each.facts.get("element", each.facts.get("attribute", "")))) for each in test.notes]


def test_sections_items_times_weights_and_choice_are_kept_in_their_order() -> None:
    inner = section(ref("c"), "S2")
    first = ('<timeLimits maxTime="600"/><selection select="2"/><ordering shuffle="true"/>'
             + ref("b", '<timeLimits maxTime="90"/><weight identifier="W" value="2.5"/>') + inner + ref("a"))
    [found] = outlined(a_document(section(first) + section(ref("a"), "S3"), '<timeLimits maxTime="3600"/>'))
    assert found.outlines["ky"] == Outline("T", "Сынак", (Part("P", "nonlinear", "simultaneous", (
        Section("S", "Бөлүк", (Entry("r-b", "b", 2.5, 90), Section("S2", "Бөлүк", (Entry("r-c", "c"),)),
                               Entry("r-a", "a")), 600, 2, True),
        Section("S3", "Бөлүк", (Entry("r-a", "a"),)),
    )),), 3600)
    assert (found.problems, found.notes) == ((), ())


def test_what_an_outline_cannot_hold_is_named_line_by_line() -> None:
    rules = "<preCondition/><branchRule target='EXIT_TEST'/><itemSessionControl maxAttempts='1'/>"
    inside = section("<rubricBlock view='candidate'>x</rubricBlock><selection select='1' withReplacement='true'/>"
                     + ref("a", rules + "<templateDefault templateIdentifier='x'/>"), fixed="true")
    about = ("<outcomeDeclaration identifier='LEVEL' cardinality='single'/><timeLimits minTime='5' maxTime='9'/>")
    document = a_document(inside, about).replace(
        "</assessmentTest>", "<outcomeProcessing><outcomeCondition/></outcomeProcessing>"
        "<testFeedback>x</testFeedback></assessmentTest>")
    [found] = outlined(document)
    assert set(said(found)) == {
        ("test_rule", "preCondition"), ("test_rule", "branchRule"), ("test_rule", "itemSessionControl"),
        ("test_rule", "templateDefault"), ("test_rule", "selection"), ("test_rule", "timeLimits"),
        ("test_part", "rubricBlock"), ("test_part", "testFeedback"), ("test_part", "outcomeDeclaration"),
        ("test_limit", "fixed"), ("test_scoring", "outcomeCondition"),
    }
    assert all(each.facts["line"] == 2 for each in found.notes)
    assert found.outlines["ky"].time_s == 9


def test_scoring_that_is_a_sum_is_what_we_do() -> None:
    total = ("<outcomeProcessing><setOutcomeValue identifier='SCORE'><sum><testVariables variableIdentifier='SCORE'/>"
             "</sum></setOutcomeValue></outcomeProcessing>")
    [found] = outlined(a_document(section(ref("a"))).replace("</assessmentTest>", total + "</assessmentTest>"))
    assert found.notes == ()


def test_an_item_that_is_not_there_leaves_its_place_empty() -> None:
    [found] = outlined(a_document(section(ref("a") + ref("gone"))))
    assert [each.item for each in found.outlines["ky"].entries()] == ["a", ""]
    assert [each.code for each in found.notes] == ["test_item"]


def test_a_section_in_a_file_of_its_own() -> None:
    alone = f'<assessmentSection xmlns="{SPACES["2.1"]}" identifier="E" title="E">{ref("b")}</assessmentSection>'
    held = '<assessmentSectionRef identifier="E" href="e.xml"/>'
    [found] = outlined(a_document(section(ref("a") + held)), e=alone)
    assert [each.item for each in found.outlines["ky"].entries()] == ["a", "b"]
    data = package({**ITEMS, "e.xml": alone})
    assert [each.code for each in Package(data, DEFAULTS).remarks] == ["qti_test"]


@pytest.mark.parametrize("inside", [
    "", section(""), section('<assessmentSectionRef identifier="x" href="gone.xml"/>' + ref("a")),
    section('<assessmentSectionRef identifier="x" href="../../etc/passwd"/>' + ref("a")),
    section('<assessmentSectionRef identifier="x" href="a.xml"/>' + ref("a")),
    section(ref("a") * (MOST_PARTS + 1)), section("<script/>" + ref("a")),
])
def test_a_test_that_cannot_be_read_costs_no_item(inside: str) -> None:
    found = Package(package({**ITEMS, "t.xml": a_document(inside)}), DEFAULTS)
    assert all(each.item is not None for each in found)
    [test] = found.tests
    assert test.outlines == {}
    assert test.problems


def test_sections_that_name_each_other_end_somewhere() -> None:
    def alone(name: str, other: str) -> str:
        names = f'<assessmentSectionRef identifier="x" href="{other}.xml"/>' * 3
        return f'<assessmentSection xmlns="{SPACES["2.1"]}" identifier="{name}" title="x">{names}</assessmentSection>'

    chain = {f"s{n}": alone(f"s{n}", f"s{n + 1}") for n in range(DEEPEST + 10)}
    start = a_document(section('<assessmentSectionRef identifier="x" href="s0.xml"/>'))
    for others in ({"x": alone("x", "y"), "y": alone("y", "x")}, chain):
        [found] = outlined(start.replace("s0.xml", f"{next(iter(others))}.xml"), **others)
        assert {each.code for each in found.problems} <= {"test_section", "test_large", "test_empty"}
        assert found.problems


def test_the_languages_of_a_test_are_one_test() -> None:
    one, other = (write_qti([new_item("A")], {"ky": outline("A"), "ru": replace(outline("A"), title="Тест")})
                  for _ in range(2))
    assert one == other
    [found] = Package(one, DEFAULTS).tests
    assert {language: each.title for language, each in found.outlines.items()} == {"ky": "Сынак", "ru": "Тест"}


def outline(*codes: str) -> Outline:
    inside = tuple(Entry(f"i{n}", code) for n, code in enumerate(codes))
    return Outline("T", "Сынак", (Part("P", "linear", "individual", (Section("S", "Бөлүк", inside),)),))


CODES = ("A", "B-2", "Ж/3")
names = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)
times = st.none() | st.integers(1, 7200).map(float)
entries = st.builds(Entry, names, st.sampled_from(CODES), st.integers(0, 40).map(lambda n: n / 4), times)
sections = st.recursive(
    st.builds(Section, names, names, st.lists(entries, min_size=1, max_size=3).map(tuple), times,
              st.none() | st.integers(1, 9), st.booleans(), st.booleans()),
    lambda inner: st.builds(Section, names, names, st.lists(entries | inner, min_size=1, max_size=3).map(tuple)),
    max_leaves=4,
)
parts = st.builds(Part, names, st.sampled_from(["linear", "nonlinear"]),
                  st.sampled_from(["individual", "simultaneous"]),
                  st.lists(sections, min_size=1, max_size=2).map(tuple), times)


@settings(max_examples=40, deadline=None)
@given(st.builds(Outline, names, names, st.lists(parts, min_size=1, max_size=2).map(tuple), times))
def test_any_outline_goes_out_and_comes_back_equal(found: Outline) -> None:
    items = [new_item(code) for code in CODES]
    package = Package(write_qti(items, {"ky": found, "ru": found}), DEFAULTS)
    assert [each.item for each in package] == items
    [test] = package.tests
    assert (test.problems, test.notes) == ((), ())
    assert test.outlines == {"ky": found, "ru": found}
    assert from_json(to_json(test.outlines)) == test.outlines


def test_what_goes_out_is_written_as_the_standard_writes_it() -> None:
    data = Package(write_qti([new_item("A")], {"ky": outline("A")}), DEFAULTS)
    text = data._archive.read("tests/t-T-ky.xml").decode()
    for tag in ("assessmentTest", "testPart", "assessmentSection", "assessmentItemRef", "outcomeProcessing"):
        assert f"<qti-{kebab(tag)}" in text
    assert 'href="../items/i-A-ky.xml"' in text
