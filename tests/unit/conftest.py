"""The `law` fixture: each edition, its rules, and its file read once more without the product's loader."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from server.core.regulation import REGULATIONS, Edition, Rule, load_edition

EDITIONS = (("kg-distinction", "2013"), ("zz-trial", "2030"))


@dataclass(frozen=True)
class Law:
    """An edition and the bare tables it was made from."""

    edition: Edition
    clauses: dict[str, Any]

    def __getitem__(self, clause: str) -> dict[str, Any]:
        return self.clauses[clause]

    def get(self, clause: str, cls: type[Rule]) -> Any:
        return self.edition.get(clause, cls)

    def by(self, kg: Any, zz: Any) -> Any:
        """What is expected of each edition, where the test writes it down itself."""
        return {"kg-distinction": kg, "zz-trial": zz}[self.edition.code]

    def codes(self, clause: str, name: str) -> list[str]:
        return [entry["code"] for entry in self[clause][name]]

    def local(self, *parts: int) -> datetime:
        """An instant given by the wall clock of the edition's zone."""
        return datetime(*parts, tzinfo=ZoneInfo(self.by("Asia/Bishkek", "Europe/Warsaw"))).astimezone(UTC)

    def last_of(self, clause: str, start: datetime) -> datetime:
        """The last admissible second of the clause's term, reckoned here once more."""
        term = self[clause]["term"]
        if term["counting"] == "exact":
            return start + timedelta(hours=24 * term["days"])
        zone = ZoneInfo(self.by("Asia/Bishkek", "Europe/Warsaw"))
        day = start.astimezone(zone).date() + timedelta(days=term["days"])
        return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone).astimezone(UTC)


@pytest.fixture(params=EDITIONS, ids="-".join)
def law(request: pytest.FixtureRequest) -> Law:
    """Every rule test runs once under the law in force and once under the fictitious one."""
    code, version = request.param
    text = (REGULATIONS / f"{code}-{version}.toml").read_text("utf-8")
    return Law(load_edition(code, version), tomllib.loads(text)["clause"])
