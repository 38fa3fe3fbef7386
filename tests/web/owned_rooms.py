"""Whose are the routes with an id of rooms, examination centres, observers and offices: what strangers get there."""

from __future__ import annotations

from typing import Any

from tests.factories.proctor import a_removal

Rows = dict[tuple[str, str], tuple[dict[str, Any], dict[str, int]]]
ROOM = "/proctor/rooms/<int:room_id>"
SESSION = ROOM + "/sessions/<int:session_id>"
OBSERVE = "/observe/rooms/<int:room_id>"
HERE = "/centre/room-sittings/<int:room_sitting_id>"
CASE = "/office/cases/<int:case_id>"
REASON = {"reason": "a fire alarm"}
# Each route with an id, what is sent there, who has nothing to do with what the ids name, and what they get.
# idle: a proctor without duty. next door: one on duty in another room. rival: the manager of another centre.
# outsider: the manager of a centre without a candidate in the sitting.
# abroad: the office of a department whose centre it is not. other roles are refused by the table of test_roles.
WATCH = {"idle": 403, "next door": 403}
LISTED = {"abroad": 404, "third party": 403}
LIST = "/office/lists/<int:result_list_id>"
NOT_WHOLE = {"abroad": 403, "department": 403, "third party": 403}  # a correction knows no department
RESCORING = "/office/rescoring/<int:rescoring_id>"
NOT_THE_COUNTRYS = {"abroad": 403, "department": 403, "third party": 403}  # what runs for a whole sitting
ROOMS: Rows = {
    ("GET", ROOM): ({}, WATCH),
    ("GET", ROOM + "/snapshot"): ({}, WATCH),
    ("POST", ROOM + "/open"): ({}, WATCH),
    ("POST", ROOM + "/start"): ({}, WATCH),
    ("POST", ROOM + "/close"): ({"pin": "830926"}, WATCH),
    ("POST", ROOM + "/pause"): (REASON, WATCH),
    ("POST", ROOM + "/resume"): (REASON, WATCH),
    ("POST", ROOM + "/message"): ({"text": "Stay calm"}, WATCH),
    ("GET", SESSION + "/photo"): ({}, WATCH),
    ("GET", SESSION + "/picture"): ({}, WATCH),
    ("POST", "/office/room-sittings/<int:room_sitting_id>/sessions/<int:session_id>/picture"): (
        REASON, {"abroad": 404, "third party": 403}),
    ("POST", SESSION + "/identity"): ({}, WATCH),
    ("POST", SESSION + "/admit"): ({}, WATCH),
    ("POST", SESSION + "/pause"): (REASON, WATCH),
    ("POST", SESSION + "/resume"): (REASON, WATCH),
    ("POST", SESSION + "/message"): ({"text": "Stay calm"}, WATCH),
    ("POST", SESSION + "/move"): ({"seat_id": 0, **REASON}, WATCH),
    ("POST", SESSION + "/call"): ({"verb": "take"}, WATCH),
    ("GET", SESSION + "/devices"): ({}, WATCH),
    ("POST", SESSION + "/devices/<int:claim_id>"): ({"lets_in": True, **REASON}, WATCH),
    ("POST", ROOM + "/seats/pause"): ({"session_ids": [1], **REASON}, WATCH),
    ("POST", ROOM + "/seats/resume"): ({"session_ids": [1], **REASON}, WATCH),
    ("POST", ROOM + "/seats/message"): ({"session_ids": [1], "text": "Stay calm"}, WATCH),
    ("POST", ROOM + "/give-time"): (REASON, WATCH),
    ("POST", SESSION + "/give-time"): (REASON, WATCH),
    ("POST", SESSION + "/let-go"): (REASON, WATCH),
    ("POST", SESSION + "/give-play"): (REASON, WATCH),
    ("POST", SESSION + "/break"): ({}, WATCH),
    ("POST", ROOM + "/incidents"): ({"kind": "technical", "text": "No power"}, WATCH),
    ("POST", ROOM + "/incidents/<int:incident_id>/end"): ({"gives_time": False}, WATCH),
    ("POST", SESSION + "/warn"): ({"violation": "disorder", "narrative": ""}, WATCH),
    ("POST", SESSION + "/remove"): (a_removal().model_dump(), WATCH),
    ("POST", SESSION + "/watch"): ({}, WATCH),
    ("GET", SESSION + "/record"): ({}, WATCH),
    ("POST", SESSION + "/record"): ({"narrative": "A phone rang.", "name_0": "Ким Виктор"}, WATCH),
    ("POST", SESSION + "/record/sign"): ({"staff_id": 0, "pin": "830926"}, WATCH),
    ("POST", SESSION + "/record/hand"): ({"n": "0", "name": "Ким Виктор"}, WATCH),
    ("GET", ROOM + "/handover"): ({}, WATCH),
    ("POST", ROOM + "/handover"): ({"taker_id": 0, "kind": "final"}, WATCH),
    ("GET", SESSION + "/protocol"): ({}, WATCH),
    ("GET", ROOM + "/papers"): ({}, WATCH),
    ("GET", ROOM + "/papers/<kind>"): ({}, WATCH),
    ("GET", "/centre/rooms/<int:room_id>"): ({}, {"rival": 404}),
    ("POST", "/centre/sittings/<int:sitting_id>/rooms"): ({"room_id": 0}, {"rival": 404}),
    ("GET", "/centre/sittings/<int:sitting_id>/seb"): ({}, {"outsider": 404}),
    ("POST", "/centre/sittings/<int:sitting_id>/seb"): ({}, {"outsider": 404}),
    ("POST", "/centre/sittings/<int:sitting_id>/seb/file"): ({}, {"outsider": 404}),
    ("GET", HERE): ({}, {"rival": 404}),
    ("POST", HERE + "/duties"): ({"staff_id": 0}, {"rival": 404}),
    ("POST", HERE + "/duties/<int:staff_id>/relieve"): ({}, {"rival": 404}),
    ("POST", HERE + "/seat"): ({"session": 0}, {"rival": 404}),
    ("GET", HERE + "/slips"): ({}, {"rival": 404}),
    ("GET", HERE + "/seating"): ({}, {"rival": 404}),
    ("POST", HERE + "/seating/move"): ({"session": 0, "seat_id": 0}, {"rival": 404}),
    ("POST", HERE + "/seating/draw"): ({}, {"rival": 404}),
    ("POST", HERE + "/seating/keep"): ({"session": 0, "reason": "near the door"}, {"rival": 404}),
    ("POST", HERE + "/seating/release"): ({"session": 0}, {"rival": 404}),
    ("GET", HERE + "/papers/<kind>"): ({}, {"rival": 404}),
    ("GET", HERE + "/sessions/<int:session_id>/protocol"): ({}, {"rival": 404}),
    ("GET", "/centre/rooms/<int:room_id>/cameras"): ({}, {"rival": 404}),
    ("POST", "/centre/rooms/<int:room_id>/cameras"): ({"name": "C9", "place": "by the window"}, {"rival": 404}),
    ("POST", "/centre/cameras/<int:camera_id>/working"): ({"is_working": "no"}, {"rival": 404}),
    ("GET", HERE + "/cameras"): ({}, {"rival": 404}),
    ("GET", HERE + "/recordings"): ({}, {"rival": 404}),
    ("POST", HERE + "/recordings/parts"): ({}, {"rival": 404}),
    ("POST", HERE + "/recordings"): (
        {"key": "ab" * 32, "camera_id": 0, "begins": "2026-05-12T09:00", "ends": "2026-05-12T10:00", "size": 4,
         "file_name": "a.mp4"}, {"rival": 404}),
    ("GET", "/centre/recordings/<int:recording_id>"): ({}, {"rival": 404}),
    ("GET", "/office/recordings/<int:recording_id>"): ({}, {"abroad": 404, "third party": 403}),
    ("GET", "/office/sittings/<int:sitting_id>/video"): ({}, {"abroad": 200, "third party": 403}),  # without a room
    ("POST", "/office/room-sittings/<int:room_sitting_id>/holds"): (
        {"reason": "an appeal"}, {"abroad": 404, "third party": 403}),
    ("POST", "/office/holds/<int:hold_id>/lift"): ({"reason": "decided"}, {"abroad": 404, "third party": 403}),
    ("POST", HERE + "/cameras/waiver"): (
        {"order_number": "12-k", "reason": "No power", "granted_by": "The head"}, {"rival": 404}),
    ("GET", HERE + "/observers"): ({}, {"rival": 404}),
    ("POST", HERE + "/observers"): (
        {"name": "A. B.", "kind": "parent", "body": "11-A", "mandate": "7"}, {"rival": 404}),
    ("GET", HERE + "/observers/slips"): ({}, {"rival": 404}),
    ("GET", HERE + "/observers/slips/paper"): ({}, {"rival": 404}),
    ("POST", HERE + "/observers/<int:observer_id>/code"): ({}, {"rival": 404}),
    ("GET", OBSERVE): ({}, {"observer next door": 404}),
    ("GET", OBSERVE + "/view"): ({}, {"observer next door": 404}),
    ("POST", OBSERVE + "/remarks"): ({"text": "All is calm"}, {"observer next door": 404}),
    ("POST", HERE + "/observers/<int:observer_id>/withdraw"): ({}, {"rival": 404}),
    ("GET", "/office/sittings/<int:sitting_id>/observers"): ({}, {"abroad": 200, "third party": 403}),  # no observer
    ("POST", "/office/timetables/<int:timetable_id>/approve"): (
        {"order_no": "417/3"}, {"abroad": 404, "third party": 403}),
    ("GET", "/centre/lists/<int:list_id>"): ({}, {"rival": 404}),
    ("POST", "/centre/lists/<int:list_id>/photos"): ({}, {"rival": 404}),
    ("POST", "/office/accommodations/<int:accommodation_id>/withdraw"): (
        {"order_number": "14-k", "reason": "by mistake"}, {"abroad": 404, "third party": 403}),
    ("GET", CASE): ({}, {"abroad": 404, "third party": 403}),
    ("POST", CASE + "/papers"): ({"kind": "documents"}, {"abroad": 404, "third party": 403}),
    ("GET", CASE + "/papers/<int:paper_id>"): ({}, {"abroad": 404, "third party": 403}),
    ("POST", CASE + "/submit"): ({}, {"abroad": 404, "third party": 403}),
    ("POST", CASE + "/withdraw"): ({}, {"abroad": 404, "third party": 403}),
    ("POST", CASE + "/decide"): (
        {"outcome": "granted", "order_number": "318/1", "decided_on": "01.05.2020", "pin": "830926"},
        {"abroad": 404, "third party": 403}),
    ("POST", CASE + "/take-back"): (
        {"order_number": "12/min", "decided_on": "01.05.2020", "words": "by mistake", "pin": "830926"},
        {"abroad": 404, "third party": 403}),
    ("GET", "/office/additional/<int:additional_id>"): ({}, {"abroad": 200, "third party": 403}),  # with no candidate
    ("POST", "/office/additional/<int:additional_id>"): ({"case_id": 0}, {"abroad": 403, "third party": 403}),
    ("GET", "/office/sittings/<int:sitting_id>"): ({}, {"abroad": 200, "third party": 403}),  # without a candidate
    ("GET", "/office/sittings/<int:sitting_id>/tools"): ({}, {"abroad": 403, "third party": 403}),
    ("POST", "/office/sittings/<int:sitting_id>/tools"): ({}, {"abroad": 403, "third party": 403}),
    ("GET", "/office/sittings/<int:sitting_id>/marking"): ({}, NOT_THE_COUNTRYS),
    ("POST", "/office/sittings/<int:sitting_id>/marking"): ({}, NOT_THE_COUNTRYS),
    ("POST", "/office/sittings/<int:sitting_id>/marking/intake"): ({}, NOT_THE_COUNTRYS),
    ("POST", "/office/sittings/<int:sitting_id>/marking/markers"): ({}, NOT_THE_COUNTRYS),
    ("POST", "/office/sittings/<int:sitting_id>/marking/markers/<int:staff_id>/release"): ({}, NOT_THE_COUNTRYS),
    ("GET", "/office/sittings/<int:sitting_id>/lists"): ({}, {"abroad": 200, "third party": 403}),  # says: none yet
    ("POST", "/office/sittings/<int:sitting_id>/lists"): (
        {"because": "The end"}, {"abroad": 403, "department": 403, "third party": 403}),
    ("GET", LIST): ({}, LISTED),
    ("POST", LIST + "/sign"): ({"pin": "830926"}, LISTED),
    ("POST", LIST + "/release"): ({}, LISTED | {"department": 403}),
    ("POST", LIST + "/receipt"): ({"pin": "830926"}, LISTED),
    ("GET", LIST + "/paper"): ({}, LISTED),
    ("GET", LIST + "/notices"): ({}, LISTED),
    ("GET", LIST + "/candidates/<int:session_id>/extract"): ({}, LISTED),
    ("GET", LIST + "/candidates/<int:session_id>/notice"): ({}, LISTED),
    ("GET", "/office/sittings/<int:sitting_id>/decode"): ({}, {"abroad": 200, "third party": 403}),  # an empty form
    ("POST", "/office/sittings/<int:sitting_id>/decode"): (
        {"code": "W-0000-0000", "reason": "an appeal"}, {"abroad": 422, "third party": 403}),
    ("GET", "/office/sittings/<int:sitting_id>/grading"): ({}, {"abroad": 403, "department": 403, "third party": 403}),
    ("POST", "/office/sittings/<int:sitting_id>/grading"): ({}, {"abroad": 403, "department": 403, "third party": 403}),
    ("GET", "/office/sittings/<int:sitting_id>/final"): ({}, {"abroad": 404, "third party": 403}),
    ("GET", "/office/sittings/<int:sitting_id>/final/notices"): ({}, {"abroad": 404, "third party": 403}),
    ("POST", "/office/sittings/<int:sitting_id>/approve"): (
        {"list": "1", "order": "7", "pin": "730418"}, {"abroad": 404, "third party": 403}),
    ("POST", "/office/sittings/<int:sitting_id>/statements"): ({}, {"abroad": 403, "third party": 403}),
    ("POST", "/office/sittings/<int:sitting_id>/told"): (
        {"session": 0, "recipient": "parents", "way": "letter", "day": "2026-05-20"},
        {"abroad": 404, "third party": 403}),
    ("POST", "/office/sittings/<int:sitting_id>/statements/print"): (
        {"lang": "ky"}, {"abroad": 404, "third party": 403}),
    ("GET", "/office/statements/batches/<int:batch_id>"): ({}, {"abroad": 404, "third party": 404}),
    ("GET", "/office/statements/<int:statement_id>"): ({}, {"abroad": 404, "third party": 403}),
    ("GET", "/office/statements/<int:statement_id>/paper"): ({}, {"abroad": 404, "third party": 403}),
    ("POST", "/office/statements/<int:statement_id>/revoke"): (
        {"reason": "Obtained by somebody else", "pin": "730418"}, {"abroad": 404, "third party": 403}),
    ("GET", "/office/sessions/<int:session_id>/attestation"): ({}, {"abroad": 404, "third party": 403}),
    ("POST", "/office/sessions/<int:session_id>/attestation"): (
        {"kind": "choice", "subject": "physics"}, {"abroad": 404, "third party": 403}),
    ("GET", "/office/sittings/<int:sitting_id>/control"): ({}, {"abroad": 403, "third party": 403}),
    ("POST", "/office/sittings/<int:sitting_id>/control"): ({}, {"abroad": 403, "third party": 403}),
    ("GET", "/office/control/<int:finding_id>"): ({}, {"abroad": 403, "third party": 403}),
    ("POST", "/office/control/<int:finding_id>"): (
        {"verdict": "clear", "reason": "Looked at the recording"}, {"abroad": 403, "third party": 403}),
    ("GET", RESCORING): ({}, NOT_WHOLE),
    ("POST", RESCORING + "/effect"): ({}, NOT_WHOLE),
    ("POST", RESCORING + "/sign"): ({"pin": "000000", "effect_id": 1}, NOT_WHOLE),
    ("POST", RESCORING + "/withdraw"): ({"reason": "Not needed"}, NOT_WHOLE),
    ("GET", "/office/sittings/<int:sitting_id>/outcome"): ({}, {"abroad": 200, "third party": 403}),  # nothing in it
    ("POST", "/office/sittings/<int:sitting_id>/outcome/order"): (
        {"order_no": ""}, {"abroad": 422, "third party": 403}),
    ("GET", "/office/sittings/<int:sitting_id>/outcome.xlsx"): ({}, {"abroad": 409, "third party": 403}),
    ("GET", "/office/sittings/<int:sitting_id>/outcome.csv"): ({}, {"abroad": 409, "third party": 403}),
    ("GET", "/office/sittings/<int:sitting_id>/outcome.pdf"): ({}, {"abroad": 409, "third party": 403}),
    ("POST", "/office/sessions/<int:session_id>/parents-told"): (
        {"how": "by phone"}, {"abroad": 404, "third party": 403}),
    ("GET", "/office/sittings/<int:sitting_id>/analysis"): ({}, {"abroad": 200, "third party": 403}),  # nothing in it
    ("GET", "/office/sittings/<int:sitting_id>/results.csv"): ({}, {"abroad": 409, "third party": 403}),
    ("GET", "/office/sittings/<int:sitting_id>/results.xlsx"): ({}, {"abroad": 409, "third party": 403}),
    ("GET", "/office/sessions/<int:session_id>"): ({}, {"abroad": 404, "third party": 403}),
    ("GET", "/office/sessions/<int:session_id>/score-report"): ({}, {"abroad": 404, "third party": 403}),
    ("GET", "/office/sessions/<int:session_id>/score-report.pdf"): ({}, {"abroad": 404, "third party": 403}),
    ("POST", "/office/sessions/<int:session_id>/grade"): ({}, {"abroad": 404, "third party": 403}),
    ("GET", "/office/sessions/<int:session_id>/absence"): ({}, {"abroad": 404, "third party": 403}),
    ("POST", "/office/sessions/<int:session_id>/absence"): (
        {"reason": "illness", "evidence": "hospital_certificate", "paper": "No. 7", "decision": "12-k"},
        {"abroad": 404, "third party": 403}),
    ("POST", "/office/sessions/<int:session_id>/absence/withdraw"): (
        {"decision": "13-k"}, {"abroad": 404, "third party": 403}),
}
