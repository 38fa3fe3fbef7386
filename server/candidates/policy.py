"""What an edition says of an admission list: subjects, languages and documents, found by names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from server.candidates.columns import header_key
from server.candidates.rules import LanguageRule, SubjectsRule
from server.core.regulation import Edition
from server.core.terms import LANGUAGES, Named, find
from server.core.typed import build


@dataclass(frozen=True)
class ListPolicy:
    """The rules of one edition by which a list is read, for a programme that offers some of the subjects."""

    subjects: SubjectsRule
    languages: LanguageRule
    documents: tuple[Named, ...]
    offered: tuple[str, ...]

    @classmethod
    def of(cls, edition: Edition, offered: tuple[str, ...]) -> ListPolicy:
        """The policy of the edition (DC-3, DC-4, DC-9)."""
        # The rule on documents judges at the desk, down the pipeline; a list only needs to know their kinds.
        stated = edition.clauses["DC-9"].fields["documents"]
        kinds = tuple(build(Named, {key: each[key] for key in ("code", *LANGUAGES)}) for each in stated)
        subjects, languages = edition.get("DC-3", SubjectsRule), edition.get("DC-4", LanguageRule)
        return cls(subjects, languages, kinds, offered)

    def offered_subjects(self) -> tuple[Named, ...]:
        """The subjects of the programme with their titles, in its order."""
        found = (find(self.subjects.subjects, code) for code in self.offered)
        return tuple(subject for subject in found if subject is not None)


def by_name(entries: tuple[Named, ...]) -> Mapping[str, str]:
    """From each code and title, as people may write it, to the code."""
    return {
        header_key(name): entry.code
        for entry in entries
        for name in (entry.code, entry.ky, entry.ru, entry.en)
    }
