"""Reads an admission list: every fault of every line is named at once, and nothing is written (DC-9).
Whether a candidate is registered already is the service's question, not the file's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from server.candidates import cells
from server.candidates.cells import CellError
from server.candidates.columns import BY_CODE, COLUMNS, SEXES, Column, column_of, header_key, is_counter
from server.candidates.documents import normal_number
from server.candidates.policy import ListPolicy, by_name
from server.candidates.text_table import Fault, Line, TextTable, UnreadableError, read_table
from server.core.regulation import Edition

Subjects = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ListedCandidate:
    """One good line of a list: who, with which document, in which subjects and languages."""

    line: int
    family_name: str
    given_name: str
    patronymic: str
    birth_date: date
    school: str
    language: str
    document_kind: str
    document_number: str = field(repr=False)
    subjects: Subjects
    photo_name: str
    sex: str | None = None


@dataclass(frozen=True)
class Reading:
    """The good lines of a list, and the faults of the others; only a list without faults may be certified."""

    rows: tuple[ListedCandidate, ...]
    faults: tuple[Fault, ...]


def read_admission_list(content: bytes, edition: Edition, *, offered: Sequence[str], today: date) -> Reading:
    """The list in a file, judged by the edition for a programme that offers these subjects; never raises."""
    try:
        table = read_table(content, lambda cell: column_of(cell) is not None)
    except UnreadableError as error:
        return Reading((), (error.fault,))
    places = tuple(column_of(cell) for cell in table.header.cells)
    faults = _header_faults(table.header, places)
    if faults:
        return Reading((), tuple(faults))
    if not table.lines:
        return Reading((), (Fault("list_without_candidates"),))
    reader = _Reader(ListPolicy.of(edition, tuple(offered)), places, table, today)
    rows = tuple(row for row in map(reader.read, table.lines) if row is not None)
    return Reading(rows, tuple(reader.faults))


def _header_faults(header: Line, places: Sequence[Column | None]) -> list[Fault]:
    named = Counter(column.code for column in places if column is not None)
    missing = tuple(column for column in COLUMNS if column.is_required and column.code not in named)
    faults = [Fault("list_column_twice", header.number, code) for code, n in named.items() if n > 1]
    faults += [
        Fault("list_column_unknown", header.number, facts={"header": cell.strip()[:60]})
        for cell, column in zip(header.cells, places, strict=True)
        if column is None and not is_counter(cell)
    ]
    if missing:
        faults.append(Fault("list_columns_missing", header.number, facts={"columns": missing}))
    return faults


class _Reader:
    """Reads line after line; remembers the documents it has seen."""

    def __init__(
        self, policy: ListPolicy, places: tuple[Column | None, ...], table: TextTable, today: date
    ) -> None:
        self.faults: list[Fault] = []
        self._policy, self._places, self._today = policy, places, today
        self._headers, self._is_old = table.header.cells, table.is_old
        self._languages = by_name(policy.languages.languages)
        self._documents = by_name(policy.documents)
        self._subjects = by_name(policy.subjects.subjects)
        self._seen: dict[tuple[str, str], int] = {}
        self._line = 0

    def read(self, line: Line) -> ListedCandidate | None:
        """The candidate of a line, or None after its faults are noted."""
        self._line, before = line.number, len(self.faults)
        raw = self._cells(line)
        if raw is None:
            return None
        text = {code: self._text(BY_CODE[code], value) for code, value in raw.items()}
        born = self._try("birth_date", lambda: cells.birth_date(text["birth_date"], self._today))
        language = self._choice("language", text["language"])
        kind = self._choice("document_kind", text["document_kind"])
        number = text["document_number"]
        if number:
            self._document(kind, number)
        subjects = self._chosen(text.get("subjects", ""), language) if language else ()
        sex = self._sex(text.get("sex", ""))
        if len(self.faults) > before or born is None:
            return None
        return ListedCandidate(
            line.number, text["family_name"], text["given_name"], text.get("patronymic", ""), born,
            text["school"], language, kind, number, subjects, text.get("photo", ""), sex,
        )

    def _cells(self, line: Line) -> dict[str, str] | None:
        width = len(self._places)
        if len(line.cells) < width or any(cell.strip() for cell in line.cells[width:]):
            self._fault("list_cells_differ", cells=len(line.cells), columns=width)
            return None
        for header, cell in zip(self._headers, line.cells, strict=False):
            if not header_key(header) and cell.strip():
                self._fault("list_cell_without_header", value=cell.strip()[:60])
        return {
            column.code: cell for column, cell in zip(self._places, line.cells, strict=False) if column
        }

    def _text(self, column: Column, raw: str) -> str:
        value = self._try(column.code, lambda: cells.text(column, raw, self._is_old))
        return value or ""

    def _choice(self, column: str, value: str) -> str:
        known = self._languages if column == "language" else self._documents
        code = known.get(header_key(value), "")
        if value and not code:
            rule = self._policy.languages
            entries = rule.languages if column == "language" else self._policy.documents
            clause = rule.clause if column == "language" else "DC-9"
            self._fault(f"list_{column}_unknown", column, clause, value=value, known=entries)
        return code

    def _sex(self, value: str) -> str | None:
        """What an optional column says; None where it says nothing."""
        sex = next((code for code, names in SEXES.items() if header_key(value) in names), None)
        if value and sex is None:
            self._fault("list_sex_unknown", "sex", value=value)
        return sex

    def _document(self, kind: str, number: str) -> None:
        key = (kind, normal_number(number))
        if len(key[1]) < 3 or not any(c.isdigit() for c in key[1]):
            self._fault("list_number_wrong", "document_number")
        elif key in self._seen:
            self._fault("list_document_twice", "document_number", first=self._seen[key])
        elif kind:
            self._seen[key] = self._line

    def _chosen(self, value: str, instruction: str) -> Subjects:
        found = [(subject, "") for subject in self._policy.offered]
        if value:
            found = [each for part in cells.parts(value) for each in self._subject(part)]
            if len(found) < len(cells.parts(value)):
                return ()
        ruling = self._policy.subjects.judge([subject for subject, _ in found], self._policy.offered)
        if not ruling.allowed:
            self._fault(f"list_{ruling.code}", "subjects", ruling.clause, **self._named(dict(ruling.facts)))
            return ()
        return tuple(self._tongue(subject, stated, instruction) for subject, stated in found)

    def _subject(self, part: str) -> list[tuple[str, str]]:
        name, _, tongue = (each.strip() for each in part.partition(":"))
        subject = self._subjects.get(header_key(name))
        if subject is None:
            known = self._policy.offered_subjects()
            clause = self._policy.subjects.clause
            self._fault("list_subject_unknown", "subjects", clause, value=name, known=known)
            return []
        language = self._languages.get(header_key(tongue), "")
        if tongue and not language:
            known = self._policy.languages.languages
            self._fault("list_language_unknown", "subjects", self._policy.languages.clause,
                        value=tongue, known=known)
            return []
        return [(subject, language)]

    def _tongue(self, subject: str, stated: str, instruction: str) -> tuple[str, str]:
        rule = self._policy.languages
        wanted = rule.language_of(subject, instruction)
        ruling = rule.judge(subject, instruction, (stated or wanted,))
        if not ruling.allowed:
            self._fault("list_subject_language", "subjects", ruling.clause, **self._named(
                {"subjects": [subject], "languages": [wanted]}))
        return subject, stated or wanted

    def _named(self, facts: dict[str, object]) -> dict[str, object]:
        # Codes become titles where the fault is read, in the reader's language.
        tables = {"subjects": self._policy.subjects.subjects, "languages": self._policy.languages.languages}
        for name, entries in tables.items():
            codes = facts.get(name)
            if isinstance(codes, list):
                facts[name] = tuple(entry for entry in entries if entry.code in codes)
        return facts

    def _try(self, column: str, act: cells.Act[cells.T]) -> cells.T | None:
        try:
            return act()
        except CellError as error:
            self._fault(error.code, column, None, **error.facts)
            return None

    def _fault(
        self, code: str, column: str | None = None, clause: str | None = None, **facts: object
    ) -> None:
        self.faults.append(Fault(code, self._line, column, facts, clause))
