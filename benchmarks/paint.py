"""`python -m benchmarks.paint`: how soon a candidate's computer paints the item of a running session (target 1500 ms).

A real Chromium with its processor slowed down sixfold opens /exam at a real server, with no files kept and then with
its files kept: the time from the navigation to the frame after the item stands. The last line is one JSON object."""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from selenium.webdriver.remote.webdriver import WebDriver

from benchmarks.machine import machine
from server.web.app import DIST, bundle
from tests.e2e.conftest import open_browser
from tests.e2e.pages import CandidatePage
from tests.live import LiveServer

SLOWDOWN = 6
PATIENCE_S = 30
# The stem may stand before fonts or styles let it be painted: only the second frame is surely on the screen.
WATCH = """
const seen = () => document.querySelector(".item__stem") && (watch.disconnect(), requestAnimationFrame(() =>
  requestAnimationFrame(() => { window.__item_ms = performance.now(); })));
const watch = new MutationObserver(seen);
watch.observe(document, {childList: true, subtree: true});
"""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--language", default="ky", choices=("ky", "ru", "en"))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="synak-paint-") as folder:
        live = LiveServer(Path(folder) / "home", count=2)
        live.start()
        browser = open_browser(Path(folder) / "profile")
        try:
            first, kept = _measure(live, browser, asked.rounds, asked.language)
            about = browser.capabilities["browserVersion"]
        finally:
            browser.quit()
            live.close()
    print(json.dumps({
        "first_item_ms": round(statistics.median(first)), "first_item_worst_ms": round(max(first)),
        "kept_files_ms": round(statistics.median(kept)), "js_gzip_kb": js_gzip_kb(), "slowdown": SLOWDOWN,
        "rounds": asked.rounds, "chromium": about, "machine": machine(),
    }))  # fmt: skip


def js_gzip_kb() -> float:
    """The script of the candidate's page with all that it imports at once, compressed."""
    files = bundle("runner")
    paths = [DIST / path for path in (*files["scripts"], *files["preloads"])]
    return round(sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths) / 1000, 1)


def _measure(
    live: LiveServer, browser: WebDriver, rounds: int, language: str
) -> tuple[list[float], list[float]]:
    (seat, *_others) = live.seats()
    live.admit([seat])
    page = CandidatePage(browser, live.origin)
    page.sign_in(seat.registration_no, seat.code, language)
    page.item_no()
    _cdp(browser, "Network.enable")
    _cdp(browser, "Page.addScriptToEvaluateOnNewDocument", source=WATCH)
    _cdp(browser, "Emulation.setCPUThrottlingRate", rate=SLOWDOWN)
    _paint_ms(browser, live.origin)  # the server has its own caches too
    first, kept = [], []
    for n in range(rounds):
        _cdp(browser, "Network.clearBrowserCache")
        first.append(_paint_ms(browser, live.origin))
        kept.append(_paint_ms(browser, live.origin))
        print(f"round {n + 1}: {first[-1]:.0f} ms, with kept files {kept[-1]:.0f} ms", flush=True)
    return first, kept


def _paint_ms(browser: WebDriver, origin: str) -> float:
    browser.get("about:blank")
    browser.get(f"{origin}/exam")
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found: Any = browser.execute_script("return window.__item_ms")
        if found is not None:
            return float(found)
        time.sleep(0.1)
    raise TimeoutError("no item was painted")


def _cdp(browser: WebDriver, method: str, **params: object) -> None:
    browser.execute_cdp_cmd(method, params)


if __name__ == "__main__":
    main()
