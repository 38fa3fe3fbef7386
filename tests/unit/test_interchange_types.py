"""Each type of item as other systems write it, in QTI 2.0, 2.1, 2.2 and 3.0, becomes the item that was meant."""

from __future__ import annotations

import pytest

from itembank.interchange.qti.package import Package
from itembank.interchange.remarks import Outcome
from itembank.items.content import NewItem
from tests.factories.packages import DEFAULTS, PNG, SVG, declared, imported, item, package

VERSIONS = ("2.0", "2.1", "2.2", "3.0")
CORRECT = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
CHOICES = "".join(f'<simpleChoice identifier="{name}">{text}</simpleChoice>' for name, text in
                  (("A", "Нарын"), ("B", "<em>Ош</em>"), ("C", "Талас"), ("D", "Баткен")))  # fmt: skip


def taken(outcome: Outcome) -> NewItem:
    assert outcome.problems == ()
    assert outcome.item is not None
    return outcome.item


def codes(outcome: Outcome) -> tuple[list[str], list[str]]:
    return [each.code for each in outcome.problems], [each.code for each in outcome.notes]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_choice_has_its_right_option_first(version: str) -> None:
    body = ('<p>Кайсы шаар <strong>түндүктө</strong>?</p><choiceInteraction responseIdentifier="RESPONSE" '
            f'shuffle="true" maxChoices="1"><prompt>Тандаңыз.</prompt>{CHOICES}</choiceInteraction>')  # fmt: skip
    outcome = imported(item(body, declared("C"), CORRECT, version), version=version)
    found = taken(outcome)
    assert found.type == "choice"
    assert found.texts["ky"].stem == "Кайсы шаар **түндүктө**?\n\nТандаңыз."
    assert found.texts["ky"].options == ("Талас", "Нарын", "_Ош_", "Баткен")
    assert (found.code, found.subject, found.area, found.tier) == ("Q-1", "geography", "north", "medium")
    assert found.shuffle
    assert outcome.notes == ()


@pytest.mark.parametrize("version", VERSIONS)
def test_several_right_ones_come_first_in_the_order_they_are_shown(version: str) -> None:
    body = f'<p>?</p><choiceInteraction responseIdentifier="RESPONSE" maxChoices="0">{CHOICES}</choiceInteraction>'
    found = taken(imported(item(body, declared("D", "B", cardinality="multiple"), CORRECT, version), version=version))
    assert (found.type, found.n_right, found.shuffle) == ("multiple_choice", 2, False)
    assert found.texts["ky"].options == ("_Ош_", "Баткен", "Нарын", "Талас")


@pytest.mark.parametrize("version", VERSIONS)
def test_an_order_is_handed_in_right(version: str) -> None:
    body = f'<p>?</p><orderInteraction responseIdentifier="RESPONSE" shuffle="true">{CHOICES}</orderInteraction>'
    key = declared("D", "B", "A", "C", cardinality="ordered")
    found = taken(imported(item(body, key, CORRECT, version), version=version))
    assert found.type == "ordering"
    assert found.texts["ky"].options == ("Баткен", "_Ош_", "Нарын", "Талас")


MATCH = """<matchInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="2">
<prompt>Дал келтириңиз.</prompt>
<simpleMatchSet><simpleAssociableChoice identifier="a" matchMax="1">бир</simpleAssociableChoice>
<simpleAssociableChoice identifier="b" matchMax="1">эки</simpleAssociableChoice></simpleMatchSet>
<simpleMatchSet><simpleAssociableChoice identifier="x" matchMax="1">3</simpleAssociableChoice>
<simpleAssociableChoice identifier="y" matchMax="1">2</simpleAssociableChoice>
<simpleAssociableChoice identifier="z" matchMax="1">1</simpleAssociableChoice></simpleMatchSet></matchInteraction>"""


@pytest.mark.parametrize("version", VERSIONS)
def test_a_matching_has_a_partner_for_each_prompt(version: str) -> None:
    key = declared("b y", "a z", cardinality="multiple", base="directedPair")
    text = taken(imported(item(MATCH, key, CORRECT, version), version=version)).texts["ky"]
    assert (text.prompts, text.options) == (("бир", "эки"), ("1", "2", "3"))


