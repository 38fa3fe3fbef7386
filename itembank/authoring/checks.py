"""What a careful reader remarks of an item, found by rule: pure, the same for its author, its readers and imports.
Places are written as comments write them: `ky.stem`, `ky.options.2`, counted from one; of all languages none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from itembank.authoring import tongues
from itembank.items import rich
from itembank.items.parts import SEVERAL
from itembank.items.rich import FormulaError, Tree

Severity = Literal["error", "warning"]
Json = Mapping[str, Any]
EXPECTED = ("ky", "ru")  # the languages the test is sat in
LONGEST_SENTENCE = 25  # words; longer ones are read twice
MUCH_LONGER = 1.5  # times the longest wrong answer
FEW_LETTERS = 15  # among answers so short the longest says nothing
FORMULA = "\N{WHITE SQUARE}"
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_WORDS_IN_FORMULA = re.compile(r"\\(?:text|mathrm|operatorname)\s*\{[^{}]*\}")
_SENTENCES = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True)
class Finding:
    """One remark: what about, where, and how grave. An error must go before the item is handed in."""

    code: str
    severity: Severity
    anchor: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def find(item: Json, origin: str, stale: Iterable[str] = ()) -> list[Finding]:
    """Everything there is to remark of an item as `source.to_json` writes it; errors first."""
    found = list(_of_item(item))
    for language, text in item["texts"].items():
        found += _of_text(item, language, text)
    found += _between(item, origin)
    found += [Finding("translation_stale", "error", f"{language}.stem") for language in stale]
    return sorted(found, key=lambda each: each.severity != "error")


def places(text: Json) -> Iterator[tuple[str, str, bool]]:
    """Every place of one language with a text: its name, the text, and whether it may have paragraphs."""
    yield "stem", text["stem"], True
    for part in ("options", "prompts"):
        for n, written in enumerate(text[part], start=1):
            yield f"{part}.{n}", written, False
    for n, menu in enumerate(text["menus"], start=1):
        for m, written in enumerate(menu, start=1):
            yield f"menus.{n}.{m}", written, False
    if text["passage"] is not None:
        yield "passage", text["passage"], True
    for name, figure in text["figures"].items():
        if figure["description"]:
            yield f"figures.{name}.description", figure["description"], True
    if text["recording"]:
        yield "recording.transcript", text["recording"]["transcript"], True
    if text["rubric"]:
        yield "rubric", text["rubric"], True


def _of_item(item: Json) -> Iterator[Finding]:
    for language in EXPECTED:
        if language not in item["texts"]:
            yield Finding("language_missing", "warning", facts={"language": language})
    n_options = max((len(text["options"]) for text in item["texts"].values()), default=0)
    if item["type"] in SEVERAL and not 1 <= item["n_right"] < max(n_options, 2):
        yield Finding("key_none_wrong", "error", "options")
    if item["type"] == "choice" and n_options < 3:
        yield Finding("options_few", "warning", "options")


def _of_text(item: Json, language: str, text: Json) -> Iterator[Finding]:
    for at, written, has_paragraphs in places(text):
        yield from _of_place(f"{language}.{at}", written, language, has_paragraphs=has_paragraphs)
    yield from _of_answers(item, language, text)
    yield from _of_figures(item, language, text)
    yield from _of_recording(language, text["recording"])
    if item["type"] == "extended_text" and not text["rubric"].strip():
        yield Finding("rubric_missing", "error", f"{language}.rubric")
    if item["type"] == "text_entry" and item["number"] is None and not any(each.strip() for each in text["accepted"]):
        yield Finding("accepted_missing", "error", f"{language}.accepted.1")
    yield from _of_question(language, text["stem"])
    yield from _of_gaps(item, language, text)


def _of_gaps(item: Json, language: str, text: Json) -> Iterator[Finding]:
    """Each drop-down stands in the text; so does each gap for a word, and there are more words than gaps."""
    found = [each["gap"] for each in rich.MARK.finditer(text["stem"]) if each["gap"]]
    most = max(1, len(text["options"]) - 1)
    n = len(text["menus"]) if item["type"] == "inline_choice" else min(most, max(1, len(found)))
    wanted = [str(each) for each in range(1, n + 1)] if item["type"] in ("inline_choice", "gap_match") else []
    if found != wanted:
        gaps = ", ".join(f"[[{each}]]" for each in wanted) or "–"
        yield Finding("gaps_differ", "error", f"{language}.stem", {"gaps": gaps})


def _of_place(anchor: str, written: str, language: str, *, has_paragraphs: bool) -> Iterator[Finding]:
    if not written.strip():
        yield Finding("text_missing", "error", anchor)
        return
    try:
        tree = (rich.paragraphs if has_paragraphs else rich.inline)(written, language)
    except FormulaError as error:
        yield Finding("formula_wrong", "error", anchor, {"formula": error.formula, "reason": error.reason})
        return
    if not has_paragraphs:
        return
    for sentence in _SENTENCES.split(plain(tree)):
        n = len(re.findall(r"[^\W\d_][\w-]*", sentence))
        if n > LONGEST_SENTENCE:
            yield Finding("sentence_long", "warning", anchor, {"n": n, "begin": " ".join(sentence.split()[:4])})


def _of_answers(item: Json, language: str, text: Json) -> Iterator[Finding]:
    for anchor, options in _answer_groups(text):
        said = [" ".join(option.split()).casefold() for option in options]
        for n, each in enumerate(said, start=1):
            if each and each in said[: n - 1]:
                yield Finding("option_twice", "error", f"{language}.{anchor}.{n}")
            if tongues.is_of_all(language, each):
                yield Finding("option_of_all", "warning", f"{language}.{anchor}.{n}")
    if item["type"] in ("choice", "multiple_choice") and len(text["options"]) > item["n_right"] >= 1:
        yield from _of_lengths(item["n_right"], language, [_length(each) for each in text["options"]])


def _answer_groups(text: Json) -> Iterator[tuple[str, list[str]]]:
    yield "options", text["options"]
    yield "prompts", text["prompts"]
    for n, menu in enumerate(text["menus"], start=1):
        yield f"menus.{n}", menu


def _of_lengths(n_right: int, language: str, lengths: list[int]) -> Iterator[Finding]:
    """The longest answer gives itself away; so does one far shorter than all others."""
    right, wrong = lengths[:n_right], lengths[n_right:]
    if min(right) > max(FEW_LETTERS, MUCH_LONGER * max(wrong)):
        yield Finding("key_longest", "warning", f"{language}.options.1")
    for n, length in enumerate(lengths, start=1):
        others = lengths[: n - 1] + lengths[n:]
        is_long = n > n_right and length > max(FEW_LETTERS, MUCH_LONGER * max(others))
        is_short = 0 < length * 3 < min(others) and min(others) > FEW_LETTERS
        if is_long or is_short:
            yield Finding("option_stands_out", "warning", f"{language}.options.{n}")


def _of_figures(item: Json, language: str, text: Json) -> Iterator[Finding]:
    named: list[str] = [text["picture"]] if text["picture"] else []
    for _at, written, _is_block in places(text):
        named += [found["figure"] for found in rich.MARK.finditer(written) if found["figure"]]
    for name, figure in text["figures"].items():
        if not figure["alternative"].strip():
            yield Finding("alternative_missing", "error", f"{language}.figures.{name}", {"figure": name})
        if name not in named:
            yield Finding("figure_unused", "error", f"{language}.figures.{name}", {"figure": name})
    for name in sorted(set(named) - set(text["figures"])):
        yield Finding("figure_unknown", "error", f"{language}.stem", {"figure": name})
    if item["type"] == "hotspot" and not text["picture"]:
        yield Finding("picture_missing", "error", f"{language}.picture")


def _of_recording(language: str, recording: Json | None) -> Iterator[Finding]:
    if recording and not recording["title"].strip():
        yield Finding("recording_untitled", "error", f"{language}.recording")


def _of_question(language: str, stem: str) -> Iterator[Finding]:
    """A "not" that is overread turns the question round: it is emphasised."""
    try:
        tree = rich.paragraphs(stem, language)
    except FormulaError:
        return
    sentences = _SENTENCES.split(plain(tree, is_bare=True).strip())
    if sentences and tongues.is_negative(language, sentences[-1]):
        yield Finding("negative_plain", "warning", f"{language}.stem")


def _between(item: Json, origin: str) -> Iterator[Finding]:
    """Numbers and formulas say the same in every language."""
    texts: Mapping[str, Json] = item["texts"]
    if origin not in texts:
        return
    for language in texts:
        if language == origin:
            continue
        first = {at: written for at, written, _block in places(texts[origin])}
        for at, written, _block in places(texts[language]):
            if at not in first or not written.strip() or not first[at].strip():
                continue
            for code, of in _COMPARED.items():
                ours, theirs = of(written, language), of(first[at], origin)
                if ours != theirs:
                    facts = {"missing": _listed(theirs - ours), "added": _listed(ours - theirs), "language": origin}
                    yield Finding(code, "warning", f"{language}.{at}", facts)


def _formulas(written: str, _language: str) -> Counter[str]:
    """The formulas of a text, without the words in them and how their numbers are written."""
    bare = (_WORDS_IN_FORMULA.sub("", found["formula"]) for found in rich.MARK.finditer(written) if found["formula"])
    return Counter("".join(each.replace("{,}", ".").replace(",", ".").split()) for each in bare)


def _numbers(written: str, _language: str) -> Counter[str]:
    return Counter(each.replace(",", ".") for each in _NUMBER.findall(_prose(written)))


def _units(written: str, language: str) -> Counter[str]:
    return Counter(tongues.units(language, _prose(written)))


_COMPARED: Mapping[str, Callable[[str, str], Counter[str]]] = {
    "formulas_differ": _formulas, "numbers_differ": _numbers, "units_differ": _units,
}  # fmt: skip


def _prose(written: str) -> str:
    """The text without formulas, gaps and the names of figures."""
    kept = ("escaped", "strong", "em", "part")
    return rich.MARK.sub(lambda found: next((found[each] for each in kept if found[each]), " "), written)


def _listed(counted: Counter[str]) -> str:
    return ", ".join(sorted(counted)[:5]) or "–"


def _length(option: str) -> int:
    return len(" ".join(_prose(option).split())) + sum(len(each) for each in _formulas(option, ""))


def plain(tree: Tree, *, is_bare: bool = False) -> str:
    """The words of a tree, each formula as one sign; `is_bare` leaves out what is emphasised."""
    said: list[str] = []
    for node in tree:
        if isinstance(node, str):
            said.append(node)
            continue
        tag, children = node["t"], node["c"]
        assert isinstance(children, list)
        if tag == "math":
            said.append(FORMULA)
        elif not (is_bare and tag in ("em", "strong")):
            said.append(plain(children, is_bare=is_bare) + (" " if tag in ("p", "br") else ""))
    return "".join(said)
