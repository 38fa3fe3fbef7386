"""One language of an item as the body and the declarations of a QTI 3 item.
The order of the options betrays no key: right ones are put among the others by a shuffle that the code decides."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from itembank.interchange.markup import el, escaped
from itembank.interchange.qti.bodies import BELOW
from itembank.interchange.qti.prose import flow, phrase
from itembank.interchange.source import read_blocks, read_runs
from itembank.items import areas
from itembank.items.content import NewItem, option_order
from itembank.items.parts import SEVERAL, NewText

Places = Mapping[str, Callable[[str], str]]
MATCH = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"
MAP = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/map_response.xml"
CHARACTERS_A_WORD = 8


@dataclass(frozen=True)
class Parts:
    """The three parts of an item file that depend on its type."""

    declarations: str
    body: str
    processing: str


def order(item: NewItem, n: int, n_right: int, *, is_free: bool = False) -> list[int]:
    """Which authored option stands where: wrong ones keep their order, and right ones too unless `is_free`."""
    drawn = option_order(hashlib.sha256(f"{item.code}:{n}:{n_right}".encode()).digest(), n)
    right, wrong = iter(range(n_right)), iter(range(n_right, n))
    return [next(wrong) if at >= n_right else at if is_free else next(right) for at in drawn]


class BodyWriter:
    """Writes one language; `places` writes figures by their names."""

    def __init__(self, item: NewItem, text: NewText, language: str, figure: Callable[[str], str]) -> None:
        self.item, self.text, self.language = item, text, language
        self.figure = figure

    def parts(self) -> Parts:
        """The declarations, the body without its recording and rubric, and the scoring."""
        write = getattr(self, f"_{self.item.type}", self._choice)
        parts: Parts = write()
        return parts

    def _stem(self, gap: Callable[[str], str] | None = None) -> str:
        return flow(read_blocks(self.text.stem), self.language, {"figure": self.figure, "gap": gap or self.figure})

    def _phrase(self, text: str) -> str:
        return phrase(read_runs(text), self.language, {"figure": self.figure, "gap": self.figure})

    def _shuffle(self) -> str:
        return str(self.item.shuffle).lower()

    def _options(self, tag: str, n_right: int, *, is_free: bool = False, most: str | None = None) -> str:
        at = order(self.item, len(self.text.options), n_right, is_free=is_free)
        return "".join(
            el(tag, self._phrase(self.text.options[each]), identifier=name(at, each), match_max=most) for each in at
        )

    def _named(self, n_right: int, *, is_free: bool = False) -> list[str]:
        """The identifier of each authored option."""
        at = order(self.item, len(self.text.options), n_right, is_free=is_free)
        return [name(at, each) for each in range(len(at))]

    def _choice(self) -> Parts:
        is_several = self.item.type in SEVERAL
        n = self.item.n_right
        choices = self._options("qti-simple-choice", n)
        body = el("qti-choice-interaction", choices, response_identifier="RESPONSE", shuffle=self._shuffle(),
                  max_choices="0" if is_several else "1")  # fmt: skip
        key = self._named(n)[:n]
        return Parts(declared("RESPONSE", key, is_several=is_several), self._stem() + body, template(MATCH))

    def _ordering(self) -> Parts:
        n = len(self.text.options)
        choices = self._options("qti-simple-choice", n, is_free=True)
        body = el("qti-order-interaction", choices, response_identifier="RESPONSE", shuffle=self._shuffle())
        key = declared("RESPONSE", self._named(n, is_free=True), cardinality="ordered")
        return Parts(key, self._stem() + body, template(MATCH))

    def _matching(self) -> Parts:
        n = len(self.text.prompts)
        left = "".join(el("qti-simple-associable-choice", self._phrase(prompt), identifier=f"P{at}", match_max="1")
                       for at, prompt in enumerate(self.text.prompts, start=1))  # fmt: skip
        right = self._options("qti-simple-associable-choice", n, is_free=True, most="1")
        body = el("qti-match-interaction", el("qti-simple-match-set", left), el("qti-simple-match-set", right),
                  response_identifier="RESPONSE", shuffle=self._shuffle(), max_associations=str(n))  # fmt: skip
        pairs = [f"P{at} {each}" for at, each in enumerate(self._named(n, is_free=True)[:n], start=1)]
        key = declared("RESPONSE", pairs, is_several=True, base="directedPair")
        return Parts(key, self._stem() + body, template(MATCH))

    def _gap_match(self) -> Parts:
        gaps: list[str] = []

        def gap(number: str) -> str:
            gaps.append(number)
            return el("qti-gap", identifier=f"G{number}")

        stem = self._stem(gap)
        n = len(gaps)
        words = self._options("qti-gap-text", n, is_free=True, most="1")
        body = el("qti-gap-match-interaction", words, el("div", stem), response_identifier="RESPONSE",
                  shuffle=self._shuffle(), max_associations=str(n))  # fmt: skip
        pairs = [f"{each} G{at}" for at, each in enumerate(self._named(n, is_free=True)[:n], start=1)]
        return Parts(declared("RESPONSE", pairs, is_several=True, base="directedPair"), body, template(MATCH))

    def _inline_choice(self) -> Parts:
        menus = self.text.menus
        orders = [order(self.item, len(menu), 1) for menu in menus]

        def gap(number: str) -> str:
            at = int(number) - 1
            choices = (el("qti-inline-choice", self._phrase(menus[at][each]), identifier=name(orders[at], each))
                       for each in orders[at])  # fmt: skip
            return el("qti-inline-choice-interaction", *choices, response_identifier=f"RESPONSE_{number}",
                      shuffle=self._shuffle())  # fmt: skip

        names = [f"RESPONSE_{n}" for n in range(1, len(menus) + 1)]
        keys = (declared(each, [name(at, 0)]) for each, at in zip(names, orders, strict=True))
        return Parts("".join(keys), self._stem(gap), all_match(names))

    def _hotspot(self) -> Parts:
        n, text = self.item.n_right, self.text
        at = order(self.item, len(text.options), n)
        choices = (el("qti-hotspot-choice", identifier=name(at, each), **label(text.options[each]),
                      **area(self.item.areas[each])) for each in at)  # fmt: skip
        is_several = n > 1
        body = el("qti-hotspot-interaction", self.figure(text.picture or ""), *choices, response_identifier="RESPONSE",
                  max_choices="0" if is_several else "1")  # fmt: skip
        key = declared("RESPONSE", self._named(n)[:n], is_several=is_several)
        return Parts(key, self._stem() + body, template(MATCH))

    def _text_entry(self) -> Parts:
        field = el("p", el("qti-text-entry-interaction", response_identifier="RESPONSE", class_=BELOW))
        body = self._stem() + field
        number, tolerance = self.item.number, self.item.tolerance
        if number is None:
            entries = [el("qti-map-entry", map_key=each, mapped_value="1", case_sensitive="false")
                       for each in self.text.accepted]  # fmt: skip
            right = el("qti-correct-response", *(el("qti-value", escaped(each)) for each in self.text.accepted[:1]))
            mapping = el("qti-mapping", *entries, default_value="0")
            key = el("qti-response-declaration", right, mapping, identifier="RESPONSE", cardinality="single",
                     base_type="string")  # fmt: skip
            return Parts(key, body, template(MAP))
        plain = number.replace(",", ".").strip()
        key = declared("RESPONSE", [plain], base="float", said=number if number != plain else None)
        return Parts(key, body, template(MATCH) if tolerance is None else within(tolerance))

    def _extended_text(self) -> Parts:
        least, most = self.item.words
        field = el(
            "qti-extended-text-interaction", response_identifier="RESPONSE", format="plain",
            data_words_least=None if least is None else str(least), data_words_most=None if most is None else str(most),
            expected_length=None if most is None else str(most * CHARACTERS_A_WORD),
        )  # fmt: skip
        key = el("qti-response-declaration", identifier="RESPONSE", cardinality="single", base_type="string")
        return Parts(key, self._stem() + field, "")


def name(at: list[int], authored: int) -> str:
    """The identifier of an authored option: of its place among those shown."""
    return f"C{at.index(authored) + 1}"


def declared(identifier: str, values: list[str], *, is_several: bool = False, base: str = "identifier",
             cardinality: str | None = None, said: str | None = None) -> str:  # fmt: skip
    """The declaration of a response with what is right."""
    right = el("qti-correct-response", *(el("qti-value", escaped(each)) for each in values), interpretation=said)
    return el("qti-response-declaration", right, identifier=identifier, base_type=base,
              cardinality=cardinality or ("multiple" if is_several else "single"))  # fmt: skip


def template(address: str) -> str:
    """The scoring that a template of the standard describes."""
    return el("qti-response-processing", template=address)


def all_match(names: list[str]) -> str:
    """One point if each response is its right one."""
    matches = (el("qti-match", el("qti-variable", identifier=each), el("qti-correct", identifier=each))
               for each in names)  # fmt: skip
    return _one_if(el("qti-and", *matches))


def within(tolerance: str) -> str:
    """One point if the number is not farther from the right one than this."""
    plain = tolerance.replace(",", ".").strip()
    return _one_if(el("qti-equal", el("qti-variable", identifier="RESPONSE"), el("qti-correct", identifier="RESPONSE"),
                      tolerance_mode="absolute", tolerance=f"{plain} {plain}"))  # fmt: skip


def _one_if(condition: str) -> str:
    point, none = (el("qti-set-outcome-value", el("qti-base-value", value, base_type="float"), identifier="SCORE")
                   for value in ("1", "0"))  # fmt: skip
    return el("qti-response-processing", el("qti-response-condition", el("qti-response-if", condition, point),
                                            el("qti-response-else", none)))  # fmt: skip


def label(option: str) -> dict[str, str]:
    """What an area is called: in plain words, and in the author's source where that says more."""
    runs = read_runs(option)
    plain = "".join(run if isinstance(run, str) else run.text for run in runs)
    return {"hotspot_label": plain} if runs == [plain] else {"hotspot_label": plain or "?", "data_label": option}


def area(written: str) -> dict[str, str]:
    """The shape and coordinates of an area, as the standard writes them."""
    found = areas.read(written)
    at = found["at"] if found else []
    if found and found["shape"] == "rect":
        at = [at[0], at[1], at[0] + at[2], at[1] + at[3]]
    shape = {"polygon": "poly"}.get(found["shape"], found["shape"]) if found else "default"
    return {"shape": shape, "coords": ",".join(map(str, at))}
