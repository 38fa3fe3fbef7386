"""Items, blueprints and pools for tests: small, valid, and cheap to seal."""

from __future__ import annotations

from typing import Any

from irt.selection import Rule
from itembank import add_item
from itembank.blueprints.rules import Approval
from itembank.blueprints.service import NewBlueprint, NewPool, publish_blueprint, publish_pool
from itembank.blueprints.spec import Spec
from itembank.calibrations.service import NewRun, Parameters, record_calibration
from itembank.interchange import Defaults, write_qti
from itembank.interchange.service import receive
from itembank.items.content import NewItem
from itembank.items.parts import NewText
from server.core.regulation import Edition, load_edition
from server.core.work import Work

APPROVALS = (Approval("Asanova", True), Approval("Bekov", False), Approval("Chynaliev", False))
AREAS = ("north", "south")
TITLES = {area: {"ky": area, "ru": area, "en": area.title()} for area in AREAS}
PLACES = {"basic": -1.0, "medium": 0.0, "raised": 1.0}


def edition() -> Edition:
    """The edition that every test's sitting stands under."""
    return load_edition("kg-distinction", "2013")


def new_item(code: str = "GEO-1", languages: tuple[str, ...] = ("ky", "ru"), **changes: Any) -> NewItem:
    """A choice item whose every text names its code and language."""
    texts = {
        language: NewText(
            f"Stem of {code} in {language}",
            (f"key {code} {language}", *(f"wrong{n} {code} {language}" for n in (1, 2, 3))),
        )
        for language in languages
    }
    whole: dict[str, Any] = {
        "code": code, "subject": "geography", "tier": "basic", "area": "north",
        "type": "choice", "texts": texts,
    }  # fmt: skip
    return NewItem(**{**whole, **changes})


def entry_item(code: str = "GEO-9", number: str | None = None, accepted: tuple[str, ...] = ()) -> NewItem:
    """A text entry in Kyrgyz and Russian."""
    texts = {language: NewText(f"Type {code}", accepted=accepted) for language in ("ky", "ru")}
    return new_item(code, type="text_entry", texts=texts, number=number)


def written_item(code: str = "GEO-W1", languages: tuple[str, ...] = ("ky", "ru"), **changes: Any) -> NewItem:
    """A task to be answered in a text of some fifty words; only its rubric says what a marker looks for."""
    texts = {
        language: NewText(f"Write about {code} in {language}", rubric=f"Secret rubric of {code} in {language}")
        for language in languages
    }
    return new_item(code, languages, **{"type": "extended_text", "texts": texts, "words": (40, 60), **changes})


def spec(**changes: Any) -> Spec:
    """Six items, two of each tier, at least one of each area, the best of two."""
    whole: dict[str, Any] = {
        "length": 6,
        "tiers": dict.fromkeys(PLACES, (2, 2)),
        "areas": dict.fromkeys(AREAS, (1, 6)),
        "area_titles": TITLES,
        "standards": {area: f"State standard, geography, {area}" for area in AREAS},
        "rule": Rule("information", 2),
        "reference_length": 12,
    }
    return Spec(**{**whole, **changes})


def blueprint(work: Work, subject: str = "geography", **changes: Any) -> int:
    """A published blueprint."""
    year = work.now.year
    new = NewBlueprint(
        subject=subject, spec=spec(**changes), approvals=APPROVALS, commission_year=year, order_no="17"
    )
    return publish_blueprint(work, new, edition())


def calibrated_items(work: Work, per_cell: int = 3, subject: str = "geography", prefix: str = "GEO") -> int:
    """`per_cell` items of each tier and area with estimated parameters; the id of the run."""
    parameters = []
    for tier, b in PLACES.items():
        for area in AREAS:
            for n in range(per_cell):
                code = f"{prefix}-{tier}-{area}-{n}"
                version_id = add_item(work, new_item(code, subject=subject, tier=tier, area=area))
                parameters.append(Parameters(version_id, 1.0 + 0.1 * n, b + 0.2 * n, 0.2))
    return calibration(work, parameters, subject)


def calibration(work: Work, parameters: list[Parameters], subject: str = "geography", **changes: Any) -> int:
    """A recorded run with estimated figures."""
    whole: dict[str, Any] = {
        "subject": subject, "source": "estimated", "model": "3PL", "scale": "theta ~ N(0, 1), D = 1",
        "n_persons": 1200, "parameters": parameters,
    }  # fmt: skip
    return record_calibration(work, NewRun(**{**whole, **changes}))


def published_pool(work: Work, per_cell: int = 3, subject: str = "geography", prefix: str = "GEO") -> int:
    """A pool of 6 × `per_cell` items in Kyrgyz and Russian."""
    run_id = calibrated_items(work, per_cell, subject, prefix)
    new = NewPool(
        blueprint_id=blueprint(work, subject), calibration_run_id=run_id, languages=("ky", "ru")
    )
    return publish_pool(work, new, edition())


def an_import(work: Work, subject: str = "geography") -> int:
    """A package that the actor has uploaded, not read yet, to a subject that the bank has."""
    return receive(work, write_qti([new_item("IN-1", subject=subject)]), Defaults(subject, "north"))
