"""What stands in an item beside plain words: figures with their text alternatives, and the areas on a picture.
The bytes are sealed by themselves (`service`); the content names them by their digest, which a pool's digest covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from itembank.items import areas, rich
from itembank.items.figures import NewFigure, read_picture
from itembank.items.parts import NewText
from itembank.items.refused import Refusal
from itembank.items.sound import NewRecording, read_sound
from server.core.errors import Invalid
from server.core.vault import digest

LONGEST_ALTERNATIVE = 300
LONGEST_DESCRIPTION = 4000
LONGEST_TITLE = 120
MOST_PLAYS = 5


def check(code: str, texts: Mapping[str, NewText]) -> None:
    """Invalid names the figure or recording that may not be kept, or that says nothing to those who do not see or
    hear it."""
    for language, text in texts.items():
        if text.recording:
            _check_recording(code, text.recording, language)
        for name, figure in text.figures.items():
            try:
                read_picture(figure.data)
            except Refusal as error:
                raise Invalid("item_figure", item=code, figure=name, reason=str(error)) from error
            if not _is_told(figure):
                raise Invalid("item_figure_untold", item=code, figure=name, language=language)


def figures_of(text: NewText, language: str) -> dict[str, dict[str, Any]]:
    """The figures of one language as they are sealed with the content: everything but their bytes."""
    return {name: _described(figure, language) for name, figure in sorted(text.figures.items())}


def bytes_of(texts: Mapping[str, NewText]) -> dict[str, bytes]:
    """Every file of an item by its digest; one that several languages share is kept once."""
    files = [figure.data for text in texts.values() for figure in text.figures.values()]
    files += [text.recording.data for text in texts.values() if text.recording]
    return {digest(each): each for each in files}


def recording_of(text: NewText, language: str) -> dict[str, Any] | None:
    """The recording of one language as it is sealed with the content: everything but its bytes."""
    if text.recording is None:
        return None
    sound = read_sound(text.recording.data)
    return {
        "digest": digest(text.recording.data), "type": sound.type, "duration_ms": sound.duration_ms,
        "plays": text.recording.plays, "title": " ".join(text.recording.title.split()),
        "transcript": rich.paragraphs(text.recording.transcript, language),
    }  # fmt: skip


def are_placed(text: NewText, language: str) -> bool:
    """True if each figure stands somewhere, and whatever stands there is a figure of the item.

    One in an option has no long description: nothing inside an option can be opened without choosing it."""
    blocks = [text.stem, *([text.passage] if text.passage else [])]
    in_text = {name for block in blocks for name in rich.figures(rich.paragraphs(block, language))}
    options = (*text.all_options, *text.prompts)
    in_options = {name for option in options for name in rich.figures(rich.inline(option, language))}
    named = in_text | in_options | ({text.picture} if text.picture else set())
    is_long = any(text.figures[name].description for name in in_options if name in text.figures)
    return named == set(text.figures) and not is_long


def area(written: str) -> dict[str, Any]:
    """The area as it is sealed; it has been checked."""
    found = areas.read(written)
    assert found is not None
    return found


def reading_order(written: Sequence[str]) -> list[int]:
    """Where each area stands when they are met line by line."""
    return areas.reading_order([area(each) for each in written])


def fit(written: Sequence[str], kind: str, texts: Mapping[str, NewText]) -> bool:
    """True if a hotspot has an area for each option, all on its picture, which is of one size in all languages."""
    if kind != "hotspot":
        return not written
    pictures = [text.figures.get(text.picture or "") for text in texts.values()]
    sizes = {(size.width, size.height) for size in (read_picture(each.data) for each in pictures if each)}
    found = [areas.read(each) for each in written]
    if len(sizes) != 1 or None in pictures or None in found:
        return False
    [(width, height)] = sizes
    is_whole = all(len(text.options) == len(written) for text in texts.values())
    return is_whole and all(areas.is_within(each, width, height) for each in found if each)


def _check_recording(code: str, recording: NewRecording, language: str) -> None:
    try:
        read_sound(recording.data)
    except Refusal as error:
        raise Invalid("item_recording", item=code, language=language, reason=str(error)) from error
    is_named = 0 < len(recording.title.strip()) <= LONGEST_TITLE
    is_written = 0 < len(recording.transcript.strip()) <= LONGEST_DESCRIPTION
    if not (is_named and is_written and 1 <= recording.plays <= MOST_PLAYS):
        raise Invalid("item_recording_untold", item=code, language=language, most=MOST_PLAYS)


def _is_told(figure: NewFigure) -> bool:
    is_described = figure.description is None or 0 < len(figure.description.strip()) <= LONGEST_DESCRIPTION
    return 0 < len(figure.alternative.strip()) <= LONGEST_ALTERNATIVE and is_described


def _described(figure: NewFigure, language: str) -> dict[str, Any]:
    picture = read_picture(figure.data)
    return {
        "digest": digest(figure.data), "type": picture.type, "width": picture.width, "height": picture.height,
        "alternative": " ".join(figure.alternative.split()),
        "description": rich.paragraphs(figure.description, language) if figure.description else [],
    }  # fmt: skip
