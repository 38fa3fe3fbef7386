"""axe-core in a page of a real browser: what it finds serious or critical, in words that name the element."""

from __future__ import annotations

import json
from typing import Any

from selenium.webdriver.remote.webdriver import WebDriver

from tests.live import ROOT

AXE = ROOT / "client_web" / "node_modules" / "axe-core" / "axe.min.js"
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ["violations"]}).then(
  ({violations}) => done(JSON.stringify(violations.filter(({impact}) => ["serious", "critical"].includes(impact)))),
  (reason) => done(JSON.stringify([{id: "axe", impact: "critical", help: String(reason), nodes: []}])));
"""


def serious(browser: WebDriver) -> list[str]:
    """What axe holds against the page as it now stands: rule, meaning, then each element with what is wrong with it."""
    if not browser.execute_script("return typeof window.axe === 'object'"):
        browser.execute_script(AXE.read_text("utf-8"))
    found: list[dict[str, Any]] = json.loads(browser.execute_async_script(RUN))
    return [_words(each) for each in found]


def _words(violation: dict[str, Any]) -> str:
    places = [
        f"\n    {' '.join(map(str, node['target']))}: {node['html'][:200]}\n      {_why(node)}"
        for node in violation["nodes"]
    ]
    return f"{violation['id']} ({violation['impact']}): {violation['help']}{''.join(places)}"


def _why(node: dict[str, Any]) -> str:
    checks = [check["message"] for group in ("any", "all", "none") for check in node[group]]
    return "; ".join(checks)
