"""What published packages are like, in words of our own: each item has a report, and none breaks the reader."""

from __future__ import annotations

import pytest

from itembank.interchange.qti.package import Package
from itembank.interchange.remarks import Outcome
from tests.factories.packages import DEFAULTS, PNG, declared, imported, item, package

FIXED = "".join(f'<simpleChoice identifier="o{n}" fixed="true"><p>{n * 10} км</p></simpleChoice>' for n in (1, 2, 3, 4))
CORRECT = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'


def codes(outcome: Outcome) -> tuple[list[str], list[str]]:
    return [each.code for each in outcome.problems], [each.code for each in outcome.notes]


def stem(outcome: Outcome) -> str:
    assert outcome.item is not None, outcome.problems
    return outcome.item.texts["ky"].stem


def test_rubrics_for_many_kinds_of_readers() -> None:
    film = "<video><source src='x.mp4' type='video/mp4'/></video>"
    signed = f"<card support='sign-language'><htmlContent>{film}</htmlContent></card>"
    body = ('<rubricBlock view="tutor"><contentBody><p>Жардам бериңиз.</p></contentBody></rubricBlock>'
            '<rubricBlock view="candidate"><stylesheet href="a.css" type="text/css"/><contentBody>'
            "<p>Бирин тандаңыз.</p></contentBody>"
            f"<catalogInfo><catalog id='c'>{signed}</catalog></catalogInfo></rubricBlock><p>Жол 2 км.</p>"
            f'<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>Канча?</prompt>{FIXED}'
            '</choiceInteraction><rubricBlock view="scorer"><contentBody>Эреже.</contentBody></rubricBlock>')
    outcome = imported(item(body, declared("o4"), CORRECT, "3.0"), version="3.0")
    assert stem(outcome) == "Бирин тандаңыз.\n\nЖол 2 км.\n\nКанча?"
    assert codes(outcome) == ([], ["qti_part", "qti_card", "qti_fixed"])


def test_a_formula_in_presentation_mathematics_alone() -> None:
    body = ('<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1"><prompt>Ким ойлоп тапкан: '
            '<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow><mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi>'
            f"<mn>2</mn></msup></mrow></math> ?</prompt>{FIXED}</choiceInteraction>")  # fmt: skip
    assert stem(imported(item(body, declared("o1"), CORRECT))) == "Ким ойлоп тапкан: $E=mc^{2}$ ?"


@pytest.mark.parametrize(("mathematics", "latex"), [
    ("<mfrac><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow><mn>2</mn></mfrac>", "\\frac{x+1}{2}"),
    ("<mroot><mn>8</mn><mn>3</mn></mroot><mo>·</mo><msqrt><mi>π</mi></msqrt>", "\\sqrt[3]{8}\\cdot \\sqrt{\\pi }"),
    ("<msub><mi>x</mi><mn>1</mn></msub><mo>≤</mo><mn>2,5</mn>", "x_{1}\\le 2{,}5"),
    ("<msubsup><mo>∫</mo><mn>0</mn><mn>1</mn></msubsup><mi>x</mi>", "\\int _{0}^{1}x"),
    ("<mover><mrow><mi>A</mi><mi>B</mi></mrow><mo>→</mo></mover>", "\\vec{AB}"),
    ("<mfenced><mi>a</mi><mi>b</mi></mfenced><mtext>см</mtext>", "(a,b)\\text{ см }"),
    ("<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>", "\\begin{matrix} 1 & 2 \\end{matrix}"),
])  # fmt: skip
def test_mathematics_becomes_latex(mathematics: str, latex: str) -> None:
    math = f'<p><math xmlns="http://www.w3.org/1998/Math/MathML">{mathematics}</math></p>'
    choice = f'<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">{FIXED}</choiceInteraction>'
    assert stem(imported(item(math + choice, declared("o1"), CORRECT))) == f"${latex}$"


def test_mathematics_that_the_bank_cannot_show_is_said() -> None:
    math = '<p><math xmlns="http://www.w3.org/1998/Math/MathML"><mlongdiv/></math></p>'
    choice = f'<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">{FIXED}</choiceInteraction>'
    assert codes(imported(item(math + choice, declared("o1"), CORRECT)))[0] == ["interchange_formula_unread"]


