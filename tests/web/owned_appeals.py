"""Whose are the routes with an id of the commission of appeals: what is sent and what strangers get."""

from __future__ import annotations

from tests.web.owned_rooms import Rows

APPEAL = "/appeals/<int:appeal_id>"
FILE = APPEAL + "/file"
ASIDE = {"aside": 403, "appeals elsewhere": 403}  # a member with an interest in the case, and one of no commission
HEARING = "/appeals/hearings/<int:hearing_id>"
OWN, OFFICE = "/exam/appeal/<int:appeal_id>", "/office/appeals/<int:appeal_id>"
LIST = "/office/appeals/sittings/<int:sitting_id>/list"
ELSEWHERE = {"appeals elsewhere": 403}
ABROAD = {"abroad": 404, "third party": 403}
PARTS = {"abroad": 403, "department": 403, "third party": 403}  # a list is of the whole country
OTHERS = {"other candidate": 404}
APPEALS: Rows = {
    ("GET", HEARING): ({}, ELSEWHERE),
    ("POST", HEARING + "/agenda"): ({"case": 0}, ELSEWHERE),
    ("POST", HEARING + "/presence"): ({}, ELSEWHERE),
    ("POST", HEARING + "/end"): ({}, ELSEWHERE),
    ("GET", APPEAL): ({}, ASIDE),
    ("POST", APPEAL + "/admit"): ({"revision": "1"}, ASIDE),
    ("POST", APPEAL + "/refuse"): ({"revision": "1", "reason": "Nothing is named"}, ASIDE),
    ("POST", APPEAL + "/motion"): ({"revision": "1", "reason": "So it is"}, ASIDE),
    ("POST", APPEAL + "/vote"): ({"motion_id": "1", "choice": "for"}, ASIDE),
    ("POST", APPEAL + "/protocol"): ({}, ASIDE),
    ("POST", APPEAL + "/sign"): ({"staff_id": 0, "pin": "830926"}, ASIDE),
    ("POST", APPEAL + "/tell"): ({}, ASIDE),
    ("GET", APPEAL + "/protocol.pdf"): ({}, ASIDE),
    ("POST", APPEAL + "/interest"): ({"interest": "dislike"}, ELSEWHERE),
    ("POST", OFFICE + "/withdraw"): ({}, ABROAD),
    ("POST", OFFICE + "/hand-over"): ({}, ABROAD),
    ("GET", OFFICE + "/notice.pdf"): ({}, ABROAD),
    ("POST", LIST): ({}, PARTS),
    ("GET", LIST + ".pdf"): ({}, PARTS),
    ("POST", OWN + "/withdraw"): ({}, OTHERS),
    ("GET", OWN + "/notice.pdf"): ({}, OTHERS),
    ("GET", FILE): ({}, ASIDE),
    ("GET", FILE + "/<int:seq>"): ({}, ASIDE),
    ("GET", FILE + "/<int:seq>/figures/<name>"): ({}, ASIDE),
    ("GET", FILE + "/<int:seq>/recording"): ({}, ASIDE),
    ("POST", FILE + "/paper"): ({"lang": "ky"}, ASIDE),
}
