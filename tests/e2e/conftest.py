"""A real headless Chromium and a real server for each test that asks for them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.remote.webdriver import WebDriver

from tests.live import LiveServer

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
# A camera that shows a moving sign, and nobody to ask whether it may be used.
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
FAILED = pytest.StashKey[bool]()
NewBrowser = Callable[..., WebDriver]


def open_browser(
    profile: Path,
    width: int = 1280,
    height: int = 900,
    *,
    has_camera: bool = False,
    film: Path | None = None,
    **env: str,
) -> WebDriver:
    """A browser with an empty profile; its camera shows `film`, if there is one, again and again."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.fail("install Chromium and its driver: apt-get install chromium chromium-driver")
    options = Options()
    options.binary_location = chromium
    shown = (f"--use-file-for-fake-video-capture={film}",) if film else ()
    seen = (*CAMERA, *shown) if has_camera else ()
    for flag in (*FLAGS, *seen, f"--window-size={width},{height}", f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(driver, env={**os.environ, **env}))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Fixtures can see how their test ended."""
    report = yield
    item.stash.setdefault(FAILED, report.failed)
    item.stash[FAILED] = item.stash[FAILED] or report.failed
    return report


@pytest.fixture
def new_browser(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[NewBrowser]:
    """A function that opens one more browser; all are closed after the test, their last sight kept if it failed."""
    opened: list[WebDriver] = []

    def make(width: int = 1280, height: int = 900, **more: Any) -> WebDriver:
        profile = tmp_path / f"profile-{len(opened)}"
        opened.append(open_browser(profile, width, height, **more))
        return opened[-1]

    yield make
    for n, browser in enumerate(opened):
        if request.node.stash.get(FAILED, False):
            sight = tmp_path / f"browser-{n}.png"
            browser.save_screenshot(str(sight))
            print(f"last sight: {sight}")
        browser.quit()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveServer]:
    """A server with four seats, started."""
    server = LiveServer(tmp_path / "home", count=4)
    server.start()
    yield server
    server.close()
