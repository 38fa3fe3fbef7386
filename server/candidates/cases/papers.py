"""The papers of a case: recognised by their first bytes, sealed under the case's own key, opened in the journal."""

from __future__ import annotations

from server.candidates.cases.models import CandidateCase, CasePaper
from server.candidates.cases.policy import CasePolicy, procedure
from server.core.errors import NotFound
from server.core.vault import digest
from server.core.work import Work

MEGABYTE = 2**20
MAGIC = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
UNKNOWN = "application/octet-stream"


def keep(work: Work, case: CandidateCase, policy: CasePolicy, kind: str, content: bytes) -> CasePaper:
    """The file stands among the papers, once however often it is sent; refused as the edition says."""
    media, name = media_type(content), digest(content)
    known = next((paper for paper in case.papers if paper.digest == name), None)
    if known is not None:
        return known
    size_mb = -(-len(content) // MEGABYTE)
    rule = procedure(policy.edition)
    ruling = rule.judge_file(policy.kind, kind, media, size_mb, len(case.papers)).or_refuse()
    key = work.vault.unwrap(case.data_key, case.place)
    paper = CasePaper(
        case_id=case.id, kind=kind, media_type=media, size=len(content), digest=name,
        content_sealed=work.vault.seal(key, content, place(case, name)), added_by=work.actor.id, added_at=work.now,
    )  # fmt: skip
    case.papers.append(paper)
    work.record("case:paper-added", f"candidate_case:{case.id}", clause=ruling.clause, kind=kind, digest=name)
    return paper


def opened(work: Work, case: CandidateCase, paper_id: int) -> tuple[str, bytes]:
    """Media type and bytes of one paper; the journal has who looked."""
    paper = next((each for each in case.papers if each.id == paper_id), None)
    if paper is None:
        raise NotFound("not_found")
    work.record("case:paper-opened", f"candidate_case:{case.id}", clause="CS-5", paper=paper.id, kind=paper.kind)
    key = work.vault.unwrap(case.data_key, case.place)
    return paper.media_type, work.vault.open(key, paper.content_sealed, place(case, paper.digest))


def media_type(content: bytes) -> str:
    """What a file is by its first bytes, whatever it is called."""
    return next((media for magic, media in MAGIC.items() if content.startswith(magic)), UNKNOWN)


def place(case: CandidateCase, name: str) -> str:
    """What a sealed paper is bound to."""
    return f"{case.place}:{name}"
