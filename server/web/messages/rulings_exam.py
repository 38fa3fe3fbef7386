"""Refusals by the rules of the exam day: the sitting, the desk, the room, protocols and recordings."""

from __future__ import annotations

from server.web.messages.marking import N_

DELIVERY_RULINGS = {
    "start_hour": N_(
        "A sitting starts at %(lawful)s; this one is set for %(local)s. Choose the lawful hour, or enter "
        "the order that sets another one."
    ),
    "briefing_short": N_(
        "The briefing has lasted %(briefed_min)s min of %(briefing_min)s. Start the test when it is "
        "complete."
    ),
    "section_over": N_(
        "The %(limit_min)s min of this section are over, so this answer is not counted. All answers saved "
        "before are."
    ),
    "total_time_short": N_(
        "The sitting is planned for %(total_min)s min; at least %(total_min_min)s min are required. Set a "
        "later end."
    ),
    "accommodation_unknown": N_("The regulation knows no such condition. Choose one of: %(kinds)s."),
    "accommodation_extent": N_(
        "The figure must be a whole number from %(least)s to %(most)s. Enter it as the decision states it."
    ),
    "accommodation_evidence_missing": N_("Name the paper that the decision rests on."),
    "separate_room_shared": N_(
        "A candidate here has the right to a room of their own, and %(seated)s would sit in it. Use another room."
    ),
    "give_back_beyond_loss": N_(
        "Of the %(lost_min)s min lost, %(given_min)s have been given back; at most %(left_min)s min more can be, "
        "and %(most_min)s in all. Enter less."
    ),
    "give_back_reason_missing": N_("Write why the time is given back."),
    "incident_too_far_back": N_(
        "An incident may be noted up to %(back_max_min)s min after it began; this one is said to be "
        "%(ago_min)s min old. Enter no more than that, and write in words when it began."
    ),
    "incident_kind_unknown": N_("The regulation knows no such kind of incident. Choose one of: %(kinds)s."),
    "plays_used_up": N_(
        "The recording has been played as often as it may be (%(most)s). Answer by what you have heard."
    ),
    "no_play_to_return": N_(
        "No play can be given back: the candidate is not at a recording that was played, or its last play was given "
        "back already."
    ),
    "plays_returned_up": N_(
        "Of this recording %(returned)s plays were given back, and %(most)s may be. The candidate goes on without it; "
        "write an incident into the log if a failure took it."
    ),
    "play_is_over": N_(
        "This play of the recording is over. If the network was away for long, raise your hand: the proctor will help."
    ),
    "no_working_area": N_(
        "In this subject only answers are given, without a written solution. Go on with the answer."
    ),
    "no_working_kind": N_("This cannot be given beside the question in this subject. Go on with the answer."),
    "seal_broken": N_(
        "The seal of these answers is broken: something was changed after it was set. They are not marked. "
        "Leave everything as it is and tell the testing office."
    ),
    "seal_missing": N_(
        "These answers carry no seal and are not marked. Ask the centre to end the session: the seal is set"
        " then."
    ),
    "absence_forfeits": N_(
        "The candidate did not come and no valid reason is on record, so the right to the certificate is "
        "lost. If there was a reason, hand in the papers that prove it."
    ),
    "order_missing": N_("The number of the order is missing. Enter it."),
    "committee_too_small": N_(
        "Members of the committee: %(members)s; at least %(members_min)s are required. Appoint more."
    ),
    "form_marks_missing": N_(
        "The form %(number)s is not complete. Missing: %(missing)s. Add what is missing before it is used."
    ),
    "centre_not_accredited": N_("The centre may not hold sittings (%(state)s). Choose another centre."),
}

