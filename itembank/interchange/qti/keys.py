"""What an item of a package counts as right, as far as our keys can say it: one answer, right or not.
Points for parts, other scoring rules and limits are noted; an item whose key cannot be found is a problem."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from itembank.interchange.remarks import Slate
from itembank.interchange.xml import Node, tags

NUMBERS = ("float", "integer")
_OURS = tags(
    "responseProcessing responseCondition responseIf responseElse and match equal variable correct baseValue isNull "
    "not setOutcomeValue mapResponse sum value"
)


@dataclass(frozen=True)
class Key:
    """The right values of one response, in their order."""

    values: tuple[str, ...]
    base: str
    cardinality: str
    written: str | None = None


@dataclass(frozen=True)
class Keys:
    """Reads the keys of one item; `slate` hears what is lost."""

    item: Node
    slate: Slate

    def of(self, response: str) -> Key | None:
        """The key of a response; None where the item has none, which is a problem."""
        declared = [each for each in self.item.named("responseDeclaration")
                    if each.attributes.get("identifier") == response]  # fmt: skip
        if not declared:
            self.slate.problem("qti_no_key", response=response)
            return None
        node = declared[0]
        correct = [value for each in node.named("correctResponse") for value in each.named("value")]
        values = _once([value.words for value in correct])
        entries = [entry for each in node.named("mapping") for entry in each.named("mapEntry")]
        if entries and (not values or self._is_mapped()):
            values = self._best(entries, values, node)
        if not values:
            self.slate.problem("qti_no_key", response=response)
            return None
        said = next((each.attributes.get("interpretation") for each in node.named("correctResponse")), None)
        base = node.attributes.get("baseType", "string")
        return Key(values, base, node.attributes.get("cardinality", "single"), said)

    def tolerance(self, value: str) -> str | None:
        """How far a number may be from the right one; None if not at all."""
        found = self.item.all("equal")
        rounded = self.item.all("equalRounded", "patternMatch", "stringMatch")
        if rounded:
            self.slate.note("qti_scoring", element=rounded[0].tag)
        if not found or found[0].attributes.get("toleranceMode", "exact") == "exact":
            return None
        least = (found[0].attributes.get("tolerance") or "0").split()
        try:
            numbers = [Decimal(each) for each in least]
            share = abs(Decimal(value)) / 100
        except InvalidOperation:
            self.slate.problem("qti_scoring", element="equal")
            return None
        if len(set(numbers)) > 1:
            self.slate.note("qti_scoring", element="equal")
        if found[0].attributes["toleranceMode"] == "relative":
            return format((min(numbers) * share).normalize(), "f")
        return least[numbers.index(min(numbers))]

    def look(self) -> None:
        """Notes scoring that our keys do not have."""
        for node in self.item.named("responseProcessing"):
            strange = [each.tag for each in node.walk() if each.tag not in _OURS]
            if strange:
                self.slate.note("qti_scoring", element=strange[0])
        if self.item.named("templateDeclaration", "templateProcessing"):
            self.slate.problem("qti_template")
        if self.item.attributes.get("adaptive") == "true":
            self.slate.problem("qti_adaptive")

    def _is_mapped(self) -> bool:
        """Whether the answer is scored by its mapping and not by the correct response."""
        nodes = self.item.named("responseProcessing")
        template = nodes[0].attributes.get("template", "") if nodes else ""
        return "map_response" in template or any(node.all("mapResponse") for node in nodes)

    def _best(self, entries: Sequence[Node], correct: tuple[str, ...], declared: Node) -> tuple[str, ...]:
        """The answers that a mapping values: of several typed ones the best, of several chosen ones all."""
        worth: dict[str, float] = {}
        for entry in entries:
            try:
                worth[entry.attributes.get("mapKey", "")] = float(entry.attributes.get("mappedValue", "0"))
            except ValueError:
                self.slate.note("qti_scoring", element="mapEntry")
        wanted = {key: value for key, value in worth.items() if value > 0}
        is_one = declared.attributes.get("cardinality", "single") == "single"
        if len(set(wanted.values())) > 1 or (not is_one and len(wanted) > 1):
            self.slate.note("qti_partial")
        if any(entry.attributes.get("caseSensitive") == "true" for entry in entries):
            self.slate.note("qti_case")
        if not is_one:
            return correct or tuple(wanted)
        most = max(wanted.values(), default=0)
        return tuple(key for key, value in wanted.items() if value == most) or correct


def _once(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