def test_a_matching_in_which_a_partner_serves_two_is_not_one_of_ours() -> None:
    key = declared("b y", "a y", cardinality="multiple", base="directedPair")
    assert codes(imported(item(MATCH, key, CORRECT)))[0] == ["qti_pairs"]


GAPS = """<gapMatchInteraction responseIdentifier="RESPONSE" shuffle="true"><prompt>Толтуруңуз.</prompt>
<gapText identifier="W" matchMax="1">кыш</gapText><gapText identifier="S" matchMax="1">жай</gapText>
<gapText identifier="K" matchMax="1">күз</gapText>
<blockquote><p>Азыр <gap identifier="G1"/>, эртең <gap identifier="G2"/>.</p></blockquote></gapMatchInteraction>"""


@pytest.mark.parametrize("version", VERSIONS)
def test_words_stand_in_the_order_of_their_gaps(version: str) -> None:
    key = declared("K G1", "W G2", cardinality="multiple", base="directedPair")
    text = taken(imported(item(GAPS, key, CORRECT, version), version=version)).texts["ky"]
    assert text.stem == "Толтуруңуз.\n\nАзыр [[1]], эртең [[2]]."
    assert text.options == ("күз", "кыш", "жай")


@pytest.mark.parametrize("version", VERSIONS)
def test_drop_downs_stand_in_the_text(version: str) -> None:
    menu = "".join(f'<inlineChoice identifier="{name}">{name.lower()}</inlineChoice>' for name in "ABC")
    body = (f'<p>Бир <inlineChoiceInteraction responseIdentifier="R1" shuffle="true">{menu}</inlineChoiceInteraction>, '
            f'эки <inlineChoiceInteraction responseIdentifier="R2" shuffle="true">{menu}</inlineChoiceInteraction>.'
            "</p>")  # fmt: skip
    keys = declared("B", name="R1") + declared("C", name="R2")
    text = taken(imported(item(body, keys, "", version), version=version)).texts["ky"]
    assert text.stem == "Бир [[1]], эки [[2]]."
    assert text.menus == (("b", "a", "c"), ("c", "a", "b"))


