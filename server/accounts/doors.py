"""What the home page of a staff member offers: one door for each thing a role may do."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from server.core.i18n import _
from server.core.roles import BANK_ROLES, STRONG_ROLES, Actor, Role


@dataclass(frozen=True)
class Door:
    """A page that some roles may open, and what it is for, in the reader's language."""

    path: str
    title: str
    purpose: str


def doors_of(actor: Actor) -> list[Door]:
    """The doors that this actor may open, each once, in the order of the work; some ask for the second factor first."""
    every = (*_doors_of_the_exam(), *_doors_of_the_bank(), *_doors_of_oneself())
    return [door for roles, door in every if actor.may(*roles) or not actor.withheld.isdisjoint(roles)]


def local_path(path: str) -> str:
    """The path if it leads into this site, else nothing: a link must not lead a fresh sign-in elsewhere."""
    if not path.startswith("/") or path.startswith("//") or "\\" in path or any(c <= " " for c in path):
        return ""
    parts = urlsplit(path)
    return "" if parts.scheme or parts.netloc else path


def _doors_of_the_exam() -> list[tuple[tuple[Role, ...], Door]]:
    return [
        ((Role.PROCTOR,), Door(
            "/proctor", _("My rooms"),
            _("Check candidates in, start the test, watch over it and write protocols."))),
        ((Role.CENTRE,), Door(
            "/centre", _("Test centre"),
            _("Rooms, seats and duties for each sitting, and the slips with the candidates' codes."))),
        ((Role.CENTRE,), Door(
            "/centre/lists", _("Admission lists"),
            _("Hand in the list of candidates, certify it with your organisation's seal, add photographs."))),
        ((Role.OFFICE,), Door(
            "/office", _("Testing office"),
            _("Programmes, sittings, results and their release."))),
        ((Role.MARKER,), Door(
            "/marking", _("Written work to mark"),
            _("Works that were drawn for you, by their codes, with the rubric beside them."))),
        ((Role.APPEALS,), Door(
            "/appeals", _("Appeals"),
            _("Cases of the appeals commission by the codes of works, its hearings, votes and protocols."))),
        ((Role.OFFICE,), Door(
            "/office/appeals", _("Appeals of candidates"),
            _("File appeals by registration number, hand over notices, and the final list under seal."))),
        ((Role.OFFICE,), Door(
            "/office/commission", _("Methodological commission"),
            _("Who approves the content of the tests this year, by the ministry's order."))),
    ]


def _doors_of_the_bank() -> list[tuple[tuple[Role, ...], Door]]:
    return [
        ((Role.COMMISSION, Role.PSYCHOMETRICIAN), Door(
            "/bank", _("Item bank"),
            _("Items, calibrations, blueprints and the pools made from them."))),
        (tuple(sorted(BANK_ROLES)), Door(
            "/bank/my-work", _("My work in the bank"),
            _("Items you write, texts that wait for your reading, and what the commission decides next."))),
        ((Role.SECURITY, Role.AUDITOR), Door(
            "/bank/leaks", _("Leaks"),
            _("Who knew an item that is known outside, and its withdrawal everywhere."))),
        ((Role.AUDITOR,), Door(
            "/journal/results", _("Who read results"),
            _("Every reading of a result, with who it was and when."))),
        ((Role.AUDITOR, Role.SECURITY), Door(
            "/journal", _("Journal"),
            _("Who did what and when, and whether the journal is whole."))),
    ]


def _doors_of_oneself() -> list[tuple[tuple[Role, ...], Door]]:
    return [
        ((Role.PROCTOR, Role.CENTRE, Role.OFFICE, Role.AUDITOR), Door(
            "/papers", _("Check a paper"),
            _("Whether a printed paper is genuine, by the digest at its foot."))),
        ((Role.PROCTOR, Role.CENTRE, Role.OFFICE, Role.COMMISSION, Role.APPEALS), Door(
            "/staff/pin", _("PIN"),
            _("The digits you sign protocols, handovers and minutes with."))),
        (tuple(STRONG_ROLES), Door(
            "/staff/second-factor", _("Second factor"),
            _("The authenticator on your telephone, which opens the bank and the journal beside your password."))),
        ((Role.STAFF,), Door(
            "/staff/password", _("Password"),
            _("Choose another password. You are then signed out everywhere."))),
    ]