def test_a_picture_whose_words_stand_inside_it_and_a_rubric_with_a_list() -> None:
    body = ('<p>Окуңуз.</p><div><object type="image/png" data="images/card.png"><blockquote>'
            '<p>Бул менин<br/> шаарым.</p></blockquote></object></div>'
            '<extendedTextInteraction responseIdentifier="RESPONSE" expectedLength="200">'
            '<prompt>Жооп жазыңыз.</prompt></extendedTextInteraction>'
            '<rubricBlock view="scorer"><h1>Баалоо</h1><div>'
            "<p><b>Упай:</b> 3</p><ul><li>бири</li><li>экинчиси</li></ul></div></rubricBlock>")  # fmt: skip
    key = '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"/>'
    outcome = imported(item(body, key), {"items/images/card.png": PNG})
    assert stem(outcome) == "Окуңуз.\n\n![card]\n\nЖооп жазыңыз."
    assert outcome.item is not None
    text = outcome.item.texts["ky"]
    assert text.rubric == "**Баалоо**\n\n**Упай:** 3\n\n– бири\n\n– экинчиси"
    assert text.figures["card"].alternative == "Бул менин шаарым."


def test_a_text_with_several_questions_in_it() -> None:
    menu = '<inlineChoice identifier="A">a</inlineChoice><inlineChoice identifier="B">b</inlineChoice>'
    body = (f'<choiceInteraction responseIdentifier="R1" maxChoices="1">{FIXED}</choiceInteraction><div>Анын аты '
            f'<inlineChoiceInteraction responseIdentifier="R2">{menu}</inlineChoiceInteraction>, ал '
            '<textEntryInteraction responseIdentifier="R3"/>.</div>')  # fmt: skip
    assert codes(imported(item(body, declared("o1", name="R1"))))[0] == ["qti_several"]


@pytest.mark.parametrize("tag", ["hottextInteraction", "associateInteraction", "sliderInteraction", "uploadInteraction",
                                 "selectPointInteraction", "graphicOrderInteraction", "positionObjectInteraction",
                                 "drawingInteraction", "graphicGapMatchInteraction",
                                 "endAttemptInteraction"])  # fmt: skip
@pytest.mark.parametrize("version", ["2.1", "3.0"])
def test_types_that_the_bank_does_not_have_are_named(tag: str, version: str) -> None:
    kebab = "".join(f"-{c.lower()}" if c.isupper() else c for c in tag)
    name = tag if version == "2.1" else f"qti-{kebab}"
    document = item(f'<{name} responseIdentifier="RESPONSE"/>', declared("A"), version=version)
    outcome = imported(document, version=version)
    assert [(each.code, each.facts) for each in outcome.problems] == [("qti_interaction", {"element": tag})]


def test_an_item_that_makes_its_numbers_anew() -> None:
    key = declared("A") + '<templateDeclaration identifier="i" cardinality="single" baseType="integer"/>'
    assert "qti_template" in codes(imported(item("<p>?</p>", key)))[0]


def test_what_is_said_after_the_answer_is_left_out_and_named() -> None:
    body = ('<p>?<feedbackInline outcomeIdentifier="F" identifier="A" showHide="show">Ооба!</feedbackInline></p>'
            f'<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">{FIXED}</choiceInteraction>')  # fmt: skip
    after = '<modalFeedback identifier="x"><p>Азамат</p></modalFeedback>'
    outcome = imported(item(body, declared("o1"), CORRECT + after))
    assert stem(outcome) == "?"
    assert codes(outcome)[1].count("qti_feedback") == 2


def test_a_package_of_many_things_has_a_report_on_each() -> None:
    choice = f'<p>?</p><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">{FIXED}</choiceInteraction>'
    test = ('<assessmentTest xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="T"><testPart identifier="P">'
            '<assessmentSection identifier="S"><assessmentItemRef identifier="a" href="a.xml"/></assessmentSection>'
            "</testPart></assessmentTest>")  # fmt: skip
    items = {
        "a.xml": item(choice, declared("o1"), CORRECT, identifier="A"),
        "b.xml": item(choice, declared("o1"), CORRECT, identifier="B", **{"xml:lang": "he"}),
        "c.xml": item(choice, declared("o1"), CORRECT, identifier="a very long identifier, longer than any code"),
        "t.xml": test,
    }
    found = Package(package(items, {"style.css": "p {}"}), DEFAULTS)
    assert [(each.item is not None, [p.code for p in each.problems]) for each in found] == [
        (True, []), (False, ["qti_language"]), (True, []),
    ]  # fmt: skip
    assert found.remarks == ()
    [test] = found.tests
    assert [entry.item for entry in test.outlines["ky"].entries()] == ["A"]
    assert max(len(each.code) for each in found) == 40
