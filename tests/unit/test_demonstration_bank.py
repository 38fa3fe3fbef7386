"""The demonstration bank before sealing: renders everywhere, one key each, enough for its blueprints."""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import cache

import numpy as np
import pytest

from irt.assembly import Feasible, feasibility
from itembank.blueprints.limits import Attributes
from itembank.blueprints.reference import reference_form
from itembank.demonstration.parameters import invented
from itembank.demonstration.sources import PLANS, SUBJECTS, Source, source_of
from itembank.items import rich
from itembank.items.content import ItemContent, NewItem, content_of, key_of, option_order
from itembank.items.keys import score_answer
from server.core.terms import LANGUAGES
from server.delivery.wire import ItemView

LANGUAGES_OF = {
    "mathematics": ("ky", "ru", "en"), "history": ("ky", "ru"), "kyrgyz": ("ky",), "russian": ("ru",),
}  # fmt: skip


@cache
def source(subject: str) -> Source:
    return source_of(subject)


@cache
def contents(subject: str) -> dict[str, ItemContent]:
    return {item.code: ItemContent(content_of(item, seed(item))) for item in source(subject).items}


def seed(item: NewItem) -> bytes:
    return hashlib.sha256(item.code.encode()).digest()


subjects = pytest.mark.parametrize("subject", SUBJECTS)


@subjects
def test_every_item_renders_in_all_its_languages(subject: str) -> None:
    for item in source(subject).items:
        content = contents(subject)[item.code]
        assert set(content.languages) == set(LANGUAGES_OF[subject])
        for language in content.languages:
            view = content.view(language)
            rich.check(view["stem"])
            assert rich.words(view["stem"]).strip()
            assert [option["id"] for option in view["options"]] == list(content.option_ids)
            for option in view["options"]:
                rich.check(option["content"])
                assert option["spoken"] is None or option["spoken"].strip()


@subjects
def test_every_item_fits_the_wire(subject: str) -> None:
    for content in contents(subject).values():
        for language in content.languages:
            assert ItemView.model_validate(content.view(language)).language == language


def test_the_wire_loses_no_space() -> None:
    stem = rich.paragraphs("Кайсы _сөз_ туура?", "ky")
    view = {"type": "choice", "language": "ky", "stem": stem, "options": []}
    assert ItemView.model_validate(view).model_dump()["stem"] == stem


@subjects
def test_no_latex_is_left_in_speech(subject: str) -> None:
    for code, content in contents(subject).items():
        for language in content.languages:
            view = content.view(language)
            said = [rich.spoken(view["stem"], language), *(o["spoken"] or "" for o in view["options"])]
            assert not any(mark in text for text in said for mark in "\\{}^$"), (code, said)


@subjects
def test_options_differ_to_the_eye_and_to_the_ear(subject: str) -> None:
    for code, content in contents(subject).items():
        for language in content.languages:
            options = content.view(language)["options"]
            shown = [str(option["content"]) for option in options]
            heard = [option["spoken"] or rich.words(option["content"]) for option in options]
            menus = [slot["option_ids"] for slot in content.view(language)["slots"]] or [list(content.option_ids)]
            for menu in menus:
                places = [at for at, option in enumerate(options) if option["id"] in menu]
                assert len({shown[at] for at in places}) == len({heard[at] for at in places}) == len(menu), code


@subjects
def test_choices_have_four_options_and_the_key_is_the_authors_first(subject: str) -> None:
    for item in source(subject).items:
        if item.type != "choice":
            continue
        content, key = contents(subject)[item.code], key_of(item, seed(item))
        assert len(content.option_ids) == 4
        for language, text in item.texts.items():
            right = next(o for o in content.view(language)["options"] if o["id"] == key["correct"])
            assert right["content"] == rich.inline(text.options[0], language)
        answers = [{"kind": "option", "option": letter} for letter in content.option_ids]
        assert [score_answer(key, "ky", answer) for answer in answers].count(1) == 1


@subjects
def test_what_the_author_put_first_is_right_and_all_else_is_wrong(subject: str) -> None:
    for item in source(subject).items:
        content, key = contents(subject)[item.code], key_of(item, seed(item))
        language, text = next(iter(item.texts.items()))
        view = content.view(language)
        letters = {rich.words(option["content"]): option["id"] for option in view["options"]}
        if item.type == "multiple_choice":
            right = [letters[rich.words(rich.inline(each, language))] for each in text.options[: item.n_right]]
            assert score_answer(key, language, {"kind": "options", "options": right}) == 1
            assert score_answer(key, language, {"kind": "options", "options": list(content.option_ids)}) == 0
        if item.type == "ordering":
            order = [letters[each] for each in text.options]
            assert score_answer(key, language, {"kind": "order", "order": order}) == 1
            assert score_answer(key, language, {"kind": "order", "order": order[::-1]}) == 0
        if item.type in ("matching", "gap_match", "inline_choice"):
            places = {}
            for n, slot in enumerate(view["slots"]):
                first = text.menus[n][0] if text.menus else text.options[n]
                words = {o["id"]: rich.words(o["content"]) for o in view["options"]}
                places[slot["id"]] = next(each for each in slot["option_ids"] if words[each] == first)
                assert slot["option_ids"] == sorted(slot["option_ids"])  # an author's order would show the key
            assert score_answer(key, language, {"kind": "places", "places": places}) == 1
            swapped = dict(zip(places, [*list(places.values())[1:], places["1"]], strict=True))
            assert score_answer(key, language, {"kind": "places", "places": swapped}) == 0


