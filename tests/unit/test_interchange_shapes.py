"""Shapes that published examples of other systems have, in words of our own, in every version that is read."""

from __future__ import annotations

import pytest

from itembank.interchange.qti.package import Package
from itembank.interchange.remarks import Outcome
from itembank.items.content import NewItem
from tests.factories.packages import DEFAULTS, PNG, declared, imported, item, package

VERSIONS = ("2.0", "2.1", "2.2", "3.0")
CORRECT = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
MATHML = "http://www.w3.org/1998/Math/MathML"
STRING = '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"/>'
TWO = '<simpleChoice identifier="A">ооба{}</simpleChoice><simpleChoice identifier="B">жок</simpleChoice>'


def choice(inside: str = "", around: str = "<p>?</p>") -> str:
    return (f'{around}<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">{TWO.format(inside)}'
            "</choiceInteraction>")  # fmt: skip


def taken(outcome: Outcome) -> NewItem:
    assert outcome.problems == ()
    assert outcome.item is not None
    return outcome.item


def notes(outcome: Outcome) -> list[tuple[str, str]]:
    return [(each.code, str(each.facts.get("element", ""))) for each in outcome.notes]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_an_option_says_once_it_is_chosen_is_left_out(version: str) -> None:
    said = ' <feedbackInline outcomeIdentifier="F" identifier="A" showHide="show">Азамат!</feedbackInline>'
    outcome = imported(item(choice(said), declared("A"), CORRECT, version), version=version)
    assert taken(outcome).texts["ky"].options == ("ооба", "жок")
    assert notes(outcome) == [("qti_feedback", "feedbackInline")]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_hint_behind_a_button_is_left_out(version: str) -> None:
    body = choice() + '<infoControl title="Кеңеш">Ойлонуп көрүңүз.</infoControl>'
    outcome = imported(item(body, declared("A"), CORRECT, version), version=version)
    assert taken(outcome).texts["ky"].stem == "?"
    assert notes(outcome) == [("qti_part", "infoControl")]


@pytest.mark.parametrize("version", VERSIONS)
def test_words_that_a_script_shows_beside_the_text_are_no_part_of_it(version: str) -> None:
    tip = '<span data-role="tooltip-content" aria-hidden="true" id="t">Түшүндүрмө.</span>'
    around = f'<p>Бул <span data-role="tooltip-target" aria-describedby="t">сөз</span>{tip} эмне?</p>'
    outcome = imported(item(choice(around=around), declared("A"), CORRECT, version), version=version)
    assert taken(outcome).texts["ky"].stem == "Бул сөз эмне?"
    assert notes(outcome) == [("qti_part", "tooltip")]


@pytest.mark.parametrize("version", VERSIONS)
def test_of_a_picture_within_another_the_one_that_can_be_shown_is_taken(version: str) -> None:
    body = ('<div><object type="image/eps" data="card.eps"><object type="image/png" data="card.png"><p>Менин <br/>'
            'шаарым.</p></object></object></div><extendedTextInteraction responseIdentifier="RESPONSE"><prompt>Жазыңыз.'
            "</prompt></extendedTextInteraction>")  # fmt: skip
    text = taken(imported(item(body, STRING, "", version), {"items/card.png": PNG}, version)).texts["ky"]
    assert text.stem == "![card]\n\nЖазыңыз."
    assert text.figures["card"].alternative == "Менин шаарым."


