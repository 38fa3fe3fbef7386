"""The practice of calibration as data: which model for how many answers, who is left out, when a figure is a flag."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

Model = Literal["1PL", "2PL", "3PL"]
Design = Literal["fixed", "concurrent"]
FOLDER = Path(__file__).parent
NEWEST = "practice-1"
Part = TypeVar("Part")


@dataclass(frozen=True)
class Ladder:
    """Models with the answers that each needs, the most demanding first."""

    steps: tuple[tuple[Model, int], ...]

    def model(self, n: int) -> Model | None:
        """The richest model for so many answers; None if there are not enough for any."""
        return next((model for model, least in self.steps if n >= least), None)

    @property
    def least(self) -> int:
        """Below so many answers an item is not calibrated."""
        return self.steps[-1][1]


@dataclass(frozen=True)
class PriorFigures:
    """log a ~ N(slope_mean, slope_sd); c ~ Beta(lower_alpha, lower_beta)."""

    slope_mean: float
    slope_sd: float
    lower_alpha: float
    lower_beta: float


@dataclass(frozen=True)
class AnchorFigures:
    """How many anchors tie a run to its scale, and when one has moved."""

    least: int
    least_answers: int
    distance: float
    curve_distance: float
    level: float


@dataclass(frozen=True)
class ExcludeFigures:
    """Who is left out: answers this unlikely, or this few."""

    person_fit_level: float
    least_answers: int


@dataclass(frozen=True)
class FitFigures:
    """When an item does not follow its curve: surely, and noticeably."""

    level: float
    least_rmsd: float


@dataclass(frozen=True)
class DifFigures:
    """Which groups are compared, and how finely persons are matched."""

    least_group: int
    most_strata: int
    persons_a_stratum: int


@dataclass(frozen=True)
class OptionFigures:
    """How options are looked at: ability groups, answers needed, the share below which an option is dead."""

    groups: int
    least_answers: int
    dead_share: float


@dataclass(frozen=True)
class WordFigures:
    """From where on a figure is spoken of in words."""

    least_correlation: float
    least_slope: float
    most_slope: float
    most_guessing: float
    most_se_b: float
    farthest_b: float
    easiest: float
    hardest: float
    most_blank: float


@dataclass(frozen=True)
class SecondFigures:
    """When the second program is asked, of how many persons, and how far apart is too far, in standard errors."""

    least_persons: int
    most_persons: int
    limit: float


@dataclass(frozen=True)
class TimeFigures:
    """From how many persons and times on response times are calibrated too."""

    least_persons: int
    least_times: int


@dataclass(frozen=True)
class Policy:
    """One edition of the practice, with the digest of its file."""

    code: str
    digest: str
    guessed: Ladder
    typed: Ladder
    priors: PriorFigures
    anchors: AnchorFigures
    exclude: ExcludeFigures
    fit: FitFigures
    dif: DifFigures
    options: OptionFigures
    words: WordFigures
    second: SecondFigures
    times: TimeFigures

    def ladder(self, can_guess: bool) -> Ladder:
        """The models of items that can be guessed, or of those that cannot."""
        return self.guessed if can_guess else self.typed


@cache
def load_policy(code: str = NEWEST) -> Policy:
    """The practice of this code; KeyError if there is none."""
    path = FOLDER / f"{code}.toml"
    if not code.replace("-", "").isalnum() or not path.is_file():
        raise KeyError(code)
    raw = path.read_bytes()
    table = tomllib.loads(raw.decode())
    models = {kind: Ladder(tuple((name, least) for name, least in table["models"][kind]))
              for kind in ("guessed", "typed")}  # fmt: skip
    return Policy(
        table["code"], hashlib.sha256(raw).hexdigest(), **models,
        priors=_part(PriorFigures, table["priors"]), anchors=_part(AnchorFigures, table["anchors"]),
        exclude=_part(ExcludeFigures, table["exclude"]), fit=_part(FitFigures, table["fit"]),
        dif=_part(DifFigures, table["dif"]), options=_part(OptionFigures, table["options"]),
        words=_part(WordFigures, table["words"]), second=_part(SecondFigures, table["second"]),
        times=_part(TimeFigures, table["times"]),
    )  # fmt: skip


def _part(kind: type[Part], table: dict[str, Any]) -> Part:
    return kind(**{each.name: table[each.name] for each in fields(kind)})  # type: ignore[arg-type]
