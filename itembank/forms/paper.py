"""A linear form on paper: the booklet that candidates write in, and the sheet of keys for those who mark, apart.
Who may have them is decided by `itembank.exports`; the same form under the same mark gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from itembank.blueprints.drafts.law import in_force
from itembank.forms.outlines import Composed, Place
from itembank.items import words
from itembank.items.models import ItemVersion, KeyVersion
from itembank.items.service import open_media, open_version, read
from server.core.i18n import _, language, number, speaking
from server.core.paper import press_booklet
from server.core.paper.booklet import Answers, Booklet, Cover, Figure, Passage, Prose, Task, Tree
from server.core.work import Work

CODE_BOXES = 10
WORDS_A_LINE, MOST_LINES, FEWEST_LINES = 8, 40, 6
WORKING_MM = 55
TYPES: Mapping[str, Literal["svg", "png", "webp"]] = {
    "image/svg+xml": "svg", "image/png": "png", "image/webp": "webp",
}  # fmt: skip


@dataclass(frozen=True)
class Opened:
    """An item of the form in one language: what is shown of it, its key, and its figures."""

    number: int
    place: Place
    view: Mapping[str, Any]
    recording: Mapping[str, Any] | None
    key: Mapping[str, Any]
    figures: Mapping[str, Figure]


def booklet(work: Work, form: Composed, tongue: str, copies: int, mark: str) -> bytes:
    """The booklets of the form in that language, each copy numbered and marked, one behind the other."""
    with speaking(tongue):
        opened = _opened(work, form, tongue)
        return press_booklet(_sheet(form, form.title(), _cover(form), tuple(_tasks(form, opened)), copies, mark))


def key_sheet(work: Work, form: Composed, tongue: str, copies: int, mark: str) -> bytes:
    """The right answers of the form by their numbers, the rubrics, and what is read aloud in place of recordings."""
    with speaking(tongue):
        opened = _opened(work, form, tongue)
        rows = tuple((str(each.number), each.place.code, _answer(each, tongue)) for each in opened)
        blocks = (Answers((_("No."), _("Item"), _("Right answer")), rows), *_prose(opened, tongue))
        cover = Cover(_facts(form), "", 0, "", ())
        title = _("Key to %(form)s", form=form.title())
        return press_booklet(_sheet(form, title, cover, blocks, copies, mark))


def _sheet(form: Composed, title: str, cover: Cover, blocks: tuple[Any, ...], copies: int, mark: str) -> Booklet:
    names = tuple(_("Copy %(n)s of %(all)s · %(mark)s", n=n, all=copies, mark=mark) for n in range(1, copies + 1))
    return Booklet(language(), title, words.subject(form.subject), _("Page {n} of {all}"), form.made_s, cover, blocks,
                   names)  # fmt: skip


def _facts(form: Composed) -> tuple[tuple[str, str], ...]:
    found = [(_("Subject"), words.subject(form.subject)), (_("Tasks"), number(len(form.places)))]
    if form.time_s is not None:
        found.append((_("Time"), _("%(n)s min", n=number(form.time_s / 60))))
    return tuple(found)


def _cover(form: Composed) -> Cover:
    points = (
        _("Write your code into the boxes above. Your name stands nowhere in this booklet."),
        _("Do not open the booklet before you are told to."),
        _("Put a cross into the box of your answer. To change it, circle the wrong cross and put another."),
        _("Where there are lines or empty boxes, write the answer there, legibly, with a pen."),
        _("Tasks may be done in any order. Nothing is written outside this booklet."),
        _("Copies are numbered and marked: hand yours back whole, also if you leave early."),
    )  # fmt: skip
    return Cover(_facts(form), _("Code of the candidate"), CODE_BOXES, _("Before you start"), points)


def _opened(work: Work, form: Composed, tongue: str) -> list[Opened]:
    found = []
    for n, place in enumerate(form.places, start=1):
        version = work.db.get_one(ItemVersion, place.item_version_id)
        content, key = map(read, open_version(work, version, work.db.get_one(KeyVersion, place.key_version_id)))
        text = content["texts"][tongue]
        figures = {
            name: Figure(open_media(work, version.id, each["digest"]), each["width"], TYPES[each["type"]],
                         each["alternative"])
            for name, each in text["figures"].items()
        }  # fmt: skip
        found.append(Opened(n, place, {**text, **{k: content[k] for k in ("type", "words")}}, text["recording"], key,
                            figures))  # fmt: skip
    return found


def _tasks(form: Composed, opened: list[Opened]) -> Iterator[Passage | Task]:
    """Each passage before the first of its items, then the items in their order."""
    shown: Any = None
    has_working = any(
        clause.rule == "working_area" and form.subject in clause.fields["subjects"]
        for clause in in_force().clauses.values()
    )
    for at, each in enumerate(opened):
        passage = each.view["passage"]
        if passage and passage != shown:
            last = next((n for n, one in enumerate(opened[at:]) if one.view["passage"] != passage), len(opened) - at)
            yield Passage(_("Text for the tasks %(first)s to %(last)s", first=each.number, last=each.number + last - 1),
                          tuple(passage), each.figures)  # fmt: skip
        shown = passage
        yield _task(each, has_working=has_working)


def _task(each: Opened, *, has_working: bool) -> Task:
    kind, view = each.view["type"], each.view
    options = tuple((option["id"].upper(), tuple(option["content"])) for option in view["options"])
    is_chosen = kind in ("choice", "multiple_choice")
    slots = () if kind == "gap_match" else tuple((slot["id"], tuple(slot["content"])) for slot in view["slots"])
    if kind == "inline_choice":
        menus = {option_id: slot["id"] for slot in view["slots"] for option_id in slot["option_ids"]}
        options = tuple((f"{menus[name.lower()]}{name}", tree) for name, tree in options)
        slots = tuple((slot["id"], ()) for slot in view["slots"])
    return Task(
        f"{each.number}", tuple(view["stem"]), _hint(each), () if kind == "hotspot" else options,
        _ranks(len(options)) if kind == "ordering" else slots, is_chosen, _lines(each),
        WORKING_MM if has_working and kind != "extended_text" else 0, _("Your working"), view["picture"] or "",
        each.figures,
    )  # fmt: skip


def _hint(each: Opened) -> str:
    hints = {
        "choice": _("One answer."), "multiple_choice": _("Choose every right answer."),
        "matching": _("Write a letter into each box."), "ordering": _("Write the letters in their right order."),
        "inline_choice": _("For each gap write the letter of the word that fits."),
        "gap_match": _("Write the letter of the word that fits into each gap."),
        "hotspot": _("Put a cross on the right place of the picture."),
        "text_entry": _("Write the answer on the line."), "extended_text": _written_hint(each.view["words"]),
    }  # fmt: skip
    heard = _("Listen: it is read to you, %(n)s times at most.", n=each.recording["plays"]) if each.recording else ""
    return " ".join(filter(None, (heard, hints[each.view["type"]])))


def _written_hint(expected: Mapping[str, int | None] | None) -> str:
    least, most = (expected or {}).get("least"), (expected or {}).get("most")
    if least and most:
        return _("Write from %(least)s to %(most)s words.", least=least, most=most)
    return _("Write your answer on the lines.")


def _ranks(n: int) -> tuple[tuple[str, Tree], ...]:
    return tuple((str(rank), ()) for rank in range(1, n + 1))


def _lines(each: Opened) -> int:
    if each.view["type"] == "text_entry":
        return 1
    if each.view["type"] != "extended_text":
        return 0
    most = (each.view["words"] or {}).get("most") or 0
    return min(MOST_LINES, max(FEWEST_LINES, -(-most // WORDS_A_LINE)))


def _answer(each: Opened, tongue: str) -> str:
    key = each.key
    right = key.get("correct")
    if key["kind"] == "option":
        return _area(each, cast(str, right))
    if key["kind"] == "options":
        return ", ".join(_area(each, letter) for letter in cast(list[str], right))
    if key["kind"] == "order":
        return " – ".join(letter.upper() for letter in cast(list[str], right))
    if key["kind"] == "places":
        return ", ".join(f"{slot} – {letter.upper()}" for slot, letter in cast(dict[str, str], right).items())
    if key["kind"] == "number":
        tolerance = "" if float(key["tolerance"]) == 0 else f" ± {key['tolerance']}"
        return f"{key['value']}{tolerance}".replace(".", "." if language() == "en" else ",")
    if key["kind"] == "text":
        return "; ".join(key["accepted"][tongue])
    return _("marked by the rubric below")


def _area(each: Opened, letter: str) -> str:
    """The letter, or of a picture what the place on it is called."""
    if each.view["type"] != "hotspot":
        return letter.upper()
    [option] = [option for option in each.view["options"] if option["id"] == letter]
    return _plain(option["content"])


def _plain(tree: Any) -> str:
    return "".join(node if isinstance(node, str) else _plain(node["c"]) for node in tree)


def _prose(opened: list[Opened], tongue: str) -> Iterator[Prose]:
    for each in opened:
        if each.recording:
            yield Prose(_("To be read aloud for task %(n)s", n=each.number), tuple(each.recording["transcript"]))
    for each in opened:
        if each.key["kind"] == "rubric":
            yield Prose(_("Rubric of task %(n)s", n=each.number), tuple(each.key["rubric"][tongue]))
