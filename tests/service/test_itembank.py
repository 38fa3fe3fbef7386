"""Items, calibrations and blueprints in a real database: sealed, recorded, judged before they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from itembank import add_item, publish_blueprint, score_answer
from itembank.blueprints.models import Blueprint
from itembank.blueprints.rules import Approval
from itembank.blueprints.service import NewBlueprint
from itembank.calibrations.service import Parameters
from itembank.items.models import ItemVersion, KeyVersion
from itembank.items.parts import NewText
from itembank.items.service import open_version, read
from server.core.errors import CatError, Invalid, Refused
from server.core.work import Work
from tests.factories import itembank as factory


def opened(work: Work, version_id: int) -> tuple[dict[str, Any], dict[str, Any]]:
    version = work.db.get_one(ItemVersion, version_id)
    key = work.db.scalars(select(KeyVersion).where(KeyVersion.item_version_id == version_id)).one()
    content, sealed = open_version(work, version, key)
    return read(content), read(sealed)


def test_an_item_is_sealed_and_opens_again(work: Work) -> None:
    version_id = add_item(work, factory.new_item("GEO-1"))
    content, key = opened(work, version_id)
    assert sorted(content["option_ids"]) == list("abcd")
    right = next(o for o in content["texts"]["ky"]["options"] if o["id"] == key["correct"])
    assert right["content"] == ["key GEO-1 ky"]
    version = work.db.get_one(ItemVersion, version_id)
    for sealed in (version.content_sealed, version.data_key):
        assert b"GEO" not in sealed
        assert b"Stem" not in sealed


def test_two_seals_of_one_text_differ(work: Work) -> None:
    first, second = (
        work.db.get_one(ItemVersion, add_item(work, factory.new_item("GEO-1"))) for _ in range(2)
    )
    assert (first.version, second.version) == (1, 2)
    assert first.item_id == second.item_id
    assert first.content_sealed[12:] != second.content_sealed[12:]
    assert first.place != second.place


def test_an_item_cannot_change_its_tier_by_a_new_version(work: Work) -> None:
    add_item(work, factory.new_item("GEO-1"))
    with pytest.raises(Invalid) as caught:
        add_item(work, factory.new_item("GEO-1", tier="raised"))
    assert (caught.value.code, caught.value.facts["part"]) == ("item_reclassified", "tier")


def test_a_bad_formula_names_item_and_formula(work: Work) -> None:
    texts = {"ky": NewText(r"Эсептегиле: $\frac{1}{2$", ("1", "2", "3", "4"))}
    with pytest.raises(Invalid) as caught:
        add_item(work, factory.new_item("GEO-7", texts=texts))
    assert caught.value.code == "item_formula"
    assert caught.value.facts["item"] == "GEO-7"
    assert caught.value.facts["formula"] == r"\frac{1}{2"


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"tier": "hard"}, "tier"),
        ({"texts": {}}, "languages"),
        ({"texts": {"de": NewText("?", ("1", "2"))}}, "languages"),
        ({"texts": {"ky": NewText("?", ("1", "1 "))}}, "options.ky"),
        ({"texts": {"ky": NewText("?", ("1",))}}, "options.ky"),
        ({"texts": {"ky": NewText("?", ("1", "2")), "ru": NewText("?", ("1", "2", "3"))}}, "options"),
        ({"texts": {"ky": NewText("  ", ("1", "2"))}}, "text.ky"),
        ({"number": "5"}, "accepted.ky"),
        ({"type": "text_entry", "texts": {"ky": NewText("?")}}, "accepted.ky"),
        ({"type": "text_entry", "texts": {"ky": NewText("?", accepted=(" ",))}}, "accepted.ky"),
        ({"type": "text_entry", "texts": {"ky": NewText("?")}, "number": "many"}, "number"),
        ({"type": "text_entry", "texts": {"ky": NewText("?")}, "number": "1e999999"}, "number"),
    ],
)
def test_an_incomplete_item_is_refused(work: Work, changes: dict[str, Any], part: str) -> None:
    with pytest.raises(Invalid) as caught:
        add_item(work, factory.new_item(**changes))
    assert part in str(caught.value.facts["part"]).split(", ")


def test_keys_of_typed_answers_score(work: Work) -> None:
    _, number = opened(work, add_item(work, factory.entry_item("GEO-8", number="3,5")))
    _, words = opened(work, add_item(work, factory.entry_item("GEO-9", accepted=("Балыкчы",))))
    assert number == {"kind": "number", "value": "3.5", "tolerance": "0"}
    assert [
        score_answer(number, "ky", {"kind": "text", "text": "7/2"}),
        score_answer(words, "ru", {"kind": "text", "text": " балыкчы"}),
    ] == [1, 1]


@pytest.mark.parametrize(
    "bad",
    [{"a": 0.0}, {"a": float("nan")}, {"b": float("inf")}, {"c": 1.0}, {"c": -0.1}, {"se_b": float("nan")}],
    ids=str,
)
def test_unusable_parameters_are_refused(work: Work, bad: dict[str, float]) -> None:
    version_id = add_item(work, factory.new_item())
    parameters = replace(Parameters(version_id, 1.0, 0.0, 0.2), **bad)
    with pytest.raises(Invalid) as caught:
        factory.calibration(work, [parameters])
    assert caught.value.code == "calibration_unusable"


def test_a_calibration_names_items_of_its_subject_once(work: Work) -> None:
    good = Parameters(add_item(work, factory.new_item()), 1.0, 0.0, 0.2)
    for parameters, subject in (([good, good], "geography"), ([], "geography"), ([good], "history")):
        with pytest.raises(Invalid, match="calibration_items"):
            factory.calibration(work, parameters, subject)
    with pytest.raises(Invalid, match="calibration_persons"):
        factory.calibration(work, [good], n_persons=0)
    with pytest.raises(Invalid, match="calibration_persons"):
        factory.calibration(work, [good], source="demonstration")


APPROVE: dict[str, Any] = {"approvals": factory.APPROVALS, "commission_year": 2026}


@pytest.mark.parametrize(
    ("changes", "spec", "code"),
    [
        ({"approvals": factory.APPROVALS[:2]}, {}, "approvals_too_few"),
        ({"approvals": tuple(Approval(n, False) for n in "ABC")}, {}, "chair_approval_missing"),
        ({"commission_year": 2024}, {}, "commission_expired"),
        ({}, {"tiers": {"basic": (3, 3), "medium": (3, 3), "raised": (0, 0)}}, "tier_short"),
        ({}, {"tiers": {"basic": (3, 3), "medium": (3, 3)}}, "tier_short"),
        ({}, {"standards": {"north": "State standard, 3.1"}}, "standard_missing"),
        ({}, {"prepared_by": "school"}, "foreign_item"),
        ({}, {"length": 7}, "blueprint_contradiction"),
        ({}, {"areas": {"north": (4, 6), "south": (4, 6)}}, "blueprint_contradiction"),
    ],
)
def test_a_blueprint_is_judged_before_it_stands(
    work: Work, changes: dict[str, Any], spec: dict[str, Any], code: str
) -> None:
    new = NewBlueprint(
        subject="geography", spec=factory.spec(**spec), order_no="17", **{**APPROVE, **changes}
    )
    with pytest.raises(CatError) as caught:
        publish_blueprint(work, new, factory.edition())
    assert caught.value.code == code
    assert not isinstance(caught.value, Refused) or caught.value.ruling.clause in ("DC-5", "DC-7", "DC-8")


def test_blueprints_are_numbered_by_subject(work: Work) -> None:
    ids = [factory.blueprint(work), factory.blueprint(work), factory.blueprint(work, "chemistry")]
    assert [work.db.get_one(Blueprint, each).version for each in ids] == [1, 2, 1]


def test_a_blueprint_of_last_years_commission_is_refused(work: Work) -> None:
    work.now = work.now + timedelta(days=365)
    new = NewBlueprint(subject="geography", spec=factory.spec(), order_no="17", **APPROVE)
    with pytest.raises(Refused, match="commission_expired"):
        publish_blueprint(work, new, factory.edition())
