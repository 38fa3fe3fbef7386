"""Rooms, seats, the desk, the running of a room, protocols."""

from __future__ import annotations

from server.web.messages.marking import N_

PROCTOR: dict[str, str] = {
    "no_duty": N_(
        "You are not on duty in this room. The centre assigns duties; reload the page once it has."
    ),
    "desk_picture_unfit": N_("The picture from the camera cannot be kept. Take it again, or confirm without it."),
    "desk_picture_without_reason": N_(
        "Write why the picture has to be seen, in 3 to %(maximum)s characters. The journal keeps it."
    ),
    "not_seated_here": N_("This candidate has no seat in this room. Look at the room on the slip."),
    "room_name_malformed": N_(
        "The room needs a name of at most %(maximum)s characters. Write it as on the door."
    ),
    "room_name_taken": N_("The centre already has a room “%(name)s”. Choose another name."),
    "room_without_seats": N_(
        "A room needs between 1 and %(maximum)s seats. Change the rows or the seats in a row."
    ),
    "room_size_malformed": N_(
        "Rows, seats and distances must be numbers above zero. Check what was entered."
    ),
    "room_drawing_malformed": N_(
        "A measure is missing or is no number. Write metres, such as 7,20, and for each aisle or pillar all four."
    ),
    "room_size_unfit": N_("A room is between 2 and 50 m wide and deep inside the walls. Measure it again."),
    "room_door_unfit": N_(
        "The door does not fit in its wall. Check its width and how far from the corner it begins."
    ),
    "room_obstacles_unfit": N_(
        "An aisle or a pillar reaches beyond the walls or has no size. Check where it begins and how large it is."
    ),
    "room_too_small": N_(
        "%(wanted)s seats do not fit at the distances the regulation asks for: %(seats)s do. Ask for fewer."
    ),
    "nobody_to_draw": N_("Nobody's seat may be drawn again: all are kept, or have been admitted."),
    "seat_is_kept": N_(
        "Candidate %(registration_no)s keeps this seat (%(reason)s). Release it first, then move the candidate."
    ),
    "reason_malformed": N_("Write the reason, in at most %(maximum)s characters."),
    "room_already_planned": N_(
        "The room “%(name)s” is already planned for this sitting. Choose another room."
    ),
    "not_on_duty_list": N_("Only a proctor of this centre can be on duty. Choose somebody from the list."),
    "nobody_chosen": N_("Nobody was chosen. Mark at least one candidate and try again."),
    "too_few_seats": N_(
        "%(candidates)s candidates were chosen, but only %(seats)s seats are free. Choose fewer, or plan "
        "another room."
    ),
    "not_of_this_sitting": N_(
        "Somebody chosen does not belong to this sitting at this centre. Reload and choose again."
    ),
    "already_seated": N_(
        "Candidate %(registration_no)s already has a seat. Reload the page and choose again."
    ),
    "not_to_be_seated": N_(
        "Candidate %(registration_no)s is no longer expected and gets no seat. Reload the page."
    ),
    "seat_unknown": N_("This seat is not in this room. Choose a seat on the plan."),
    "seat_taken": N_("Seat %(seat)s is taken. Choose a free seat on the plan."),
    "seats_too_near": N_(
        "Some seats stand nearer than %(spacing_min_mm)s mm to each other. Set them farther apart."
    ),
    "seats_too_far": N_(
        "Some seats stand farther than %(spacing_max_mm)s mm from all others. Set them nearer."
    ),
    "seat_number_twice": N_("A seat number stands twice. Give each seat a number of its own."),
    "same_school_together": N_(
        "The room is too full to keep pupils of one school apart. Seat fewer here, or plan another room."
    ),
    "start_early": N_("The test starts at %(starts)s. Before that it may start only by an order."),
    "identity_unchecked": N_("The identity was not checked yet. Look at the document first, then admit."),
    "identity_refused": N_(
        "The document was not accepted, so the candidate cannot be admitted. Check it again, or call the "
        "centre's head."
    ),
    "late_arrival": N_(
        "The candidate came %(late_min)s min after the start. Nobody is admitted later than %(limit_min)s "
        "min. The absence is recorded when the room closes."
    ),
    "removed_for_good": N_("This candidate was removed and may not enter again."),
    "room_has_admitted": N_(
        "%(n)s candidates were admitted and wait. Start the test; the room can be closed after it."
    ),
    "sessions_unfinished": N_(
        "%(n)s candidates are not done. Wait until they are, or until their time is up; resume those who "
        "are paused."
    ),
    "latecomers_may_come": N_(
        "%(n)s candidates did not come yet and may still come for %(minutes)s min. Close the room after "
        "that."
    ),
    "answer_unknown": N_("This answer is not among those kept ready. Reload the page and choose again."),
    "violation_unknown": N_(
        "This act is not in the catalogue of violations. Reload the page and choose again."
    ),
    "removal_due": N_(
        "This act, or one more after the last warning, asks for removal. Remove the candidate instead."
    ),
    "handed_over": N_(
        "This room was handed over: you see it and change nothing in it. Whoever acts in it now can hand it back."
    ),
    "not_a_signer": N_(
        "This person is not named in what is to be signed. Correct the text first, or let those named sign."
    ),
    "hand_differs": N_("Under the text stands %(name)s. Type that name, letter by letter."),
    "protocol_not_written": N_("Nothing is written that could be signed. Write the protocol first."),
    "protocol_text_malformed": N_(
        "Say what happened in %(minimum)s to %(maximum)s characters; a statement may have as many."
    ),
    "correction_without_reason": N_(
        "Write why the protocol is corrected, in at most %(maximum)s characters."
    ),
    "witness_unknown": N_("This witness is not of the centre's staff. Write name and position instead."),
    "notes_too_long": N_("Say for how long the room is handed over, and write at most %(maximum)s characters."),
    "warning_first": N_(
        "This act is answered by a warning first. Warn the candidate instead of removing them."
    ),
    "camera_malformed": N_(
        "A camera needs a name of at most %(name_max)s characters and a place of at most %(place_max)s. "
        "Fill in both."
    ),
    "file_outside_folder": N_("“%(file)s” is not a file of this folder. Correct the list."),
    "archive_not_set_up": N_(
        "This installation keeps no recordings yet. Ask its administrator to set up the archive."
    ),
    "archive_unreachable": N_(
        "The storage of recordings does not answer. Nothing is lost: what has arrived waits here. Press again later."
    ),
    "archive_disk_full": N_(
        "The disk of the archive is nearly full, so nothing more is taken. What has arrived stays; "
        "tell the administrator."
    ),
    "room_uploads_full": N_(
        "This room has uploaded as much as it may: %(maximum)s GB. Ask the administrator, or have the files read "
        "from their disk."
    ),
    "part_too_large": N_("The file is too large to be uploaded here. Ask for it to be read from its disk."),
    "part_damaged": N_("A part of the file was damaged on its way. Send it again."),
    "upload_unknown": N_("Nothing was uploaded under this key. Choose the file and upload it again."),
    "upload_incomplete": N_("%(have)s of %(size)s bytes have arrived. Upload the file again; it goes on from there."),
    "upload_key_malformed": N_("This is not the key of an upload. Reload the page and choose the file again."),
    "recording_digest_differs": N_(
        "The file does not have the digest it should have, so it was not taken. Copy it from the recorder again."
    ),
    "recording_digest_malformed": N_("This is not a SHA-256 digest: 64 digits 0–9, a–f. Check what was entered."),
    "recording_missing": N_("The bytes of this recording are not in the archive. Tell the administrator at once."),
    "recording_damaged": N_(
        "The bytes of this recording no longer fit its digest, so they are not shown. Tell the administrator."
    ),
    "recording_removed": N_("This recording was removed when its time was over. Its record stays."),
    "recording_range_malformed": N_(
        "The recording must begin before it ends, on the day of the sitting and not in the future. Check the hours."
    ),
    "recording_kind_unknown": N_("The file must be a video of one of these kinds: %(extensions)s."),
    "hold_reason_malformed": N_("The hold needs a reason of at most %(maximum)s characters. Write it down."),
    "camera_name_taken": N_("The room already has a camera “%(name)s”. Choose another name."),
    "waiver_field_missing": N_(
        "The order needs its number, its reason and who granted it. Fill in what is missing."
    ),
    "waiver_field_long": N_("A line has more than %(maximum)s characters. Make it shorter."),
    "protocol_incomplete": N_(
        "The protocol is not complete. Missing: %(missing)s. It needs %(witnesses_min)s witnesses besides the one "
        "who reports. Fill in what is missing."
    ),
    "observer_malformed": N_(
        "An observer needs a name, who sent them, and the number of the mandate. Fill in what is missing."
    ),
    "observer_kind_missing": N_("Choose for whom the observer speaks."),
    "observer_code_wrong": N_(
        "Number and code do not belong together. Look at the slip once more; if it does not help, ask the centre."
    ),
    "observer_code_used": N_("This code was used already. Ask the centre for a new one."),
    "remark_malformed": N_("Write the remark, in at most %(maximum)s characters."),
    "remarks_too_many": N_("%(maximum)s remarks are recorded; tell the head of the test centre the rest."),
    "timetable_empty": N_("No room of the centre serves a sitting to come. Plan the rooms first."),
    "timetable_approved_before": N_("This timetable was approved meanwhile. Reload the page."),
    "timetable_order_missing": N_("The approval needs the number of its order, at most %(maximum)s characters."),
}
