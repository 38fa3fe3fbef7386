"""Approval, notices, statements and attestation."""

from __future__ import annotations

from server.web.messages.marking import N_

STATEMENTS: dict[str, str] = {
    "approval_without_order": N_("Write the number of the ministry's order, in at most %(maximum)s characters."),
    "appeals_not_over": N_(
        "The appeals of this sitting are not over yet, so its results cannot be approved. The page says what is "
        "awaited."
    ),
    "list_not_released": N_("The newest list of results is not released. The testing centre releases it first."),
    "statement_language": N_("Choose the language of the statements."),
    "no_statements": N_("There is no statement in force to print. Issue the statements first."),
    "statements_too_many": N_(
        "These are %(n)s statements, and at most %(maximum)s are printed at once. Let each department print its own."
    ),
    "approved_already": N_("This list is approved already, by order %(order)s."),
    "not_approved": N_(
        "The results are not approved yet. The ministry's office approves them once the appeals are over."
    ),
    "notice_unknown": N_("Choose to whom and how the results were told."),
    "notice_day": N_("The results were told on a day from %(first)s, when they were approved, to %(last)s."),
    "notice_day_malformed": N_("Write the day on which the results were told as 31.12.2026."),
    "revocation_without_reason": N_("Write why the statement is revoked, in %(minimum)s to %(maximum)s characters."),
    "statement_ended": N_("This statement is not in force any more. Nothing was changed."),
    "statement_unknown": N_("No statement has this code. Compare it with the paper, letter by letter."),
    "statement_code_incomplete": N_(
        "A code has 26 letters and digits. Type all of them as they stand on the statement."
    ),
    "checked_too_often": N_("Too many codes were tried from here. Wait a minute, then try again."),
    "right_not_confirmed": N_(
        "The right is not confirmed, so no subject of choice is recorded (DC-31). Record the papers of the admission."
    ),
    "right_confirmed": N_(
        "The right is confirmed, so no admission on papers is needed (DC-32). Record the subject of choice."
    ),
    "not_decided_here": N_(
        "This test does not decide on the right: the candidate was exempted from it, or missed it with a valid reason. "
        "No papers of an admission are recorded."
    ),
    "not_decided": N_("The result is held. Once it is decided, the way to the attestation can be recorded."),
}
