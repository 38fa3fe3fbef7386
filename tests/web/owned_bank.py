"""Whose are the routes with an id of the item bank: what is sent and what strangers get, as in owned_rooms."""

from __future__ import annotations

from tests.web.owned_rooms import Rows

JOB = "/bank/calibrations/jobs/<int:task_id>"
TASK = "/tasks/<int:task_id>"
RUN = "/bank/calibrations/<int:run_id>"
PLAN = "/bank/pretests/<int:plan_id>"
IMPORT = "/bank/import/<int:import_id>"
WRITERS = ("author", "stranger", "writer", "other writer")
REVIEWERS = ("reviewer", "other reviewer")
OUTLINE = "/bank/outlines/<int:test_id>"
RECIPE = "/bank/recipes/<int:recipe_id>"
TEXT = "/bank/manuscripts/<int:manuscript_id>"
MEETING = "/bank/commission/<int:meeting_id>"
EXPORT = "/bank/export/<int:request_id>"
DRAFT, BLUEPRINT = "/bank/blueprints/drafts/<int:draft_id>", "/bank/blueprints/<int:blueprint_id>"
REHEARSAL, FORMS = "/bank/rehearsals/<int:rehearsal_id>", "/bank/pools/<int:pool_id>/forms"
KEY = "/bank/keys/<int:asked_id>"
MANUSCRIPT = "GEO-900"
UNREAD = {"stranger": 404}  # a writer whom the manuscript does not concern: for them there is none
BANK: Rows = {
    ("GET", PLAN): ({}, {"rival": 403, "idle": 403, "abroad": 403}),
    ("POST", PLAN + "/sittings"): ({"sitting": 0, "take": "1"}, {"rival": 403, "commission": 403, "abroad": 403}),
    ("POST", PLAN + "/stop"): ({"reason": "enough"}, {"rival": 403, "commission": 403, "abroad": 403}),
    ("GET", IMPORT): ({}, {"other writer": 404, "commission": 403}),
    ("POST", IMPORT + "/discard"): ({}, {"other writer": 404, "commission": 403}),
    ("GET", KEY): ({}, {"writer": 403, "psychometrician": 403, "officer": 403}),
    ("POST", KEY): ({"letter": "a", "pin": "000000", "reason": "Doubted"}, {"writer": 403, "psychometrician": 403}),
    ("POST", KEY + "/confirm"): ({"key_id": 1, "pin": "000000"}, {"writer": 403, "psychometrician": 403}),
    ("GET", OUTLINE): ({}, {"other writer": 404, "rival": 403, "officer": 403}),
    ("POST", OUTLINE + "/blueprint"): ({"year": "2031"}, {"writer": 403, "officer": 403}),
    ("GET", RECIPE): ({}, {"other writer": 404, "commission": 403}),
    ("POST", RECIPE): ({"tier": "basic", "type": "choice"}, {"other writer": 404, "commission": 403}),
    ("POST", RECIPE + "/items"): ({"n": "1"}, {"other writer": 404, "commission": 403}),
    ("GET", RUN): ({}, {"rival": 403, "idle": 403, "abroad": 403}),
    ("GET", RUN + "/technical"): ({}, {"rival": 403, "idle": 403, "abroad": 403}),
    ("GET", RUN + "/items/<int:item_version_id>"): ({}, {"rival": 403, "idle": 403, "abroad": 403}),
    ("POST", RUN + "/items/<int:item_version_id>/decision"): (
        {"verdict": "rejected", "reason": "unclear"}, {"rival": 403, "commission": 403, "abroad": 403}),
    ("GET", JOB): ({}, {"rival": 403, "idle": 403, "abroad": 403}),
    ("GET", TASK): ({}, {"rival": 403, "writer": 404, "officer": 403}),
    ("POST", TASK + "/stop"): ({}, {"rival": 403, "writer": 403, "commission": 403}),
    ("GET", TEXT): ({}, UNREAD),
    ("GET", TEXT + "/text"): ({}, UNREAD),
    ("POST", TEXT + "/text"): ({}, {"stranger": 422}),  # a true one is sent by test_editor_pages
    ("POST", TEXT + "/look"): ({"item": None, "language": "ky"}, UNREAD),
    ("POST", TEXT + "/formula"): ({"latex": "x", "language": "ky"}, UNREAD),
    ("POST", TEXT + "/files"): ({}, UNREAD),
    ("GET", TEXT + "/files/<name>"): ({}, UNREAD),
    ("POST", TEXT + "/withdraw"): ({"revision": 1}, UNREAD),
    ("POST", TEXT + "/submit"): ({"revision": 1}, UNREAD),
    ("POST", TEXT + "/abandon"): ({"revision": 1}, UNREAD),
    ("GET", TEXT + "/reading"): ({}, UNREAD),
    ("POST", TEXT + "/comments"): ({"anchor": "", "body": "?"}, UNREAD),
    ("GET", TEXT + "/differences"): ({}, UNREAD),
    ("POST", TEXT + "/reviews/<int:review_id>"): ({}, {"other reviewer": 404, "author": 403}),
    ("POST", "/bank/readings/<int:review_id>/assign"): ({}, {"rival": 403, "psychometrician": 403}),
    ("GET", MEETING): ({}, {"rival": 403, "psychometrician": 403}),
    ("POST", MEETING + "/agenda"): ({}, {"other member": 403, "psychometrician": 403}),
    ("POST", MEETING + "/notes"): ({}, {"other member": 403, "psychometrician": 403}),
    ("POST", MEETING + "/presence"): ({}, {"other member": 403, "psychometrician": 403}),
    ("POST", MEETING + "/decide"): ({}, {"other member": 403, "psychometrician": 403}),
    ("POST", MEETING + "/close"): ({}, {"other member": 403, "psychometrician": 403}),
    ("POST", MEETING + "/sign"): ({}, {"other member": 422, "psychometrician": 403}),
    ("POST", MEETING + "/annul"): ({}, {"other member": 403, "psychometrician": 403}),
    ("GET", MEETING + "/minutes"): ({}, {"other member": 403, "psychometrician": 403}),
    ("POST", EXPORT + "/decide"): (
        {"decision": "approve", "reason": "why not", "revision": 1, "code": "000000"},
        {"rival": 403, "commission": 403, "psychometrician": 403}),
    ("POST", EXPORT + "/file"): ({}, {"psychometrician": 404, "officer": 404, "rival": 403}),
    ("GET", "/bank/pools/<int:pool_id>"): ({}, {"rival": 403, "idle": 403, "abroad": 403}),
    ("GET", DRAFT): ({}, {"rival": 403, "idle": 403, "officer": 403}),
    ("POST", DRAFT): ({"revision": 1}, {"rival": 403, "officer": 403}),
    ("POST", DRAFT + "/check"): ({}, {"rival": 403, "officer": 403}),
    ("POST", DRAFT + "/propose"): ({"revision": 1}, {"rival": 403, "officer": 403}),
    ("POST", DRAFT + "/recall"): ({"revision": 1}, {"rival": 403, "officer": 403}),
    ("POST", DRAFT + "/discard"): ({"revision": 1}, {"rival": 403, "officer": 403}),
    ("POST", DRAFT + "/sign"): ({}, {"rival": 403, "officer": 403}),
    ("POST", DRAFT + "/approve"): ({"revision": 1}, {"rival": 403, "psychometrician": 403}),
    ("GET", BLUEPRINT): ({}, {"rival": 403, "officer": 403}),
    ("GET", BLUEPRINT + "/pool"): ({}, {"rival": 403, "commission": 403}),
    ("POST", BLUEPRINT + "/pool"): ({}, {"rival": 403, "commission": 403}),
    ("GET", REHEARSAL): ({}, {"rival": 403, "officer": 403}),
    ("POST", REHEARSAL + "/repeat"): ({}, {"rival": 403, "officer": 403}),
    ("GET", FORMS): ({}, {"rival": 403, "officer": 403}),
    ("POST", FORMS): ({}, {"rival": 403, "commission": 403}),
    ("GET", "/bank/forms/<int:form_set_id>"): ({}, {"rival": 403, "officer": 403}),
}