ROOM_RULINGS = {
    "not_on_list": N_(
        "The candidate is not on the certified admission list and cannot be admitted. Call the centre's "
        "head."
    ),
    "list_not_sealed": N_(
        "The admission list does not carry the seal of the education department, so nobody can be admitted "
        "by it. Call the centre's head."
    ),
    "document_not_accepted": N_(
        "This kind of document does not admit to the test. Ask for one of these: %(accepted)s."
    ),
    "desk_picture_off": N_("By the regulation the desk takes no pictures by camera. Confirm without one."),
    "desk_picture_kept": N_("The time for which the picture is kept is not over yet."),
    "document_incomplete": N_(
        "The document was not accepted. Not confirmed: %(missing)s. Check it again, or call the centre's "
        "head."
    ),
    "seat_wrong": N_(
        "The candidate sits at seat %(taken)s; the seat on the registration sheet is %(assigned)s. Ask the "
        "candidate to go there."
    ),
    "person_inside_elsewhere": N_(
        "This person is inside just now, in another room or sitting. Call the head of the test centre; "
        "nobody sits twice."
    ),
    "document_of_another": N_("The document is another candidate's. Ask for the candidate's own."),
    "timetable_not_approved": N_(
        "The room is not in an approved timetable at this hour. Let the centre propose the timetable and the office "
        "approve it by order; then open the doors."
    ),
    "camera_missing": N_(
        "Cameras working in the room: %(working_cameras)s; at least %(cameras_min)s required. Put a camera "
        "right, or let the centre record the order that allows it; then open the doors."
    ),
    "waiver_incomplete": N_("The waiver is not complete. Missing: %(missing)s. Fill it in."),
    "observer_unknown": N_("There is no such kind of observer. Choose one of these: %(kinds)s."),
    "not_for_observers": N_(
        "Observers do not see this page: it shows names or items. Go back to the overview."
    ),
    "observers_too_few": N_(
        "The timetable needs outside observers of at least %(kinds_min)s kinds; so far there are: "
        "%(kinds)s. Invite others and enter them."
    ),
    "removal": N_("For this act the candidate is removed from the test. Write the protocol."),
    "protocol_unsigned": N_("The protocol is not signed by all: %(unsigned)s are missing. Let them sign."),
    "protocols_unsigned": N_(
        "Protocols of removals not signed yet: %(n)s. Write them and let all those named sign; then close the room."
    ),
    "call_not_technical": N_("The proctor can be called for technical matters only. Choose one from the list."),
    "call_without_words": N_("Say in a few words what does not work, then call again."),
    "call_too_soon": N_("You have just called. Wait %(wait_s)s more seconds, or raise your hand."),
    "tool_forbidden": N_("This is forbidden in the test: %(tool)s. Ask the candidate to hand it in."),
    "screen_tool_refused": N_("The regulation forbids this in the test, so no sitting may offer it: %(tool)s."),
    "report_not_anonymous": N_(
        "The report would keep something that tells who wrote it (%(fields)s). Leave it out."
    ),
    "considered_late": N_("The report was considered late: the term ended at %(due_at)s. Record why."),
    "consideration_overdue": N_(
        "The report had to be considered by %(due_at)s. Consider it now; the delay stays on record."
    ),
}

ARCHIVE_RULINGS = {
    "recording_held": N_(
        "The recording is held for an appeal or an inquiry and cannot be deleted. Wait until the hold is "
        "lifted."
    ),
    "recording_kept": N_(
        "The recording must be kept until %(keep_until)s. It can be deleted after that day."
    ),
    "recording_gap": N_(
        "The recording has a gap of %(gap_s)s s; at most %(gap_max_s)s s are tolerated. Explain it in the "
        "report."
    ),
    "report_recipient": N_("This report goes to another recipient: %(report_to)s. Choose that one."),
    "report_incomplete": N_("The report is not complete. Missing: %(missing)s. Add these parts."),
    "criteria_unknown": N_(
        "The plan has no criteria, or some that the regulation does not know. Choose from its list."
    ),
    "criteria_not_fixed": N_("The criteria must be fixed before the draw. Fix them first, then draw."),
    "institutions_left_out": N_(
        "The plan leaves these institutions out: %(institutions)s. Add them: the checks reach every "
        "institution."
    ),
    "random_part_too_small": N_(
        "Drawn at random: %(random_percent)s of every hundred; at least %(random_percent_min)s are "
        "required. Raise the share."
    ),
    "check_overdue": N_(
        "The check of the surveillance was due by %(due_on)s. Carry it out now; the delay stays on record."
    ),
}

RULINGS_EXAM: dict[str, str] = {**DELIVERY_RULINGS, **ROOM_RULINGS, **ARCHIVE_RULINGS}
