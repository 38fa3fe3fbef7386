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
# `corrections.show` opens an item whose key the testing office asked for: none is here (test_corrected_keys).
QUIET_ = """
accounts GET: home password pin sign_in
accounts POST: password pin set_language sign_in sign_out
additional GET: overview show
additional POST: give_place plan
appeals GET: case hearing overview own_interests protocol
appeals POST: admit call confirm_presence declare_beforehand draw_up end put_motion put_on_agenda refuse sign
appeals POST: stand_aside tell vote
appeals_office GET: commission_form final_list notice overview
appeals_office POST: file_list hand_over issue_list name_commission withdraw
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
casefile GET: figure file recording task
casefile POST: on_paper
cases GET: form overview paper show
cases POST: add decide file submit take_back withdraw
commission GET: overview
commission POST: add_note annul close confirm_presence decide open_session put_on_agenda sign
conditions GET: decisions
conditions POST: record withdraw
delivery POST: answer begin_section go_on save_working sign_in sign_out take_break
corrections GET: overview show
corrections POST: confirm correct
desk GET: begin_form my_work
desk POST: begin
drafts GET: commission_form draft overview
drafts POST: approve begin check discard name_commission propose recall save sign
exports GET: exports
exports POST: ask decide
forms GET: forms of_pool
forms POST: begin
front GET: entries health start
grading GET: absence decode_form overview
grading POST: decode excuse grade grade_all withdraw_excuse
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
marking GET: desk figure following sheet
marking POST: give give_back
marking_office GET: page
marking_office POST: begin call release take_in
media POST: play
monitoring GET: console devices my_rooms photo snapshot
monitoring POST: heartbeat
observers GET: door observers office_observers office_timetables own_timetables room slips slips_paper view
observers POST: approve invite propose remark renew sign_in sign_out withdraw
outlines GET: outline outlines
own_appeals GET: notice page
own_appeals POST: file withdraw
outlines POST: draft
pools GET: choose
pools POST: publish
pretests GET: form overview show
pretests POST: plan preview stop take
recipes GET: new
recipes POST: begin make save
rehearsals GET: rehearsal
rehearsals POST: begin repeat
reports GET: due office session sitting
reviews GET: compare readings
reviews POST: assign comment judge
rescoring GET: new run runs
rescoring POST: compute propose sign withdraw
analysis GET: as_table as_workbook sitting
control GET: finding overview
control POST: ask decide
lists GET: extract notice notices own_extract page paper versions
lists POST: freeze receive release sign
outcome GET: as_paper as_text as_workbook sitting
outcome POST: order tell
readings GET: results
score GET: of_candidate own own_paper paper_of_candidate
statements GET: archive attestation check_form final final_notices own own_notice paper statement
statements POST: approve attest check issue print_all revoke tell
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
