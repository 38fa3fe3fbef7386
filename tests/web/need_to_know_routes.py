"""Which routes show content of the bank's items, and to whom; all others show none to anybody at all."""

from __future__ import annotations

SHOWS: dict[str, set[str]] = {
    "manuscripts.text GET": {"author", "editor", "chair"},
    "manuscripts.look POST": {"author"},
    "manuscripts.file GET": {"author", "editor"},
    "reviews.read GET": {"author", "editor", "chair"},
    "recipes.mine GET": {"author"},
    "recipes.show GET": {"author"},
    "interchange.report GET": {"author"},
    "commission.session GET": {"chair"},
    "commission.minutes GET": {"chair"},
    "exports.take POST": {"asker"},
    "delivery.page GET": {"candidate"},
    "delivery.state GET": {"candidate"},
    "media.figure GET": {"candidate"},
}
# What answers a change with content has to be sent something true first; who may is in test_roles and test_ownership.
QUIET_ = """
accounts GET: home password pin sign_in
accounts POST: password pin set_language sign_in sign_out
archive GET: centre_reads office_reads oversight recordings
archive POST: add hold lift part
bank GET: blueprint overview pool
bank_items GET: item
calibrating GET: job new
calibrating POST: ask
calibrations GET: card overview report technical
calibrations POST: decide
calls GET: help_page
calls POST: call move withdraw
cameras GET: cameras readiness
cameras POST: add set_working waive
candidates GET: lists show template
candidates POST: add_photos certify check
commission GET: overview
commission POST: add_note annul close confirm_presence decide open_session put_on_agenda sign
conditions GET: decisions
conditions POST: record withdraw
delivery POST: answer begin_section go_on save_working sign_in sign_out take_break
desk GET: begin_form my_work
desk POST: begin
drafts GET: commission_form draft overview
drafts POST: approve begin check discard name_commission propose recall save sign
exports GET: exports
exports POST: ask decide
forms GET: forms of_pool
forms POST: begin
front GET: entries health start
grading GET: absence decode_form release_form
grading POST: decode excuse grade release withdraw_excuse
incidents POST: begin_break end give_play give_time note
interchange GET: form imports
interchange POST: discard receive
inventory GET: health items
inventory POST: act print_cards
irregularities GET: record
irregularities POST: sign sign_by_hand write
leaks GET: act leaks preview
leaks POST: lift search withdraw
manuscripts GET: editor
manuscripts POST: abandon add_file formula save submit withdraw
media POST: play
monitoring GET: console devices my_rooms photo snapshot
monitoring POST: heartbeat
observers GET: door observers office_observers office_timetables own_timetables room slips slips_paper view
observers POST: approve invite propose remark renew sign_in sign_out withdraw
outlines GET: outline outlines
outlines POST: draft
pools GET: choose
pools POST: publish
pretests GET: form overview show
pretests POST: plan preview stop take
recipes GET: new
recipes POST: begin make save
rehearsals GET: rehearsal
rehearsals POST: begin repeat
reports GET: office session sitting
reviews GET: compare readings
reviews POST: assign comment judge
rooms GET: centre centre_paper centre_protocol check_paper desk_paper desk_papers desk_protocol draw_room
rooms GET: handover new_room picture room room_sitting seating slips
rooms POST: admit assign close close_held decide_device draw_again draw_room hand_over identity keep_seat
rooms POST: message message_seats move new_room office_picture open_room pause pause_seats release_seat
rooms POST: relieve remove reseat resume resume_seats seat start use_room warn watch
seb GET: configuration diagnose leave start
seb POST: compare diagnose download
second_factor GET: page prove
second_factor POST: page prove
static GET: -
tasks GET: progress
tasks POST: stop
tools GET: form
tools POST: decide
"""


def _listed() -> frozenset[str]:
    """Each line names a part, a method, and the views of that part."""
    found = set()
    for line in QUIET_.split("\n"):
        head, _, views = line.partition(":")
        if head:
            part, method = head.split()
            found |= {f"{part}.{view} {method}" if view != "-" else f"{part} {method}" for view in views.split()}
    return frozenset(found)


QUIET = _listed()
