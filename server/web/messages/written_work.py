"""Written work: its markers and their marks."""

from __future__ import annotations

from server.web.messages.marking import N_

WRITTEN_WORK: dict[str, str] = {
    "work_unknown": N_("There is no such work, or it was not drawn for you."),
    "marker_released": N_(
        "You were released from this marking. The marks you gave stay; you can give and change none."
    ),
    "work_not_settled": N_("The marks of this work do not stand yet. Wait until its markers have given them."),
    "points_out_of_scale": N_("Points go from 0 to %(maximum)s. Choose one of them."),
    "points_missing": N_("Choose the points for this work."),
    "scale_malformed": N_("Points are a whole number, such as 10."),
    "marks_missing": N_("A mark of this work is missing. Wait until its markers have given theirs."),
    "third_marker_needed": N_("The two marks of this work are too far apart. A third marker decides."),
    "work_marked_already": N_("You have marked this work already. Nothing was changed."),
    "note_too_long": N_("A note has at most %(maximum)s letters. Shorten it."),
    "marking_not_opened": N_("The marking of this sitting is not open yet."),
    "marking_opened_already": N_("The marking of this sitting is open already."),
    "marking_nothing_written": N_("No test of this sitting has a written task, so there is nothing to mark."),
    "marker_call_empty": N_("Choose at least one subject and one language that are marked in this sitting."),
    "marker_unknown": N_("Nobody with the role of a marker was chosen. Choose one from the list."),
    "scale_unlawful": N_("A task is worth from 1 to %(most)s points. Choose a number among these."),
    "mark_is_being_settled": N_("Your mark of this work cannot be corrected any more. It stays as it is."),
    "mark_stands": N_("A mark may be corrected for %(minutes)s minutes. They are over, and it stays as it is."),
    "give_back_reason_unknown": N_("Choose why you give the work back: %(reasons)s."),
}
