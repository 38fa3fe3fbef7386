"""Results in the browser, from sealed attempts to a statement that anybody can check, and to the one that replaces it.
Each step is done by whom it belongs to; what may not be done is tried on the way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e import results_path
from tests.e2e.conftest import NewBrowser
from tests.e2e.pages import CandidatePage, Page
from tests.e2e.results_path import PASSED, Appellant, Doubt, Everybody
from tests.live import LiveServer

CHANGED = ".table-scroll[aria-label='What this version changes']"


@pytest.fixture
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    server = LiveServer(tmp_path_factory.mktemp("results") / "home", count=2, past_is="sealed")
    server.start()
    yield server
    server.close()


def test_from_sealed_attempts_to_a_statement(live: LiveServer, new_browser: NewBrowser) -> None:
    people = Everybody(new_browser(1440, 1000), live.origin)
    candidate, anybody = CandidatePage(new_browser(), live.origin), Page(new_browser(), live.origin)
    sitting_id = results_path.sitting_of(live)
    doubt = results_path.doubted(live, sitting_id)
    who = results_path.appellant(live, doubt.session_ids[0])
    assert len(doubt.session_ids) > 2, "nobody else chose so"

    results_path.graded(people, sitting_id)
    assert results_path.controlled(people, sitting_id) > 0
    _listed(people, sitting_id, "All are graded and looked at", 1)
    results_path.stood_aside(people, who)
    results_path.filed(candidate, who, doubt)
    results_path.key_corrected(people, doubt)
    case = _judged(people, who, doubt)
    n_changed = _corrected(people, doubt)
    results_path.told(people, case)
    assert _listed(people, sitting_id, "Decision of the appeals commission", 2) == n_changed
    candidate.open("/exam/appeal")
    candidate.wait_for_text("The result has changed.")

    live.later(PASSED)
    people.days_later()
    candidate.open("/exam/appeal")
    assert "DC-25" in candidate.text()
    assert not candidate.all("#file"), "an appeal after its window"
    results_path.refused_late(people, who, doubt)
    assert who.registration_no in results_path.text_of(results_path.final_list(people))
    papers = _stated(people, sitting_id)
    old, new = _replaced(live, people, anybody, papers)
    assert results_path.checked(anybody, old) == "Replaced"
    assert results_path.checked(anybody, new) == "In force"
    for page in (people, candidate, anybody):
        assert page.errors() == []


def _listed(people: Everybody, sitting_id: int, because: str, version: int) -> int:
    """A list is frozen, signed by two and released; how many candidates it changes."""
    path = results_path.frozen(people, sitting_id, because, version)
    results_path.signed(people, path)
    results_path.released(people, path)
    people.be("office", path)
    assert people.fact("Signatures").count("\n") == 1
    return len(people.cells(CHANGED))


def _judged(people: Everybody, who: Appellant, doubt: Doubt) -> str:
    """The commission has decided, and read nothing that tells whose work it is; the path of the case."""
    case, hearing = results_path.admitted(people)
    for page in results_path.opened(people, case, hearing):
        for told in (who.registration_no, who.school, *who.name.split()):
            assert told not in page
    results_path.barred(people, case)
    results_path.carried(people, case, doubt.seq)
    results_path.decided(people, case)
    return case


def _corrected(people: Everybody, doubt: Doubt) -> int:
    """The corrected key is applied: everybody who chose the letter rises, and nobody falls; how many they are."""
    rows = results_path.corrected(people)
    assert len(rows) == len(doubt.session_ids)
    assert all(row[4].startswith("+") for row in rows)
    assert people.fact("Rise") == str(len(rows))
    assert people.fact("Fall") == "0"
    return len(rows)


def _stated(people: Everybody, sitting_id: int) -> dict[str, bytes]:
    """The results are approved, statements issued and printed; the statement of each number."""
    results_path.approved(people, sitting_id, "318/1")
    results_path.issued(people, sitting_id)
    papers = results_path.printed(people)
    number = next(iter(papers))
    paper = results_path.paper_of(people, sitting_id, number)
    assert "In force" in people.text()
    assert number in results_path.text_of(paper)
    assert results_path.code_on(paper) == results_path.code_on(papers[number]), (
        "each language has a code of its own"
    )
    return papers


def _replaced(
    live: LiveServer, people: Everybody, anybody: Page, papers: dict[str, bytes]
) -> tuple[str, str]:
    """A task that they answered wrongly is struck; list and statement follow. The codes on somebody's papers."""
    sitting_id = results_path.sitting_of(live)
    results_path.struck(people, results_path.missed(live, sitting_id, papers))
    rows = results_path.corrected(people)
    risen = {row[0] for row in rows if row[4].startswith("+") and row[2] != row[3]}  # who would fall stays
    number = next(each for each in papers if each in risen)
    _listed(people, sitting_id, "A task without a right answer is struck", 3)
    old = results_path.code_on(papers[number])
    assert results_path.checked(anybody, old) == "In force"
    live.later(2 * PASSED)
    people.days_later()
    results_path.approved(people, sitting_id, "344/1")
    results_path.issued(people, sitting_id)
    return old, results_path.code_on(results_path.paper_of(people, sitting_id, number))
