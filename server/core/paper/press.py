"""Sets a paper with typst, which nobody else imports. Same paper, same bytes."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import typst

from server.core.paper.blocks import Paper
from server.core.qr import qr_svg
from server.core.vault import Vault

PAGE = Path(__file__).parent / "page.typ"
SHORT = 16
# What no printer shows, and what would turn the text around it: a name must read as it is written.
UNPRINTABLE = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


@dataclass(frozen=True)
class Printed:
    """A paper as PDF and the digest that stands on it."""

    pdf: bytes
    digest: str


def digest_of(vault: Vault, paper: Paper) -> str:
    """The short digest that stands on the paper; keyed, so that nobody makes one or guesses a code from it."""
    said = json.dumps(asdict(paper), ensure_ascii=False, sort_keys=True)
    return vault.mac("paper", said.encode("utf-8", "replace")).hex()[:SHORT]


def press(vault: Vault, paper: Paper) -> Printed:
    """The paper as a tagged PDF (PDF/UA-1 wherever the fonts have all its letters)."""
    digest = digest_of(vault, paper)
    foot = replace(paper.foot, check=paper.foot.check.replace("{digest}", digest),
                   address=paper.foot.address.replace("{digest}", digest))  # fmt: skip
    whole = asdict(replace(paper, foot=foot))
    whole["codes"] = {text: qr_svg(text) for text in (foot.address, *_scanned(whole))}
    inputs = {"paper": json.dumps(_printable(whole), ensure_ascii=False)}
    try:
        return Printed(_compile(inputs, paper.stamp, ["ua-1"]), digest)
    except typst.TypstError:
        # A letter that no font here has is shown as a box, which PDF/UA forbids: then tagged, but not certified.
        return Printed(_compile(inputs, paper.stamp, []), digest)


def _compile(inputs: dict[str, str], stamp: int, standards: list[typst.PDFStandard]) -> bytes:
    root = str(PAGE.parent)
    compiler = typst.Compiler(_source(), root=root, sys_inputs=inputs, ignore_system_fonts=True)
    pdf = compiler.compile(format="pdf", pdf_standards=standards, timestamp=stamp)
    if not isinstance(pdf, bytes):
        raise TypeError("a paper is one file")
    return pdf


@cache
def _source() -> bytes:
    return PAGE.read_bytes()


def _scanned(whole: dict[str, Any]) -> list[str]:
    return [slip["scanned"] for block in whole["blocks"] for slip in block.get("slips", ())]


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return UNPRINTABLE.sub("", value)
    if isinstance(value, dict):
        return {_printable(key): _printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(each) for each in value]
    return value