@pytest.mark.parametrize("version", VERSIONS)
def test_a_picture_of_no_kind_of_ours_is_said(version: str) -> None:
    body = '<object type="image/eps" data="card.eps">Карта</object>' + choice()
    outcome = imported(item(body, declared("A"), CORRECT, version), {"items/card.eps": b"%!PS"}, version)
    assert [each.code for each in outcome.problems] == ["qti_picture"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_field_with_a_line_to_itself_leaves_no_blank(version: str) -> None:
    key = ('<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"><mapping '
           'defaultValue="0"><mapEntry mapKey="Талас" mappedValue="100" caseSensitive="false"/></mapping>'
           "</responseDeclaration>")  # fmt: skip
    body = '<p>Манастын [_____] кайда?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    by_map = '<responseProcessing template="https://www.imsglobal.org/question/rptemplates/CC2_map_response.xml"/>'
    outcome = imported(item(body, key, by_map, version), version=version)
    text = taken(outcome).texts["ky"]
    assert (text.stem, text.accepted) == ("Манастын [\\_\\_\\_\\_\\_] кайда?", ("Талас",))
    assert notes(outcome) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("encoding", "latex"), [
    ("latex", "\\frac{a}{b}"), ("SnuggleTeX", "\\[ \\frac{a}{b}\n \\]"), ("application/x-tex", "$\\frac{a}{b}$"),
])  # fmt: skip
def test_latex_beside_a_formula_is_kept_whatever_stands_around_it(version: str, encoding: str, latex: str) -> None:
    math = (f'<p><m:math xmlns:m="{MATHML}"><m:semantics><m:mfrac><m:mi>a</m:mi><m:mi>b</m:mi></m:mfrac><m:annotation '
            f'encoding="{encoding}">{latex}</m:annotation></m:semantics></m:math>?</p>')  # fmt: skip
    document = item(choice(around="@"), declared("A"), CORRECT, version).replace("@", math)
    assert taken(imported(document, version=version)).texts["ky"].stem == "$\\frac{a}{b}$?"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_question_without_a_right_answer_is_said(version: str) -> None:
    none = '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"/>'
    outcome = imported(item(choice(), none, "", version), version=version)
    assert [each.code for each in outcome.problems] == ["qti_no_key"]


@pytest.mark.parametrize("version", VERSIONS)
def test_answers_that_take_a_place_each_and_points_for_some_of_them(version: str) -> None:
    key = ('<responseDeclaration identifier="RESPONSE" cardinality="multiple" baseType="directedPair"><correctResponse>'
           "<value>W G1</value><value>S G2</value></correctResponse><mapping defaultValue='-1' lowerBound='0'>"
           '<mapEntry mapKey="W G1" mappedValue="1"/><mapEntry mapKey="S G2" mappedValue="2"/></mapping>'
           "</responseDeclaration>")  # fmt: skip
    words = "".join(f'<gapText identifier="{name}" matchMax="1">{word}</gapText>'
                    for name, word in (("W", "кыш"), ("S", "жай"), ("K", "күз")))  # fmt: skip
    body = (f'<gapMatchInteraction responseIdentifier="RESPONSE" maxAssociations="0">{words}<blockquote><p>Бири '
            '<gap identifier="G1"/>,<br/> бири <gap identifier="G2"/>.</p></blockquote></gapMatchInteraction>')
    by_map = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>'
    outcome = imported(item(body, key, by_map, version), version=version)
    assert taken(outcome).texts["ky"].options == ("кыш", "жай", "күз")
    assert notes(outcome) == [("qti_partial", "")]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_that_the_manifest_names_twice_is_one_item(version: str) -> None:
    document = item(choice(), declared("A"), CORRECT, version)
    data = package({"q.xml": document}, {"q.css": ""}, version)
    twice = package({"q.xml": document}, {"q.css": ""}, version, about='<file href="q.xml"/>')
    assert len(Package(data, DEFAULTS)) == len(Package(twice, DEFAULTS)) == 1


@pytest.mark.parametrize("version", VERSIONS)
def test_a_price_in_dollars_is_no_formula(version: str) -> None:
    outcome = imported(item(choice(around="<p>Баасы <b>5 $</b> же 7 $?</p>"), declared("A"), CORRECT, version),
                       version=version)  # fmt: skip
    assert taken(outcome).texts["ky"].stem == "Баасы **5 \\$** же 7 \\$?"
    assert outcome.notes == ()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_language_that_is_said_of_the_body_alone(version: str) -> None:
    document = item(choice(), declared("A"), CORRECT, version).replace(' xml:lang="ky"', "")
    bodies = ("<itemBody>", "<qti-item-body>")
    foreign = [document.replace(each, f'{each[:-1]} xml:lang="nl-NL">') for each in bodies if each in document]
    assert [each.code for each in imported(foreign[0], version=version).problems] == ["qti_language"]
    assert taken(imported(foreign[0].replace("nl-NL", "ru"), version=version)).texts.keys() == {"ru"}
