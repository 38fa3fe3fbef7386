"""A task exactly as its candidate had it before them: in their language, the options in their order, with passage,
pictures and recording; beside it what they chose, and what the key counts as right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from itembank.items.formula import Tree
from itembank.items.keys import right_answer
from server.delivery.bench import Bench
from server.delivery.queries import GivenSection, GivenStep
from server.grading.answers import LETTERS, UNLETTERED, answer_lines

CHOSEN_AMONG = frozenset({"option", "options"})


@dataclass(frozen=True)
class Option:
    """An option as it stood on the screen; `letter` is empty where it had none."""

    letter: str
    tree: Tree
    spoken: str | None
    area: Mapping[str, Any] | None
    is_given: bool
    is_right: bool


@dataclass(frozen=True)
class Slot:
    """A place for one option: its prompt, and in a menu of its own the words it offered."""

    name: str
    tree: Tree
    words: tuple[Tree, ...]


@dataclass(frozen=True)
class Heard:
    """What was heard beside the task."""

    title: str
    duration_ms: int
    plays: int
    transcript: Tree


@dataclass(frozen=True)
class Shown:
    """The task; `answer` and `key` are in words, a line for each part. A rubric in place of a key has none."""

    type: str
    language: str
    passage: Tree | None
    stem: Tree
    options: tuple[Option, ...]
    slots: tuple[Slot, ...]
    figures: Mapping[str, Mapping[str, Any]]
    picture: str | None
    recording: Heard | None
    answer: tuple[str, ...]
    key: tuple[str, ...]
    tolerance: str
    rubric: Tree | None

    @property
    def is_by_letter(self) -> bool:
        """Whether the answer is told by the letters of its options, which stand above it."""
        return any(option.letter for option in self.options) and not self.slots

    def letters(self, *, right: bool) -> str:
        """The letters that were chosen, or that are right."""
        return ", ".join(each.letter for each in self.options if (each.is_right if right else each.is_given))


def shown(bench: Bench, section: GivenSection, step: GivenStep) -> Shown:
    """The task of the step; the step's item must stand where its pool has it (`Bench.knows`)."""
    content, key, language = bench.content(step.item_index), bench.key(step.item_index), section.language
    view = content.view(language)
    is_written = key["kind"] == "rubric"
    right = None if is_written else right_answer(key, language)
    return Shown(
        type=view["type"],
        language=language,
        passage=view["passage"],
        stem=view["stem"],
        options=_options(view, step, right),
        slots=tuple(_slot(view, each, step.option_order) for each in view["slots"]),
        figures=view["figures"],
        picture=view["picture"],
        recording=_heard(content.recording(language)),
        answer=answer_lines(content, language, step.given, step.option_order),
        key=() if right is None else _key_lines(bench, section, step, right),
        tolerance=key.get("tolerance", "") if key["kind"] == "number" and float(key["tolerance"]) else "",
        rubric=key["rubric"][language] if is_written else None,
    )


def _options(view: Mapping[str, Any], step: GivenStep, right: Mapping[str, Any] | None) -> tuple[Option, ...]:
    """The options in this candidate's order; one that the item does not have is named by the replay."""
    by_id = {option["id"]: option for option in view["options"]}
    chosen, correct = _chosen(step.given), _chosen(right)
    return tuple(
        Option("" if view["type"] in UNLETTERED else LETTERS[at], by_id[each]["content"], by_id[each]["spoken"],
               by_id[each].get("area"), each in chosen, each in correct)
        for at, each in enumerate(step.option_order) if each in by_id
    )  # fmt: skip


def _chosen(answer: Mapping[str, Any] | None) -> frozenset[str]:
    """The options that an answer names, where it chooses among them."""
    if answer is None or answer["kind"] not in CHOSEN_AMONG:
        return frozenset()
    said = answer[answer["kind"]]
    return frozenset([said] if answer["kind"] == "option" else said)


def _slot(view: Mapping[str, Any], slot: Mapping[str, Any], order: str) -> Slot:
    """The slot with its words, in this candidate's order, where it has a menu of its own; else the options are offered
    to all slots alike."""
    menu = slot["option_ids"] if view["type"] == "inline_choice" else []
    words = {option["id"]: option["content"] for option in view["options"]}
    return Slot(slot["id"], slot["content"], tuple(words[each] for each in order if each in menu))


def _key_lines(
    bench: Bench, section: GivenSection, step: GivenStep, right: Mapping[str, Any]
) -> tuple[str, ...]:
    """The key in words; where words are typed, every wording that counts."""
    key, content = bench.key(step.item_index), bench.content(step.item_index)
    if key["kind"] == "text":
        return tuple(key["accepted"][section.language])
    return answer_lines(content, section.language, right, step.option_order)


def _heard(recording: Mapping[str, Any] | None) -> Heard | None:
    if recording is None:
        return None
    return Heard(
        recording["title"], recording["duration_ms"], recording["plays"], recording["transcript"] or []
    )
