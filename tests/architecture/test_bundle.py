"""What a candidate's computer fetches before the first item stays small; the rest comes in chunks of its own."""

from __future__ import annotations

import gzip
import json

import pytest

from server.web.app import DIST, bundle

BUDGET_KB = 45


@pytest.fixture
def first() -> list[str]:
    """The script of the candidate's page with all that it imports at once."""
    files = bundle("runner")
    assert files["scripts"], "the pages are not built: npm run build in client_web"
    return files["scripts"] + files["preloads"]


def test_the_candidates_page_stays_within_its_budget(first: list[str]) -> None:
    kilobytes = sum(len(gzip.compress((DIST / path).read_bytes(), 9)) for path in first) / 1000
    assert kilobytes <= BUDGET_KB


@pytest.mark.parametrize("part", ["items/Others.tsx", "view/Around.ts", "working/Panel.tsx"])
def test_what_the_first_item_does_not_need_comes_later(first: list[str], part: str) -> None:
    chunk = json.loads((DIST / "manifest.json").read_text())[f"src/runner/{part}"]
    assert chunk["isDynamicEntry"]
    assert chunk["file"] not in first


def test_the_reader_of_codes_is_fetched_only_when_the_desks_camera_opens() -> None:
    console = bundle("console")
    chunk = json.loads((DIST / "manifest.json").read_text())["src/console/ctrl/qr.ts"]
    assert chunk["isDynamicEntry"]
    assert chunk["file"] not in console["scripts"] + console["preloads"]
