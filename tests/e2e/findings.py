"""What axe holds against pages as they stand, in each language and at 200 %; which addresses were looked at."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.e2e import axe
from tests.e2e.pages import Page

LANGUAGES = ("ky", "ru", "en")
OFFICIAL = LANGUAGES[:2]
# What is seen of a window of 1280 × 900 at these zooms.
ZOOMS = {100: None, 200: (640, 450), 400: (320, 225)}
USUAL = {"ky": (100, 200), "ru": (200,), "en": (100,)}  # Russian words are the longest
# What lies beyond the side of the window, but for what scrolls in a box of its own.
WIDE = """
const { scrollWidth, clientWidth } = document.documentElement;
const beyond = (each) => each.getBoundingClientRect().right > clientWidth + 1 && !each.closest(".table-scroll");
return scrollWidth <= clientWidth + 1 ? [] : [...document.body.querySelectorAll("*")].filter(beyond)
  .map((each) => `${each.tagName}.${each.className}: ${each.textContent.trim().slice(0, 60)}`).slice(-4);
"""


class Findings:
    """What axe holds against the pages of one browser; at 200 % and beyond nothing may lie beyond the side either."""

    def __init__(self, page: Page) -> None:
        self.page, self.browser = page, page.browser
        self.language = LANGUAGES[0]
        self.found: list[str] = []
        self.paths: set[str] = set()

    def look(self, name: str, zooms: tuple[int, ...] = ()) -> None:
        """The page as it stands, at each zoom."""
        self.paths.add(urlsplit(self.browser.current_url).path)
        for zoom in zooms or USUAL[self.language]:
            self._zoom(ZOOMS[zoom])
            where = f"{name}, {self.language}, {zoom} %"
            self.found += [f"{where}: {each}" for each in axe.serious(self.browser)]
            if zoom > 100:
                wide = self.browser.execute_script(WIDE)
                self.found += [f"{where}: beyond the window: {each}" for each in wide]
            self._keep(f"{name}-{self.language}-{zoom}".replace("/", "_"))
        self._zoom(None)

    def in_each_language(self, css: str, languages: tuple[str, ...] = LANGUAGES) -> Iterator[str]:
        """The page is loaded anew in one language after the other, until it shows `css`."""
        for language in languages:
            self.speak(language)
            self.browser.refresh()
            self.page.wait_for(css)
            yield language

    def speak(self, language: str) -> None:
        """The next page is in that language."""
        self.language = language
        cookie = {"name": "synak_lang", "value": language, "url": self.page.origin}
        self.browser.execute_cdp_cmd("Network.setCookie", cookie)

    def tour(self, name: str, css: str = "h1", zooms: tuple[int, ...] = ()) -> None:
        """The page in each language."""
        for _language in self.in_each_language(css):
            self.look(name, zooms)

    def visit(self, path: str, css: str = "h1") -> None:
        """The page at `path` in each language."""
        self.browser.get(self.page.origin + path)
        self.tour(path, css)

    def _zoom(self, size: tuple[int, int] | None) -> None:
        if size is None:
            self.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
            return
        width, height = size
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1280 / width, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def _keep(self, name: str) -> None:
        """The whole page as a picture, if somebody wants to look."""
        folder = os.environ.get("SYNAK_SIGHTS")
        if folder:
            size = self.browser.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
            whole = {"captureBeyondViewport": True, "clip": {**size, "scale": 1}}
            shot = self.browser.execute_cdp_cmd("Page.captureScreenshot", whole)
            Path(folder, f"{name}.png").write_bytes(base64.b64decode(shot["data"]))
