"""Words for the codes that facts carry: an edition's own titles first, then those listed here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from server.core.i18n import _, language
from server.core.regulation import Edition, editions
from server.web.messages.marking import N_

# Codes of the rules that no edition gives a title to.
WORDS: dict[str, str] = {
    "answers": N_("the answers"),
    "appeal_member": N_("member of the appeals commission"),
    "areas": N_("areas"),
    "auditor": N_("auditor"),
    "design": N_("design"),
    "drawings": N_("the drawings"),
    "early_end": N_("rule for an early end"),
    "head": N_("head"),
    "items": N_("items"),
    "kind": N_("type of the item"),
    "leak_lost": N_("a file, a paper or a device with it was lost"),
    "leak_published": N_("it was found outside the bank"),
    "leak_suspected": N_("it may be known outside the bank"),
    "leak_told": N_("somebody who knew it told others"),
    "length": N_("length"),
    "main": N_("main stage"),
    "marker": N_("marker"),
    "method": N_("way of choosing items"),
    "n_right": N_("how many answers are right"),
    "neyman": N_("Neyman's allocation"),
    "notice": N_("notice to the appellant"),
    "number": N_("the right number"),
    "numbered": N_("the number"),
    "passages": N_("passages"),
    "pilot": N_("pilot stage"),
    "pps": N_("draw in proportion to size"),
    "proportional": N_("proportional allocation"),
    "reference": N_("the scale"),
    "rewrite_no": N_("Do not write the same anew."),
    "rewrite_yes": N_("What it asks may be asked anew in another text under a code of its own."),
    "sealed": N_("the seal"),
    "sealed_list": N_("the sealed final list"),
    "shuffle": N_("order drawn by lot"),
    "signed": N_("the signature"),
    "sittings": N_("the sittings"),
    "tiers": N_("tiers"),
    "tolerance": N_("tolerance"),
    "time": N_("time limit"),
    "words": N_("number of words expected"),
    "working": N_("the written solution"),
}

Titles = Mapping[str, Mapping[str, str]]


def word_for(code: str, clause: str) -> str:
    """What a code of a clause is called in the reader's language; the code itself if nothing names it."""
    titles = _titles_of(clause).get(code) or _all_titles().get(code)
    if titles is not None:
        return titles[language()]
    return _(WORDS[code]) if code in WORDS else code


def lawful_editions() -> tuple[Edition, ...]:
    """The editions on file, the newest of the real ones first."""
    newest_first = sorted(editions(), key=lambda each: each.version, reverse=True)
    return tuple(sorted(newest_first, key=lambda each: each.fictitious))


@cache
def _titles_of(clause: str) -> Titles:
    found: dict[str, Mapping[str, str]] = {}
    for edition in lawful_editions():
        if clause in edition.clauses:
            for code, titles in _named(edition.clauses[clause].fields):
                found.setdefault(code, titles)
    return found


@cache
def _all_titles() -> Titles:
    found: dict[str, Mapping[str, str]] = {}
    for edition in lawful_editions():
        for clause in edition.clauses:
            for code, titles in _titles_of(clause).items():
                found.setdefault(code, titles)
    return found


def _named(fields: Any) -> Iterator[tuple[str, Mapping[str, str]]]:
    if isinstance(fields, Mapping):
        if {"code", "ky", "ru", "en"} <= set(fields):
            yield str(fields["code"]), {name: str(fields[name]) for name in ("ky", "ru", "en")}
        else:
            for value in fields.values():
                yield from _named(value)
    elif isinstance(fields, list | tuple):
        for value in fields:
            yield from _named(value)
