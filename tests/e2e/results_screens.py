"""`python tests/e2e/results_screens.py`: takes the README's screenshots of results, along their whole way."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.e2e import results_path
from tests.e2e.pages import CandidatePage, Page
from tests.e2e.results_path import PASSED, Everybody
from tests.e2e.screens import SCREENS, _browser, _save
from tests.live import LiveServer

# What stands at the top of each picture.
SHOWN = {"list": "h1", "control": "#findings", "outcome": "#failing", "analysis": "figure", "report": "figure",
         "file": "figure", "task": "#shown", "effect": "figure", "statement": "h1"}  # fmt: skip


def main() -> None:
    """Every screenshot of results is new."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="synak-screens-") as home:
        live = LiveServer(Path(home) / "home", count=2, past_is="sealed")
        live.start()
        people = Everybody(_browser(Path(home) / "people", 1440, 900), live.origin)
        candidate = CandidatePage(_browser(Path(home) / "candidate", 1280, 860), live.origin)
        try:
            _take(live, people, candidate)
        finally:
            people.browser.quit()
            candidate.browser.quit()
            live.close()


def _take(live: LiveServer, people: Everybody, candidate: CandidatePage) -> None:
    def look(name: str) -> None:
        _look(people, people.here(), name)

    sitting_id = results_path.sitting_of(live)
    doubt = results_path.doubted(live, sitting_id)
    results_path.graded(people, sitting_id)
    results_path.controlled(people, sitting_id, look)
    path = results_path.frozen(people, sitting_id, "Баары бааланды жана текшерилди", 1)
    results_path.signed(people, path)
    results_path.released(people, path, look)
    for page in ("outcome", "analysis"):
        people.be("office", f"/office/sittings/{sitting_id}/{page}")
        look(page)
    who = results_path.appellant(live, doubt.session_ids[0])
    results_path.filed(candidate, who, doubt, lambda name: _look(candidate, "/exam/score-report", name))
    results_path.key_corrected(people, doubt)
    case, hearing = results_path.admitted(people)
    results_path.opened(people, case, hearing, look)
    results_path.carried(people, case, doubt.seq)
    results_path.decided(people, case)
    results_path.corrected(people, look)
    results_path.told(people, case)
    path = results_path.frozen(people, sitting_id, "Апелляциялык комиссиянын чечими", 2)
    results_path.signed(people, path)
    results_path.released(people, path)
    live.later(PASSED)
    people.days_later()
    results_path.final_list(people)
    results_path.approved(people, sitting_id, "318/1")
    results_path.issued(people, sitting_id)
    number = next(iter(results_path.printed(people)))
    paper = results_path.paper_of(people, sitting_id, number, look)
    candidate.open(f"/check#{results_path.code_on(paper)}", "ky")
    candidate.wait_for("[role=status] .govuk-tag")
    _save(candidate, "results-check")


def _look(page: Page, path: str, name: str) -> None:
    """The page in Kyrgyz, then again as it was."""
    page.open(path, "ky")
    page.browser.execute_script("arguments[0].scrollIntoView()", page.wait_for(f"main {SHOWN[name]}"))
    _save(page, f"results-{name}")
    page.open(path)


if __name__ == "__main__":
    main()