@subjects
def test_accepted_answers_are_accepted(subject: str) -> None:
    for item in source(subject).items:
        if item.type != "text_entry":
            continue
        key = key_of(item, seed(item))
        for language, text in item.texts.items():
            for answer in (item.number,) if item.number is not None else text.accepted:
                assert score_answer(key, language, {"kind": "text", "text": answer}) == 1, (item.code, answer)


def test_codes_are_unique_across_subjects() -> None:
    codes = Counter(item.code for subject in SUBJECTS for item in source(subject).items)
    assert max(codes.values()) == 1


def test_no_letter_is_favoured_as_the_key() -> None:
    places = Counter(
        option_order(hashlib.sha256(f"item {n}".encode()).digest(), 4).index(0) for n in range(8000)
    )
    # Chi-square on 3 degrees of freedom: one in a thousand.
    assert sum((places[at] - 2000) ** 2 / 2000 for at in range(4)) < 16.3


def test_the_banks_keys_are_spread_over_the_letters() -> None:
    letters = Counter(
        key_of(item, seed(item))["correct"]
        for subject in SUBJECTS for item in source(subject).items if item.type == "choice"
    )  # fmt: skip
    n = sum(letters.values())
    assert set(letters) == set("abcd")
    assert all(abs(count / n - 0.25) < 0.07 for count in letters.values())


def test_every_order_of_options_occurs() -> None:
    orders = {tuple(option_order(hashlib.sha256(f"{n}".encode()).digest(), 4)) for n in range(800)}
    assert len(orders) == 24


@subjects
def test_there_is_enough_for_the_blueprint(subject: str) -> None:
    items, spec = source(subject).items, source(subject).spec
    pool = Attributes(
        tiers=[item.tier for item in items], areas=[item.area for item in items],
        families=[item.family for item in items], passages=[item.passage for item in items],
    )  # fmt: skip
    constraints = spec.constraints(pool)
    assert isinstance(feasibility(constraints), Feasible)
    # Three times each tier's quota and each area's minimum, so that exposure control has a choice.
    supply = Counter(item.tier for item in items) + Counter(item.area for item in items)
    assert all(supply[tier] >= 3 * n for tier, n in PLANS[subject].tiers.items())
    assert all(supply[area] >= 3 * low for area, (low, _) in spec.areas.items())


@subjects
def test_areas_are_named_in_every_language(subject: str) -> None:
    titles = source(subject).spec.area_titles
    assert {item.area for item in source(subject).items} == set(titles)
    assert all(titles[area].get(language) for area in titles for language in LANGUAGES)


@subjects
def test_invented_parameters_stay_in_bounds_and_follow_the_tier(subject: str) -> None:
    by_tier: dict[str, list[float]] = {}
    for item in source(subject).items:
        a, b, c = invented(item.code, item.tier, 4 if item.type == "choice" else 0)
        assert 0.6 <= a <= 2.2
        assert -3 <= b <= 3
        assert 0.17 <= c <= 0.23 if item.type == "choice" else c == 0
        by_tier.setdefault(item.tier, []).append(b)
    means = {tier: float(np.mean(values)) for tier, values in by_tier.items()}
    assert means["basic"] < means["medium"] - 0.5 < means["raised"] - 1.0


def test_invented_parameters_are_the_same_everywhere() -> None:
    assert invented("RUS-001", "basic", 4) == invented("RUS-001", "basic", 4)
    assert invented("RUS-001", "basic", 4) != invented("RUS-002", "basic", 4)


@subjects
def test_the_reference_form_mirrors_the_blueprint(subject: str) -> None:
    items, spec = source(subject).items, source(subject).spec
    tiers, areas = [item.tier for item in items], [item.area for item in items]
    codes = [item.code for item in items]
    b = np.array([invented(item.code, item.tier, 4)[1] for item in items])
    mask = reference_form(spec, tiers, areas, b, codes)
    assert mask.sum() == 60
    chosen = Counter(tier for tier, is_in in zip(tiers, mask, strict=True) if is_in)
    assert all(abs(chosen[tier] - 60 * n / spec.length) < 1 for tier, n in PLANS[subject].tiers.items())
    per_area = Counter(area for area, is_in in zip(areas, mask, strict=True) if is_in)
    assert min(per_area.values()) >= 6
    assert b[mask].std() > 0.8 * b.std()
    assert (mask == reference_form(spec, tiers, areas, b, codes)).all()


def test_a_short_tier_shortens_the_reference_form() -> None:
    spec = source("russian").spec
    tiers = ["basic"] * 40 + ["medium"] * 50 + ["raised"] * 6
    areas = [list(spec.areas)[n % 6] for n in range(96)]
    mask = reference_form(spec, tiers, areas, np.zeros(96), [str(n) for n in range(96)])
    assert Counter(tier for tier, is_in in zip(tiers, mask, strict=True) if is_in) == {
        "basic": 8, "medium": 10, "raised": 6,
    }  # fmt: skip
