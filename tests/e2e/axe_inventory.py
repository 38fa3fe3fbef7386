"""What axe looks at of the search: what an act would do, what it did and what it left, and an act without a reason."""

from __future__ import annotations

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.e2e.findings import LANGUAGES, Findings
from tests.e2e.pages import Staff, fill


def look_at_acts(page: Staff, pages: Findings) -> None:
    """By keyboard alone: items are ticked, an act is seen ahead and done, in each language."""
    for language in LANGUAGES:
        pages.speak(language)
        page.browser.get(page.origin + "/bank/items?subject=history")
        page.wait_for("#act button").send_keys(Keys.ENTER)
        page.wait_for(".govuk-error-summary")
        pages.look("an act on nothing")
        for box in page.browser.find_elements(By.NAME, "id")[:2]:
            box.send_keys(Keys.SPACE)
        page.browser.find_element(By.ID, "act-family").send_keys(Keys.SPACE)
        fill(page, "#new-family", f"axe-{language}")
        page.wait_for("#act button").send_keys(Keys.ENTER)
        page.wait_for("#follow")
        pages.look("what an act would do")
        page.wait_for("main form button").send_keys(Keys.ENTER)
        page.wait_for(".govuk-notification-banner--success")
        pages.look("what an act did")
