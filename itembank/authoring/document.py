"""The document of a manuscript: an item's source, its language of origin, and what each translation was made from.
A translation is stale when the origin no longer says what it said then."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from itembank.items import source
from itembank.items.content import NewItem, canonical
from server.core.vault import digest

Json = dict[str, Any]

WORDS = ("stem", "options", "accepted", "prompts", "menus", "passage", "rubric")


def is_blank(text: Mapping[str, Any]) -> bool:
    """Whether nothing is written in a language yet."""
    return all(_is_blank(text[part]) for part in WORDS)


def _is_blank(value: Any) -> bool:
    return all(map(_is_blank, value)) if isinstance(value, list) else not (value or "").strip()


@dataclass(frozen=True)
class Document:
    """`item` is what `source.to_json` writes; `based_on` holds the origin's digest each translation was made from,
    `earlier` the texts of origin that stale translations were made from, by their digests."""

    item: Mapping[str, Any]
    origin: str
    based_on: Mapping[str, str]
    earlier: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, new: NewItem, origin: str) -> Document:
        """The document of an item whose languages all say the same today."""
        return cls(source.to_json(new), origin, {}).confirmed(set(new.texts) - {origin})

    @property
    def origin_digest(self) -> str:
        """What translations are made from: the text of origin, and the number that is right in every language."""
        texts = self.item["texts"]
        return digest(canonical([texts.get(self.origin), self.item["number"], self.item["tolerance"]]))

    @property
    def languages(self) -> list[str]:
        """The languages there is a text in."""
        return sorted(self.item["texts"])

    @property
    def stale(self) -> list[str]:
        """The languages that were made from another text of origin than today's."""
        now = self.origin_digest
        return [each for each in self.languages if each != self.origin and self.based_on.get(each) != now]

    @property
    def missing(self) -> list[str]:
        """The languages in which nothing is written yet."""
        return [each for each in self.languages if is_blank(self.item["texts"][each])]

    def confirmed(self, languages: Collection[str]) -> Document:
        """The same, where somebody has said that these translations fit today's text of origin."""
        fresh = dict.fromkeys(set(languages) & set(self.item["texts"]) - {self.origin}, self.origin_digest)
        return replace(self, based_on={**self.based_on, **fresh}).tidied()

    def tidied(self) -> Document:
        """The same without texts of origin that no translation was made from."""
        wanted = set(self.based_on.values()) - {self.origin_digest}
        return replace(self, earlier={name: text for name, text in self.earlier.items() if name in wanted})

    def made_from(self, language: str) -> Any:
        """The text of origin that a stale translation was made from; None where it is fresh, or nobody kept it."""
        return self.earlier.get(self.based_on.get(language, ""))

    def changed(self, item: Mapping[str, Any], confirmed: Collection[str] = ()) -> Document:
        """The same manuscript with another text; a language first written in is made from today's origin."""
        written = {language for language, text in self.item["texts"].items() if not is_blank(text)}
        added = {language for language, text in item["texts"].items() if not is_blank(text)} - written
        kept = {language: made for language, made in self.based_on.items() if language in item["texts"]}
        earlier = {**self.earlier, self.origin_digest: self.item["texts"].get(self.origin)}
        return Document(item, self.origin, kept, earlier).confirmed(added | set(confirmed))

    def only(self, languages: Collection[str]) -> Document:
        """The same in these languages alone."""
        texts = {language: text for language, text in self.item["texts"].items() if language in languages}
        return replace(self, item={**self.item, "texts": texts})

    def to_json(self) -> Json:
        """What is sealed."""
        return {"item": self.item, "origin": self.origin, "based_on": self.based_on, "earlier": self.earlier}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Document:
        """What `to_json` wrote."""
        return cls(value["item"], value["origin"], value["based_on"], value["earlier"])
