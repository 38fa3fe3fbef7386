"""A blueprint begun like a test that came in with a package (DC-5): the draft is written on and signed as any other."""

from __future__ import annotations

from collections import Counter

from itembank.blueprints.drafts.service import begin_draft, last_fields
from itembank.outlines.counting import fields_of
from itembank.outlines.queries import outline
from server.core.errors import Invalid
from server.core.work import Work


def draft_blueprint(work: Work, test_id: int, year: int) -> int:
    """The draft stands with length, time and quotas as the test has them; its id."""
    known = outline(work, test_id)
    cells = {name: each.cell for name, each in known.named.items()}
    if not cells:
        raise Invalid("outline_no_items")
    [(subject, _n)] = Counter(cell.subject for cell in cells.values()).most_common(1)
    own = {name: cell for name, cell in cells.items() if cell.subject == subject}
    return begin_draft(work, subject, year, fields_of(known.shown, own, last_fields(work, subject)))
