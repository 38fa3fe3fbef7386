"""The demonstration subjects before sealing: items from the files and templates, and their blueprints."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from irt.exposure import Control
from irt.selection import Rule
from itembank.blueprints.spec import Spec
from itembank.generation import AREAS, mathematics_bank
from itembank.generation.draft import DraftItem
from itembank.items.content import NewItem
from itembank.items.figures import NewFigure
from itembank.items.parts import NewText
from itembank.items.sound import NewRecording

FOLDER = Path(__file__).parent
SUBJECTS = ("mathematics", "history", "kyrgyz", "russian")
NEW = "new_items"
RANDOMESQUE = 5
EXPOSURE = Control("eligibility", 0.4)


@dataclass(frozen=True)
class Plan:
    """Length, exact items per tier, and the least of each area."""

    length: int
    tiers: Mapping[str, int]
    area_minimum: int


PLANS = {
    "mathematics": Plan(20, {"basic": 7, "medium": 8, "raised": 5}, 2),
    "history": Plan(16, {"basic": 6, "medium": 6, "raised": 4}, 1),
    "kyrgyz": Plan(12, {"basic": 4, "medium": 5, "raised": 3}, 1),
    "russian": Plan(12, {"basic": 4, "medium": 5, "raised": 3}, 1),
}


@dataclass(frozen=True)
class Source:
    """A subject's items with its languages and blueprint, the written tasks that come after them, if any, and the
    `new` items that wait to be tried out."""

    subject: str
    languages: tuple[str, ...]
    items: tuple[NewItem, ...]
    spec: Spec
    written: tuple[NewItem, ...] = ()
    new: tuple[NewItem, ...] = ()


def source_of(subject: str) -> Source:
    """The subject as its file or its templates give it."""
    if subject == "mathematics":
        drafts = tuple(_from_draft(draft) for draft in mathematics_bank())
        languages, _areas, figures = _stored(subject)
        return Source(subject, languages, drafts + figures, _spec(subject, AREAS))
    languages, areas, items = _stored(subject)
    new = _stored(subject, NEW)[2] if subject == "history" else ()
    return Source(subject, languages, items, _spec(subject, areas), new=new)


def _stored(
    subject: str, name: str = ""
) -> tuple[tuple[str, ...], Mapping[str, Mapping[str, str]], tuple[NewItem, ...]]:
    """Languages, areas and items of the subject's file, or of the one that has this name."""
    with (FOLDER / f"{name or subject}.toml").open("rb") as file:
        stored = tomllib.load(file)
    languages = tuple(stored["languages"])
    items = tuple(_from_table(subject, table, languages) for table in stored["item"])
    return languages, stored.get("areas", {}), items


def _from_draft(draft: DraftItem) -> NewItem:
    return NewItem(
        code=draft.code,
        subject=draft.subject,
        tier=draft.tier,
        area=draft.area,
        type=draft.type,
        texts={
            language: NewText(text.stem, text.options, text.accepted)
            for language, text in draft.texts.items()
        },
        family=draft.family,
        number=draft.number,
        tolerance=draft.tolerance,
        is_demonstration=True,
    )


def _from_table(subject: str, table: dict[str, Any], languages: tuple[str, ...]) -> NewItem:
    texts = {language: table[language] for language in languages}
    numbers = {(text.get("number"), text.get("tolerance")) for text in texts.values()}
    if len(numbers) != 1:
        raise ValueError(f"{table['code']}: the languages differ in their number")
    [(number, tolerance)] = numbers
    return NewItem(
        code=table["code"],
        subject=subject,
        tier=table["tier"],
        area=table["area"],
        type=table["type"],
        texts={
            language: _text(text)
            for language, text in texts.items()
        },
        family=table.get("family"),
        passage=table.get("passage"),
        number=number,
        tolerance=tolerance,
        n_right=table.get("n_right", 1),
        areas=tuple(table.get("areas", ())),
        is_demonstration=True,
    )


def _text(table: Mapping[str, Any]) -> NewText:
    return NewText(
        table["stem"], tuple(table.get("options", ())), tuple(table.get("accepted", ())),
        tuple(table.get("prompts", ())), tuple(tuple(menu) for menu in table.get("menus", ())),
        table.get("passage"), {name: _figure(each) for name, each in table.get("figures", {}).items()},
        table.get("picture"), _recording(table["recording"]) if "recording" in table else None,
    )  # fmt: skip


def _figure(table: Mapping[str, str]) -> NewFigure:
    data = (FOLDER / "figures" / table["file"]).read_bytes()
    return NewFigure(data, table["alternative"], table.get("description"))


def _recording(table: Mapping[str, Any]) -> NewRecording:
    data = (FOLDER / "recordings" / table["file"]).read_bytes()
    return NewRecording(data, table["title"], table["transcript"], table["plays"])


def _spec(subject: str, areas: Mapping[str, Mapping[str, str]]) -> Spec:
    plan = PLANS[subject]
    return Spec(
        length=plan.length,
        tiers={tier: (n, n) for tier, n in plan.tiers.items()},
        areas=dict.fromkeys(areas, (plan.area_minimum, plan.length)),
        area_titles=areas,
        standards={area: f"Үлгү стандарт: {titles['ky']}" for area, titles in areas.items()},
        rule=Rule("information", RANDOMESQUE),
        method="eligible",
        exposure=EXPOSURE,
    )