EQUAL = """<responseProcessing><responseCondition><responseIf><equal toleranceMode="{mode}" tolerance="{by}">
<variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></equal><setOutcomeValue identifier="SCORE">
<baseValue baseType="float">1</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing>"""


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("mode", "by", "tolerance"), [("absolute", "0.05 0.05", "0.05"), ("relative", "10 10", "0.25")]
)
def test_a_number_has_its_tolerance(version: str, mode: str, by: str, tolerance: str) -> None:
    body = '<p>Канча? <textEntryInteraction responseIdentifier="RESPONSE" expectedLength="5"/> м.</p>'
    document = item(body, declared("2.5", base="float"), EQUAL.format(mode=mode, by=by), version)
    outcome = imported(document, version=version)
    found = taken(outcome)
    assert (found.type, found.number, found.tolerance) == ("text_entry", "2.5", tolerance)
    assert found.texts["ky"].stem == "Канча? _____ м."
    assert codes(outcome)[1] == ["qti_blank"]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_answer_of_most_worth_is_accepted(version: str) -> None:
    mapping = ('<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"><correctResponse>'
               '<value>Ош</value></correctResponse><mapping defaultValue="0"><mapEntry mapKey="Ош" mappedValue="1"/>'
               '<mapEntry mapKey="Ош шаары" mappedValue="1"/><mapEntry mapKey="Оштон" mappedValue="0.5"/></mapping>'
               "</responseDeclaration>")  # fmt: skip
    by_map = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/map_response"/>'
    body = '<p>?</p><p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    outcome = imported(item(body, mapping, by_map, version), version=version)
    assert taken(outcome).texts["ky"].accepted == ("Ош", "Ош шаары")
    assert "qti_partial" in codes(outcome)[1]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_written_task_brings_its_rubric(version: str) -> None:
    body = ('<p>Жазыңыз.</p><extendedTextInteraction responseIdentifier="RESPONSE" expectedLength="400"/>'
            '<rubricBlock view="scorer"><p>Эки балл.</p></rubricBlock>')  # fmt: skip
    key = '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"/>'
    outcome = imported(item(body, key, "", version), version=version)
    assert taken(outcome).texts["ky"].rubric == "Эки балл."
    assert taken(outcome).texts["ky"].stem == "Жазыңыз."
    assert codes(outcome)[1] == ["qti_limit"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_hotspot_has_its_areas_in_our_units(version: str) -> None:
    spots = ('<hotspotChoice identifier="A" shape="rect" coords="10,20,110,70" hotspotLabel="Талас"/>'
             '<hotspotChoice identifier="B" shape="circle" coords="200,100,30" hotspotLabel="Ош"/>'
             '<hotspotChoice identifier="C" shape="poly" coords="0,150,50,150,25,190,0,150" hotspotLabel="Чүй"/>')
    picture = ('<img src="../media/map.svg" alt="Карта"/>' if version == "3.0" else
               '<object type="image/svg+xml" data="../media/map.svg">Карта</object>')  # fmt: skip
    body = (f'<p>?</p><hotspotInteraction responseIdentifier="RESPONSE" maxChoices="1"><prompt>Көрсөтүңүз.</prompt>'
            f"{picture}{spots}</hotspotInteraction>")  # fmt: skip
    found = taken(imported(item(body, declared("B"), CORRECT, version), {"media/map.svg": SVG}, version))
    assert found.type == "hotspot"
    assert found.areas == ("circle 200 100 30", "rect 10 20 100 50", "polygon 0 150 50 150 25 190")
    assert (found.texts["ky"].options, found.texts["ky"].picture) == (("Ош", "Талас", "Чүй"), "map")
    assert found.texts["ky"].figures["map"].alternative == "Карта"


@pytest.mark.parametrize("version", VERSIONS)
def test_pictures_come_with_their_alternatives(version: str) -> None:
    body = ('<p><img src="%D0%BA.png" alt="Тоо"/></p><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">'
            f"{CHOICES}</choiceInteraction>")  # fmt: skip
    found = taken(imported(item(body, declared("A"), CORRECT, version), {"items/к.png": PNG}, version))
    assert found.texts["ky"].stem == "![figure]"
    assert found.texts["ky"].figures["figure"].data == PNG


def test_files_of_one_item_in_two_languages_are_one_item() -> None:
    choice = '<choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="1">{}</choiceInteraction>'
    body = "<p>?</p>" + choice.format(CHOICES)
    files = {f"{tag}/q.xml": item(body, declared("A"), CORRECT, **{"xml:lang": tag}) for tag in ("ky-KG", "ru", "en")}
    [outcome] = Package(package(files), DEFAULTS)
    assert sorted(taken(outcome).texts) == ["en", "ky", "ru"]


def test_languages_whose_keys_differ_are_not_one_item() -> None:
    choice = '<choiceInteraction responseIdentifier="RESPONSE" maxChoices="{}">{}</choiceInteraction>'
    files = {
        "ky.xml": item(choice.format(1, CHOICES), declared("A"), CORRECT),
        "ru.xml": item(
            choice.format(0, CHOICES), declared("A", "B", cardinality="multiple"), CORRECT, **{"xml:lang": "ru"}
        ),
    }
    [outcome] = Package(package(files), DEFAULTS)
    assert {each.facts["part"] for each in outcome.problems} == {"kind", "n_right"}


STIMULUS = ('<assessmentStimulus xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="Naryn" title="t">'
            "<stimulusBody><h2>Нарын</h2><p>Бийик тоолуу.</p></stimulusBody></assessmentStimulus>")  # fmt: skip


@pytest.mark.parametrize("version", ["2.2", "3.0"])
def test_items_share_a_passage(version: str) -> None:
    choice = f'<p>?</p><choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">{CHOICES}</choiceInteraction>'
    ref = declared("A") + '<assessmentStimulusRef identifier="Naryn" href="../texts/naryn.xml"/>'
    found = taken(imported(item(choice, ref, CORRECT, version), {"texts/naryn.xml": STIMULUS}, version))
    assert (found.passage, found.texts["ky"].passage) == ("Naryn", "**Нарын**\n\nБийик тоолуу.")


def test_a_page_of_text_in_an_old_item_is_a_passage() -> None:
    page = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body><p>Бийик.</p></body></html>'
    body = ('<object type="text/html" data="page.html"/>'
            f'<choiceInteraction responseIdentifier="RESPONSE">{CHOICES}</choiceInteraction>')  # fmt: skip
    found = taken(imported(item(body, declared("A"), CORRECT), {"items/page.html": page}))
    assert (found.passage, found.texts["ky"].passage) == ("items-page.html", "Бийик.")
