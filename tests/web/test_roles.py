"""Who may ask for what: one table of every route and every socket by every role, each sent for true."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.core.clock import SystemClock
from server.core.roles import Role
from server.core.work import Platform
from server.edge.sockets import make_ticket
from server.web.realtime import ConsoleNamespace
from tests.web.conftest import HTML, JSON

ROLES = (Role.PUBLIC, Role.CANDIDATE, Role.PROCTOR, Role.CENTRE, Role.OFFICE, Role.WRITER, Role.REVIEWER, Role.EDITOR,
         Role.COMMISSION, Role.PSYCHOMETRICIAN, Role.SECURITY, Role.MARKER, Role.APPEALS, Role.AUDITOR, Role.ADMIN)
# + may, - is refused; the columns are ROLES:  public candidate proctor centre office writer reviewer editor
# commission psychometrician security marker appeals auditor admin. STAFF is whoever holds one of those from proctor on.
TABLE = """
front.start          GET  /                                                      + + + + + + + + + + + + + + +
front.health         GET  /health                                                + + + + + + + + + + + + + + +
static               GET  /static/<path:filename>                                + + + + + + + + + + + + + + +
front.entries        GET  /journal                                               - - - - - - - - - - + - - + -

accounts.sign_in     GET  /sign-in                                               + + + + + + + + + + + + + + +
accounts.sign_in     POST /sign-in                                               + + + + + + + + + + + + + + +
accounts.sign_out    POST /sign-out                                              + + + + + + + + + + + + + + +
accounts.set_language POST /language                                             + + + + + + + + + + + + + + +
accounts.home        GET  /staff                                                 - - + + + + + + + + + + + + +
accounts.password    GET  /staff/password                                        - - + + + + + + + + + + + + +
accounts.password    POST /staff/password                                        - - + + + + + + + + + + + + +
accounts.pin         GET  /staff/pin                                             - - + + + + + + + + + + + + +
second_factor.page   GET  /staff/second-factor                                   - - + + + + + + + + + + + + +
second_factor.page   POST /staff/second-factor                                   - - + + + + + + + + + + + + +
second_factor.prove  GET  /staff/second-factor/prove                             - - + + + + + + + + + + + + +
second_factor.prove  POST /staff/second-factor/prove                             - - + + + + + + + + + + + + +
accounts.pin         POST /staff/pin                                             - - + + + + + + + + + + + + +

delivery.page        GET  /exam                                                  + + + + + + + + + + + + + + +
delivery.sign_in     POST /exam/sign-in                                          + + + + + + + + + + + + + + +
seb.start            GET  /exam/start                                         + + + + + + + + + + + + + + +
seb.leave            GET  /exam/quit                                          + + + + + + + + + + + + + + +
seb.diagnose         GET  /exam/seb                                           + + + + + + + + + + + + + + +
seb.diagnose         POST /exam/seb                                           + + + + + + + + + + + + + + +
tools.form           GET  /office/sittings/<int:sitting_id>/tools             - - - - + - - - - - - - - - -
tools.decide         POST /office/sittings/<int:sitting_id>/tools             - - - - + - - - - - - - - - -
seb.configuration    GET  /centre/sittings/<int:sitting_id>/seb               - - - + - - - - - - - - - - -
seb.download         POST /centre/sittings/<int:sitting_id>/seb               - - - + - - - - - - - - - - -
seb.compare          POST /centre/sittings/<int:sitting_id>/seb/file          - - - + - - - - - - - - - - -
score.own            GET  /exam/score-report                                  - + - - - - - - - - - - - - -
score.own_paper      GET  /exam/score-report.pdf                              - + - - - - - - - - - - - - -
delivery.sign_out    POST /exam/sign-out                                         - + - - - - - - - - - - - - -
delivery.state       GET  /exam/state                                            - + - - - - - - - - - - - - -
delivery.begin_section POST /exam/begin-section                                  - + - - - - - - - - - - - - -
delivery.take_break  POST /exam/break                                            - + - - - - - - - - - - - - -
delivery.go_on       POST /exam/go-on                                            - + - - - - - - - - - - - - -
delivery.answer      POST /exam/answers                                          - + - - - - - - - - - - - - -
delivery.save_working POST /exam/working                                         - + - - - - - - - - - - - - -
media.figure         GET  /exam/media/<name>                                     - + - - - - - - - - - - - - -
media.play           POST /exam/media/play                                       - + - - - - - - - - - - - - -
monitoring.heartbeat POST /exam/heartbeat                                        - + - - - - - - - - - - - - -

monitoring.my_rooms  GET  /proctor                                               - - + - - - - - - - - - - - -
monitoring.console   GET  /proctor/rooms/<int:room_id>                           - - + - - - - - - - - - - - -
monitoring.snapshot  GET  /proctor/rooms/<int:room_id>/snapshot                  - - + - - - - - - - - - - - -
rooms.open_room      POST /proctor/rooms/<int:room_id>/open                      - - + - - - - - - - - - - - -
rooms.start          POST /proctor/rooms/<int:room_id>/start                     - - + - - - - - - - - - - - -
rooms.close          POST /proctor/rooms/<int:room_id>/close                     - - + - - - - - - - - - - - -
rooms.pause          POST /proctor/rooms/<int:room_id>/pause                     - - + - - - - - - - - - - - -
rooms.resume         POST /proctor/rooms/<int:room_id>/resume                    - - + - - - - - - - - - - - -
rooms.message        POST /proctor/rooms/<int:room_id>/message                   - - + - - - - - - - - - - - -
monitoring.photo     GET  /proctor/rooms/<int:room_id>/sessions/<int:session_id>/photo    - - + - - - - - - - - - - - -
rooms.identity       POST /proctor/rooms/<int:room_id>/sessions/<int:session_id>/identity - - + - - - - - - - - - - - -
rooms.picture        GET  /proctor/rooms/<int:room_id>/sessions/<int:session_id>/picture  - - + - - - - - - - - - - - -
rooms.office_picture POST /office/room-sittings/<int:room_sitting_id>/sessions/<int:session_id>/picture - - - - + - - - - - - - - - -
rooms.admit          POST /proctor/rooms/<int:room_id>/sessions/<int:session_id>/admit    - - + - - - - - - - - - - - -
rooms.pause          POST /proctor/rooms/<int:room_id>/sessions/<int:session_id>/pause    - - + - - - - - - - - - - - -
rooms.resume         POST /proctor/rooms/<int:room_id>/sessions/<int:session_id>/resume   - - + - - - - - - - - - - - -
rooms.close_held     POST /proctor/rooms/<int:room_id>/sessions/<int:session_id>/let-go   - - + - - - - - - - - - - - -
rooms.message        POST /proctor/rooms/<int:room_id>/sessions/<int:session_id>/message  - - + - - - - - - - - - - - -
rooms.move           POST /proctor/rooms/<int:room_id>/sessions/<int:session_id>/move     - - + - - - - - - - - - - - -
rooms.pause_seats    POST /proctor/rooms/<int:room_id>/seats/pause                 - - + - - - - - - - - - - - -
rooms.resume_seats   POST /proctor/rooms/<int:room_id>/seats/resume                - - + - - - - - - - - - - - -
rooms.message_seats  POST /proctor/rooms/<int:room_id>/seats/message               - - + - - - - - - - - - - - -
calls.move           POST /proctor/rooms/<int:room_id>/sessions/<int:session_id>/call     - - + - - - - - - - - - - - -
monitoring.devices   GET  /proctor/rooms/<int:room_id>/sessions/<int:session_id>/devices  - - + - - - - - - - - - - - -
rooms.decide_device  POST /proctor/rooms/<int:room_id>/sessions/<int:session_id>/devices/<int:claim_id> - - + - - - - - - - - - - - -
calls.help_page      GET  /exam/call                                                      - + - - - - - - - - - - - - -
calls.call           POST /exam/call                                                      - + - - - - - - - - - - - - -
calls.withdraw       POST /exam/call/withdraw                                             - + - - - - - - - - - - - - -
rooms.warn           POST /proctor/rooms/<int:room_id>/sessions/<int:session_id>/warn     - - + - - - - - - - - - - - -
rooms.remove         POST /proctor/rooms/<int:room_id>/sessions/<int:session_id>/remove   - - + - - - - - - - - - - - -

rooms.centre         GET  /centre                                                - - - + - - - - - - - - - - -
rooms.new_room       GET  /centre/rooms/new                                      - - - + - - - - - - - - - - -
rooms.new_room       POST /centre/rooms/new                                      - - - + - - - - - - - - - - -
rooms.room           GET  /centre/rooms/<int:room_id>                            - - - + - - - - - - - - - - -
rooms.use_room       POST /centre/sittings/<int:sitting_id>/rooms                - - - + - - - - - - - - - - -
rooms.room_sitting   GET  /centre/room-sittings/<int:room_sitting_id>            - - - + - - - - - - - - - - -
rooms.assign         POST /centre/room-sittings/<int:room_sitting_id>/duties     - - - + - - - - - - - - - - -
rooms.relieve        POST /centre/room-sittings/<int:room_sitting_id>/duties/<int:staff_id>/relieve - - - + - - - - - - - - - - -
rooms.seat           POST /centre/room-sittings/<int:room_sitting_id>/seat       - - - + - - - - - - - - - - -
incidents.note       POST /proctor/rooms/<int:room_id>/incidents                 - - + - - - - - - - - - - - -
incidents.end        POST /proctor/rooms/<int:room_id>/incidents/<int:incident_id>/end - - + - - - - - - - - - - - -
incidents.give_time  POST /proctor/rooms/<int:room_id>/give-time                 - - + - - - - - - - - - - - -
incidents.give_time  POST /proctor/rooms/<int:room_id>/sessions/<int:session_id>/give-time - - + - - - - - - - - - - - -
incidents.give_play  POST /proctor/rooms/<int:room_id>/sessions/<int:session_id>/give-play - - + - - - - - - - - - - - -
incidents.begin_break POST /proctor/rooms/<int:room_id>/sessions/<int:session_id>/break - - + - - - - - - - - - - - -
conditions.decisions GET  /office/accommodations                                 - - - - + - - - - - - - - - -
conditions.record    POST /office/accommodations                                 - - - - + - - - - - - - - - -
conditions.withdraw  POST /office/accommodations/<int:accommodation_id>/withdraw - - - - + - - - - - - - - - -
cases.overview       GET  /office/cases                                             - - - - + - - - - - - - - - -
cases.form           GET  /office/cases/new                                         - - - - + - - - - - - - - - -
cases.file           POST /office/cases                                             - - - - + - - - - - - - - - -
cases.show           GET  /office/cases/<int:case_id>                               - - - - + - - - - - - - - - -
cases.add            POST /office/cases/<int:case_id>/papers                        - - - - + - - - - - - - - - -
cases.paper          GET  /office/cases/<int:case_id>/papers/<int:paper_id>         - - - - + - - - - - - - - - -
cases.submit         POST /office/cases/<int:case_id>/submit                        - - - - + - - - - - - - - - -
cases.withdraw       POST /office/cases/<int:case_id>/withdraw                      - - - - + - - - - - - - - - -
cases.decide         POST /office/cases/<int:case_id>/decide                        - - - - + - - - - - - - - - -
cases.take_back      POST /office/cases/<int:case_id>/take-back                     - - - - + - - - - - - - - - -
additional.overview  GET  /office/additional                                        - - - - + - - - - - - - - - -
additional.plan      POST /office/additional                                        - - - - + - - - - - - - - - -
additional.show      GET  /office/additional/<int:additional_id>                    - - - - + - - - - - - - - - -
additional.give_place POST /office/additional/<int:additional_id>                    - - - - + - - - - - - - - - -
cameras.cameras      GET  /centre/rooms/<int:room_id>/cameras                    - - - + - - - - - - - - - - -
cameras.add          POST /centre/rooms/<int:room_id>/cameras                    - - - + - - - - - - - - - - -
cameras.set_working  POST /centre/cameras/<int:camera_id>/working                - - - + - - - - - - - - - - -
cameras.readiness    GET  /centre/room-sittings/<int:room_sitting_id>/cameras    - - - + - - - - - - - - - - -
cameras.waive        POST /centre/room-sittings/<int:room_sitting_id>/cameras/waiver - - - + - - - - - - - - - - -
archive.recordings   GET  /centre/room-sittings/<int:room_sitting_id>/recordings - - - + - - - - - - - - - - -
archive.add          POST /centre/room-sittings/<int:room_sitting_id>/recordings - - - + - - - - - - - - - - -
archive.part         POST /centre/room-sittings/<int:room_sitting_id>/recordings/parts - - - + - - - - - - - - - - -
archive.centre_reads GET  /centre/recordings/<int:recording_id>                  - - - + - - - - - - - - - - -
observers.door       GET  /observe                                               + + + + + + + + + + + + + + +
observers.sign_in    POST /observe/sign-in                                       + + + + + + + + + + + + + + +
observers.sign_out   POST /observe/sign-out                                      - - - - - - - - - - - - - - -
observers.room       GET  /observe/rooms/<int:room_id>                           - - - - - - - - - - - - - - -
observers.view       GET  /observe/rooms/<int:room_id>/view                      - - - - - - - - - - - - - - -
observers.remark     POST /observe/rooms/<int:room_id>/remarks                   - - - - - - - - - - - - - - -
observers.observers  GET  /centre/room-sittings/<int:room_sitting_id>/observers  - - - + - - - - - - - - - - -
observers.invite     POST /centre/room-sittings/<int:room_sitting_id>/observers  - - - + - - - - - - - - - - -
observers.slips      GET  /centre/room-sittings/<int:room_sitting_id>/observers/slips - - - + - - - - - - - - - - -
observers.slips_paper GET  /centre/room-sittings/<int:room_sitting_id>/observers/slips/paper - - - + - - - - - - - - - - -
observers.renew      POST /centre/room-sittings/<int:room_sitting_id>/observers/<int:observer_id>/code - - - + - - - - - - - - - - -
observers.withdraw   POST /centre/room-sittings/<int:room_sitting_id>/observers/<int:observer_id>/withdraw - - - + - - - - - - - - - - -
observers.own_timetables GET /centre/timetables                                  - - - + - - - - - - - - - - -
observers.propose    POST /centre/timetables                                     - - - + - - - - - - - - - - -
observers.office_timetables GET /office/timetables                               - - - - + - - - - - - - - - -
observers.approve    POST /office/timetables/<int:timetable_id>/approve          - - - - + - - - - - - - - - -
observers.office_observers GET /office/sittings/<int:sitting_id>/observers       - - - - + - - - - - - - - - -
rooms.slips          GET  /centre/room-sittings/<int:room_sitting_id>/slips      - - - + - - - - - - - - - - -
rooms.draw_room      GET  /centre/rooms/draw                                       - - - + - - - - - - - - - - -
rooms.draw_room      POST /centre/rooms/draw                                       - - - + - - - - - - - - - - -
rooms.seating        GET  /centre/room-sittings/<int:room_sitting_id>/seating      - - - + - - - - - - - - - - -
rooms.reseat         POST /centre/room-sittings/<int:room_sitting_id>/seating/move - - - + - - - - - - - - - - -
rooms.draw_again     POST /centre/room-sittings/<int:room_sitting_id>/seating/draw - - - + - - - - - - - - - - -
rooms.keep_seat      POST /centre/room-sittings/<int:room_sitting_id>/seating/keep - - - + - - - - - - - - - - -
rooms.release_seat   POST /centre/room-sittings/<int:room_sitting_id>/seating/release - - - + - - - - - - - - - - -
rooms.centre_paper   GET  /centre/room-sittings/<int:room_sitting_id>/papers/<kind>    - - - + - - - - - - - - - - -
rooms.centre_protocol GET /centre/room-sittings/<int:room_sitting_id>/sessions/<int:session_id>/protocol - - - + - - - - - - - - - - -
rooms.desk_papers    GET  /proctor/rooms/<int:room_id>/papers                    - - + - - - - - - - - - - - -
rooms.desk_paper     GET  /proctor/rooms/<int:room_id>/papers/<kind>             - - + - - - - - - - - - - - -
rooms.desk_protocol  GET  /proctor/rooms/<int:room_id>/sessions/<int:session_id>/protocol - - + - - - - - - - - - - - -
rooms.watch          POST /proctor/rooms/<int:room_id>/sessions/<int:session_id>/watch    - - + - - - - - - - - - - - -
irregularities.record GET /proctor/rooms/<int:room_id>/sessions/<int:session_id>/record   - - + - - - - - - - - - - - -
irregularities.write POST /proctor/rooms/<int:room_id>/sessions/<int:session_id>/record   - - + - - - - - - - - - - - -
irregularities.sign  POST /proctor/rooms/<int:room_id>/sessions/<int:session_id>/record/sign - - + - - - - - - - - - - - -
irregularities.sign_by_hand POST /proctor/rooms/<int:room_id>/sessions/<int:session_id>/record/hand - - + - - - - - - - - - - - -
rooms.handover       GET  /proctor/rooms/<int:room_id>/handover                  - - + - - - - - - - - - - - -
rooms.hand_over      POST /proctor/rooms/<int:room_id>/handover                  - - + - - - - - - - - - - - -
rooms.check_paper    GET  /papers                                                - - + + + - - - - - - - - + -
candidates.lists     GET  /centre/lists                                          - - - + - - - - - - - - - - -
candidates.check     POST /centre/lists                                          - - - + - - - - - - - - - - -
candidates.certify   POST /centre/lists/certify                                  - - - + - - - - - - - - - - -
candidates.template  GET  /centre/lists/template.csv                             - - - + - - - - - - - - - - -
candidates.show      GET  /centre/lists/<int:list_id>                            - - - + - - - - - - - - - - -
candidates.add_photos POST /centre/lists/<int:list_id>/photos                    - - - + - - - - - - - - - - -

bank.overview        GET  /bank                                                  - - - - - - - - + + - - - - -
inventory.items      GET  /bank/items                                            - - - - - - - - + + + - - - -
inventory.act        POST /bank/items                                            - - - - - - - - + + + - - - -
inventory.print_cards POST /bank/cards                                           - - - - - - - - + + + - - - -
inventory.health     GET  /bank/health                                           - - - - - - - - + + + - - - -
recipes.mine         GET  /bank/recipes                                          - - - - - + - - - - - - - - -
recipes.new          GET  /bank/recipes/new                                      - - - - - + - - - - - - - - -
recipes.begin        POST /bank/recipes/new                                      - - - - - + - - - - - - - - -
recipes.show         GET  /bank/recipes/<int:recipe_id>                          - - - - - + - - - - - - - - -
recipes.save         POST /bank/recipes/<int:recipe_id>                          - - - - - + - - - - - - - - -
recipes.make         POST /bank/recipes/<int:recipe_id>/items                    - - - - - + - - - - - - - - -
desk.my_work         GET  /bank/my-work                                          - - - - - + + + + + + - - - -
reviews.read         GET  /bank/manuscripts/<int:manuscript_id>/reading          - - - - - + + + + - - - - - -
reviews.comment      POST /bank/manuscripts/<int:manuscript_id>/comments         - - - - - + + + + - - - - - -
reviews.judge        POST /bank/manuscripts/<int:manuscript_id>/reviews/<int:review_id> - - - - - - + + - - - - - - -
reviews.compare      GET  /bank/manuscripts/<int:manuscript_id>/differences      - - - - - + + + + - - - - - -
reviews.readings     GET  /bank/readings                                         - - - - - - - - + - - - - - -
reviews.assign       POST /bank/readings/<int:review_id>/assign                  - - - - - - - - + - - - - - -
interchange.imports  GET  /bank/import                                        - - - - - + - - - - - - - - -
interchange.receive  POST /bank/import                                        - - - - - + - - - - - - - - -
interchange.form     GET  /bank/import/form                                   - - - - - + - - - - - - - - -
interchange.report   GET  /bank/import/<int:import_id>                        - - - - - + - - - - - - - - -
interchange.discard  POST /bank/import/<int:import_id>/discard                - - - - - + - - - - - - - - -
outlines.outlines    GET  /bank/outlines                                         - - - - - + - - + + - - - - -
outlines.outline     GET  /bank/outlines/<int:test_id>                           - - - - - + - - + + - - - - -
outlines.draft       POST /bank/outlines/<int:test_id>/blueprint                 - - - - - - - - + + - - - - -
commission.overview  GET  /bank/commission                                       - - - - - - - - + - - - - - -
commission.open_session POST /bank/commission                                    - - - - - - - - + - - - - - -
commission.session   GET  /bank/commission/<int:meeting_id>                      - - - - - - - - + - - - - - -
commission.confirm_presence POST /bank/commission/<int:meeting_id>/presence      - - - - - - - - + - - - - - -
commission.put_on_agenda POST /bank/commission/<int:meeting_id>/agenda           - - - - - - - - + - - - - - -
commission.add_note  POST /bank/commission/<int:meeting_id>/notes                - - - - - - - - + - - - - - -
commission.decide    POST /bank/commission/<int:meeting_id>/decide               - - - - - - - - + - - - - - -
commission.close     POST /bank/commission/<int:meeting_id>/close                - - - - - - - - + - - - - - -
commission.annul     POST /bank/commission/<int:meeting_id>/annul                - - - - - - - - + - - - - - -
commission.sign      POST /bank/commission/<int:meeting_id>/sign                 - - - - - - - - + - - - - - -
commission.minutes   GET  /bank/commission/<int:meeting_id>/minutes              - - - - - - - - + - - - - - -
manuscripts.editor   GET  /bank/manuscripts/<int:manuscript_id>                  - - - - - + + + + - - - - - -
manuscripts.text     GET  /bank/manuscripts/<int:manuscript_id>/text             - - - - - + + + + - - - - - -
manuscripts.save     POST /bank/manuscripts/<int:manuscript_id>/text             - - - - - + - + - - - - - - -
manuscripts.look     POST /bank/manuscripts/<int:manuscript_id>/look             - - - - - + + + + - - - - - -
manuscripts.formula  POST /bank/manuscripts/<int:manuscript_id>/formula          - - - - - + + + + - - - - - -
manuscripts.add_file POST /bank/manuscripts/<int:manuscript_id>/files            - - - - - + - - - - - - - - -
manuscripts.file     GET  /bank/manuscripts/<int:manuscript_id>/files/<name>     - - - - - + + + + - - - - - -
manuscripts.submit   POST /bank/manuscripts/<int:manuscript_id>/submit           - - - - - + - - - - - - - - -
manuscripts.withdraw POST /bank/manuscripts/<int:manuscript_id>/withdraw         - - - - - + - - - - - - - - -
manuscripts.abandon  POST /bank/manuscripts/<int:manuscript_id>/abandon          - - - - - + - - - - - - - - -
bank_items.item      GET  /bank/items/<name>                                     - - - - - + + + + + + - - - -
desk.begin_form      GET  /bank/manuscripts/new                                  - - - - - + - - - - - - - - -
desk.begin           POST /bank/manuscripts/new                                  - - - - - + - - - - - - - - -
drafts.overview      GET  /bank/blueprints                                        - - - - - - - - + + - - - - -
drafts.begin         POST /bank/blueprints/drafts                                 - - - - - - - - + + - - - - -
drafts.draft         GET  /bank/blueprints/drafts/<int:draft_id>                  - - - - - - - - + + - - - - -
drafts.save          POST /bank/blueprints/drafts/<int:draft_id>                  - - - - - - - - + + - - - - -
drafts.check         POST /bank/blueprints/drafts/<int:draft_id>/check            - - - - - - - - + + - - - - -
drafts.propose       POST /bank/blueprints/drafts/<int:draft_id>/propose          - - - - - - - - + + - - - - -
drafts.recall        POST /bank/blueprints/drafts/<int:draft_id>/recall           - - - - - - - - + + - - - - -
drafts.discard       POST /bank/blueprints/drafts/<int:draft_id>/discard          - - - - - - - - + + - - - - -
drafts.sign          POST /bank/blueprints/drafts/<int:draft_id>/sign             - - - - - - - - + + - - - - -
drafts.approve       POST /bank/blueprints/drafts/<int:draft_id>/approve          - - - - - - - - + - - - - - -
bank.blueprint       GET  /bank/blueprints/<int:blueprint_id>                     - - - - - - - - + + - - - - -
drafts.commission_form GET  /office/commission                                      - - - - + - - - - - - - - - -
drafts.name_commission POST /office/commission                                      - - - - + - - - - - - - - - -
rehearsals.begin     POST /bank/rehearsals                                        - - - - - - - - + + - - - - -
rehearsals.rehearsal GET  /bank/rehearsals/<int:rehearsal_id>                     - - - - - - - - + + - - - - -
rehearsals.repeat    POST /bank/rehearsals/<int:rehearsal_id>/repeat              - - - - - - - - + + - - - - -
tasks.progress       GET  /tasks/<int:task_id>                                    - - - - + + - - + + - - - - -
tasks.stop           POST /tasks/<int:task_id>/stop                               - - - - + - - - + + - - - - -
pools.choose         GET  /bank/blueprints/<int:blueprint_id>/pool                - - - - - - - - - + - - - - -
pools.publish        POST /bank/blueprints/<int:blueprint_id>/pool                - - - - - - - - - + - - - - -
pretests.overview    GET  /bank/pretests                                         - - - - - - - - + + - - - - -
pretests.form        GET  /bank/pretests/new                                     - - - - - - - - - + - - - - -
pretests.preview     POST /bank/pretests/preview                                 - - - - - - - - - + - - - - -
pretests.plan        POST /bank/pretests                                         - - - - - - - - - + - - - - -
pretests.show        GET  /bank/pretests/<int:plan_id>                           - - - - - - - - + + - - - - -
pretests.take        POST /bank/pretests/<int:plan_id>/sittings                  - - - - - - - - - + - - - - -
pretests.stop        POST /bank/pretests/<int:plan_id>/stop                      - - - - - - - - - + - - - - -
calibrations.overview GET /bank/calibrations                                     - - - - - - - - + + - - - - -
calibrations.report  GET  /bank/calibrations/<int:run_id>                        - - - - - - - - + + - - - - -
calibrations.technical GET /bank/calibrations/<int:run_id>/technical             - - - - - - - - + + - - - - -
calibrations.card    GET  /bank/calibrations/<int:run_id>/items/<int:item_version_id> - - - - - - - - + + - - - - -
calibrations.decide  POST /bank/calibrations/<int:run_id>/items/<int:item_version_id>/decision - - - - - - - - - + - - - - -
calibrating.new      GET  /bank/calibrations/new                                 - - - - - - - - - + - - - - -
calibrating.ask      POST /bank/calibrations/new                                 - - - - - - - - - + - - - - -
calibrating.job      GET  /bank/calibrations/jobs/<int:task_id>                  - - - - - - - - + + - - - - -
forms.of_pool        GET  /bank/pools/<int:pool_id>/forms                         - - - - - - - - + + - - - - -
forms.begin          POST /bank/pools/<int:pool_id>/forms                         - - - - - - - - - + - - - - -
forms.forms          GET  /bank/forms/<int:form_set_id>                           - - - - - - - - + + - - - - -
bank.pool            GET  /bank/pools/<int:pool_id>                              - - - - - - - - + + - - - - -

exports.exports      GET  /bank/export                                           - - - - - - - - + + + - - - -
exports.ask          POST /bank/export/new                                       - - - - - - - - + + + - - - -
exports.decide       POST /bank/export/<int:request_id>/decide                   - - - - - - - - - - + - - - -
exports.take         POST /bank/export/<int:request_id>/file                     - - - - - - - - + + + - - - -
rescoring.runs       GET  /office/rescoring                                            - - - - + - - - - - - - - - -
rescoring.new        GET  /office/rescoring/new                                        - - - - + - - - - - - - - - -
rescoring.propose    POST /office/rescoring                                            - - - - + - - - - - - - - - -
rescoring.run        GET  /office/rescoring/<int:rescoring_id>                         - - - - + - - - - - - - - - -
rescoring.compute    POST /office/rescoring/<int:rescoring_id>/effect                  - - - - + - - - - - - - - - -
rescoring.sign       POST /office/rescoring/<int:rescoring_id>/sign                    - - - - + - - - - - - - - - -
rescoring.withdraw   POST /office/rescoring/<int:rescoring_id>/withdraw                - - - - + - - - - - - - - - -
corrections.overview GET  /bank/keys                                                   - - - - - - - - + - - - - - -
corrections.show     GET  /bank/keys/<int:asked_id>                                    - - - - - - - - + - - - - - -
corrections.correct  POST /bank/keys/<int:asked_id>                                    - - - - - - - - + - - - - - -
corrections.confirm  POST /bank/keys/<int:asked_id>/confirm                            - - - - - - - - + - - - - - -
leaks.leaks          GET  /bank/leaks                                            - - - - - - - - - - + - - + -
leaks.act            GET  /bank/leaks/acts/<act>                                 - - - - - - - - - - + - - + -
leaks.search         POST /bank/leaks/search                                     - - - - - - - - - - + - - + -
leaks.preview        GET  /bank/leaks/withdrawal                                 - - - - - - - - - - + - - - -
leaks.withdraw       POST /bank/leaks/withdrawal                                 - - - - - - - - - - + - - - -
leaks.lift           POST /bank/leaks/lift                                       - - - - - - - - - - + - - - -

reports.office       GET  /office                                                - - - - + - - - - - - - - - -
reports.due          GET  /office/deadlines                                      - - - - + - - - - - - - - - -
statements.check_form GET /check                                                 + + + + + + + + + + + + + + +
statements.check     POST /check                                                 + + + + + + + + + + + + + + +
statements.final     GET  /office/sittings/<int:sitting_id>/final                - - - - + - - - - - - - - - -
statements.final_notices GET /office/sittings/<int:sitting_id>/final/notices         - - - - + - - - - - - - - - -
statements.approve   POST /office/sittings/<int:sitting_id>/approve              - - - - + - - - - - - - - - -
statements.issue     POST /office/sittings/<int:sitting_id>/statements           - - - - + - - - - - - - - - -
statements.print_all POST /office/sittings/<int:sitting_id>/statements/print     - - - - + - - - - - - - - - -
statements.archive   GET  /office/statements/batches/<int:batch_id>              - - - - + - - - - - - - - - -
statements.tell      POST /office/sittings/<int:sitting_id>/told                 - - - - + - - - - - - - - - -
statements.statement GET  /office/statements/<int:statement_id>                  - - - - + - - - - - - - - - -
statements.revoke    POST /office/statements/<int:statement_id>/revoke           - - - - + - - - - - - - - - -
statements.paper     GET  /office/statements/<int:statement_id>/paper            - - - - + - - - - - - - - - -
statements.own_notice GET /exam/result/notice                                    - + - - - - - - - - - - - - -
statements.own       GET  /exam/result/statement                                 - + - - - - - - - - - - - - -
statements.attestation GET /office/sessions/<int:session_id>/attestation         - - - - + - - - - - - - - - -
statements.attest    POST /office/sessions/<int:session_id>/attestation          - - - - + - - - - - - - - - -
reports.sitting      GET  /office/sittings/<int:sitting_id>                      - - - - + - - - - - - - - - -
control.overview     GET  /office/sittings/<int:sitting_id>/control              - - - - + - - - - - - - - - -
control.ask          POST /office/sittings/<int:sitting_id>/control              - - - - + - - - - - - - - - -
control.finding      GET  /office/control/<int:finding_id>                       - - - - + - - - - - - - - - -
control.decide       POST /office/control/<int:finding_id>                       - - - - + - - - - - - - - - -
archive.oversight    GET  /office/sittings/<int:sitting_id>/video                - - - - + - - - - - - - - - -
archive.office_reads GET  /office/recordings/<int:recording_id>                  - - - - + - - - - - - - - - -
archive.hold         POST /office/room-sittings/<int:room_sitting_id>/holds      - - - - + - - - - - - - - - -
archive.lift         POST /office/holds/<int:hold_id>/lift                       - - - - + - - - - - - - - - -
outcome.sitting      GET  /office/sittings/<int:sitting_id>/outcome           - - - - + - - - - - - - - - -
outcome.order        POST /office/sittings/<int:sitting_id>/outcome/order     - - - - + - - - - - - - - - -
outcome.as_text      GET  /office/sittings/<int:sitting_id>/outcome.csv       - - - - + - - - - - - - - - -
outcome.as_workbook  GET  /office/sittings/<int:sitting_id>/outcome.xlsx      - - - - + - - - - - - - - - -
outcome.as_paper     GET  /office/sittings/<int:sitting_id>/outcome.pdf       - - - - + - - - - - - - - - -
outcome.tell         POST /office/sessions/<int:session_id>/parents-told      - - - - + - - - - - - - - - -
analysis.sitting     GET  /office/sittings/<int:sitting_id>/analysis          - - - - + - - - - - - - - - -
analysis.as_table    GET  /office/sittings/<int:sitting_id>/results.csv       - - - - + - - - - - - - - - -
analysis.as_workbook GET  /office/sittings/<int:sitting_id>/results.xlsx      - - - - + - - - - - - - - - -
reports.session      GET  /office/sessions/<int:session_id>                      - - - - + - - - - - - - - - -
score.of_candidate   GET  /office/sessions/<int:session_id>/score-report      - - - - + - - - - - - - - - -
score.paper_of_candidate GET  /office/sessions/<int:session_id>/score-report.pdf  - - - - + - - - - - - - - - -
marking.desk         GET  /marking                                               - - - - - - - - - - - + - - -
marking.following    GET  /marking/next                                          - - - - - - - - - - - + - - -
marking.sheet        GET  /marking/works/<ref>                                   - - - - - - - - - - - + - - -
marking.give         POST /marking/works/<ref>                                   - - - - - - - - - - - + - - -
marking.give_back    POST /marking/works/<ref>/give-back                         - - - - - - - - - - - + - - -
marking.figure       GET  /marking/works/<ref>/figures/<name>                    - - - - - - - - - - - + - - -
marking_office.page  GET  /office/sittings/<int:sitting_id>/marking              - - - - + - - - - - - - - - -
marking_office.begin POST /office/sittings/<int:sitting_id>/marking              - - - - + - - - - - - - - - -
marking_office.take_in POST /office/sittings/<int:sitting_id>/marking/intake     - - - - + - - - - - - - - - -
marking_office.call  POST /office/sittings/<int:sitting_id>/marking/markers      - - - - + - - - - - - - - - -
marking_office.release POST /office/sittings/<int:sitting_id>/marking/markers/<int:staff_id>/release - - - - + - - - - - - - - - -
readings.results     GET  /journal/results                                       - - - - - - - - - - - - - + -
lists.versions       GET  /office/sittings/<int:sitting_id>/lists                - - - - + - - - - - - - - - -
lists.freeze         POST /office/sittings/<int:sitting_id>/lists                - - - - + - - - - - - - - - -
lists.page           GET  /office/lists/<int:result_list_id>                     - - - - + - - - - - - - - - -
lists.sign           POST /office/lists/<int:result_list_id>/sign                - - - - + - - - - - - - - - -
lists.release        POST /office/lists/<int:result_list_id>/release             - - - - + - - - - - - - - - -
lists.receive        POST /office/lists/<int:result_list_id>/receipt             - - - - + - - - - - - - - - -
lists.paper          GET  /office/lists/<int:result_list_id>/paper               - - - - + - - - - - - - - - -
lists.notices        GET  /office/lists/<int:result_list_id>/notices             - - - - + - - - - - - - - - -
lists.extract        GET  /office/lists/<int:result_list_id>/candidates/<int:session_id>/extract - - - - + - - - - - - - - - -
lists.notice         GET  /office/lists/<int:result_list_id>/candidates/<int:session_id>/notice - - - - + - - - - - - - - - -
lists.own_extract    GET  /exam/result/extract                                   - + - - - - - - - - - - - - -
grading.overview     GET  /office/sittings/<int:sitting_id>/grading              - - - - + - - - - - - - - - -
grading.grade_all    POST /office/sittings/<int:sitting_id>/grading              - - - - + - - - - - - - - - -
grading.decode_form  GET  /office/sittings/<int:sitting_id>/decode               - - - - + - - - - - - - - - -
grading.decode       POST /office/sittings/<int:sitting_id>/decode               - - - - + - - - - - - - - - -
grading.absence      GET  /office/sessions/<int:session_id>/absence              - - - - + - - - - - - - - - -
grading.excuse       POST /office/sessions/<int:session_id>/absence              - - - - + - - - - - - - - - -
grading.withdraw_excuse POST /office/sessions/<int:session_id>/absence/withdraw  - - - - + - - - - - - - - - -
grading.grade        POST /office/sessions/<int:session_id>/grade                - - - - + - - - - - - - - - -

appeals.overview     GET  /appeals                                            - - - - - - - - - - - - + - -
appeals.call         POST /appeals/hearings                                   - - - - - - - - - - - - + - -
appeals.hearing      GET  /appeals/hearings/<int:hearing_id>                  - - - - - - - - - - - - + - -
appeals.put_on_agenda POST /appeals/hearings/<int:hearing_id>/agenda           - - - - - - - - - - - - + - -
appeals.confirm_presence POST /appeals/hearings/<int:hearing_id>/presence         - - - - - - - - - - - - + - -
appeals.end          POST /appeals/hearings/<int:hearing_id>/end              - - - - - - - - - - - - + - -
appeals.own_interests GET  /appeals/interests                                  - - - - - - - - - - - - + - -
appeals.declare_beforehand POST /appeals/interests                                  - - - - - - - - - - - - + - -
appeals.case         GET  /appeals/<int:appeal_id>                            - - - - - - - - - - - - + - -
appeals.stand_aside  POST /appeals/<int:appeal_id>/interest                   - - - - - - - - - - - - + - -
appeals.admit        POST /appeals/<int:appeal_id>/admit                      - - - - - - - - - - - - + - -
appeals.refuse       POST /appeals/<int:appeal_id>/refuse                     - - - - - - - - - - - - + - -
appeals.put_motion   POST /appeals/<int:appeal_id>/motion                     - - - - - - - - - - - - + - -
appeals.vote         POST /appeals/<int:appeal_id>/vote                       - - - - - - - - - - - - + - -
appeals.draw_up      POST /appeals/<int:appeal_id>/protocol                   - - - - - - - - - - - - + - -
appeals.sign         POST /appeals/<int:appeal_id>/sign                       - - - - - - - - - - - - + - -
appeals.tell         POST /appeals/<int:appeal_id>/tell                       - - - - - - - - - - - - + - -
appeals.protocol     GET  /appeals/<int:appeal_id>/protocol.pdf               - - - - - - - - - - - - + - -
appeals_office.overview GET  /office/appeals                                     - - - - + - - - - - - - - - -
appeals_office.file_list POST /office/appeals                                     - - - - + - - - - - - - - - -
appeals_office.withdraw POST /office/appeals/<int:appeal_id>/withdraw            - - - - + - - - - - - - - - -
appeals_office.hand_over POST /office/appeals/<int:appeal_id>/hand-over           - - - - + - - - - - - - - - -
appeals_office.notice GET  /office/appeals/<int:appeal_id>/notice.pdf          - - - - + - - - - - - - - - -
appeals_office.issue_list POST /office/appeals/sittings/<int:sitting_id>/list      - - - - + - - - - - - - - - -
appeals_office.final_list GET  /office/appeals/sittings/<int:sitting_id>/list.pdf  - - - - + - - - - - - - - - -
appeals_office.commission_form GET  /office/appeals/commission                          - - - - + - - - - - - - - - -
appeals_office.name_commission POST /office/appeals/commission                          - - - - + - - - - - - - - - -
own_appeals.page     GET  /exam/appeal                                        - + - - - - - - - - - - - - -
own_appeals.file     POST /exam/appeal                                        - + - - - - - - - - - - - - -
own_appeals.withdraw POST /exam/appeal/<int:appeal_id>/withdraw               - + - - - - - - - - - - - - -
own_appeals.notice   GET  /exam/appeal/<int:appeal_id>/notice.pdf             - + - - - - - - - - - - - - -
casefile.file        GET  /appeals/<int:appeal_id>/file                          - - - - - - - - - - - - + - -
casefile.task        GET  /appeals/<int:appeal_id>/file/<int:seq>                - - - - - - - - - - - - + - -
casefile.figure      GET  /appeals/<int:appeal_id>/file/<int:seq>/figures/<name> - - - - - - - - - - - - + - -
casefile.recording   GET  /appeals/<int:appeal_id>/file/<int:seq>/recording      - - - - - - - - - - - - + - -
casefile.on_paper    POST /appeals/<int:appeal_id>/file/paper                    - - - - - - - - - - - - + - -
"""
SOCKETS = """
/console             connect                                                     - - + - - - - - - - - - - - -
/observe             connect                                                     - - - - - - - - - - - - - - -
/                    connect                                                     - - - - - - - - - - - - - - -
"""
OWN_DOOR = ("/sign-in", "/sign-out")
ClientAs = Callable[..., FlaskClient]


def rows(table: str) -> Iterator[tuple[list[str], dict[Role, bool]]]:
    """Each line as its words before the marks, and what each role may."""
    for line in table.split("\n"):
        words = line.split()
        if words:
            marks = words[-len(ROLES) :]
            assert set(marks) <= {"+", "-"}, line
            may = {role: mark == "+" for role, mark in zip(ROLES, marks, strict=True)}
            # An observer may do what is under /observe and what everybody may: no column could say more.
            may[Role.OBSERVER] = may[Role.PUBLIC] or any(word.startswith("/observe") for word in words)
            yield words[: -len(ROLES)], may


@pytest.fixture
def as_role(client_as: ClientAs, someone: tuple[int, int]) -> Callable[[Role], FlaskClient]:
    """A browser in which one role acts; a candidate's session and an observer are dummies."""
    staff, place = someone

    def make(role: Role) -> FlaskClient:
        if role is Role.PUBLIC:
            client = client_as()
        elif role in (Role.CANDIDATE, Role.OBSERVER):
            client = client_as(role, id=999_999)
        else:
            client = client_as(role, id=staff, organisation_id=place)
        client.set_cookie("synak_lang", "en")
        return client

    return make


def test_the_table_has_every_role_and_every_route(app: Flask) -> None:
    assert {*ROLES, Role.OBSERVER, Role.STAFF} == set(Role) - {Role.SYSTEM}  # the system itself sends no requests
    there = {(rule.endpoint, method, rule.rule) for rule in app.url_map.iter_rules()
             for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    listed = [tuple(words) for words, _may in rows(TABLE)]
    assert sorted(there) == sorted(listed)


@pytest.mark.parametrize("role", [*ROLES, Role.OBSERVER])
@pytest.mark.parametrize("accept", [JSON, HTML], ids=["json", "html"])
def test_each_route_admits_whom_the_table_says(
    as_role: Callable[[Role], FlaskClient], role: Role, accept: str
) -> None:
    client = as_role(role)
    for (_endpoint, method, rule), may in rows(TABLE):
        reply = send(client, method, rule, accept)
        what = f"{role} {method} {rule}: {reply.status_code} {reply.text[:300]}"
        if may[role]:
            assert reply.status_code < 500, what
            assert code_of(reply) not in ("not_signed_in", "not_allowed"), what
            assert reply.status_code != 401, what
            assert "next=" not in reply.headers.get("Location", ""), what
        else:
            assert is_refused(reply, role, method, rule, accept), what


def send(client: FlaskClient, method: str, rule: str, accept: str) -> TestResponse:
    """The request with dummy ids, as a script or as a form would send it."""
    path = rule.replace("<path:filename>", "synak.svg").replace("<kind>", "attendance").replace("<name>", "0" * 64)
    path = path.replace("<act>", "0" * 32).replace("<ref>", "0" * 32)
    path = re.sub(r"<int:\w+>", "999999", path)
    assert "<" not in path
    body: dict[str, Any] = {} if method == "GET" else {"json": {}} if accept == JSON else {"data": {}}
    return client.open(path, method=method, headers={"Accept": accept}, buffered=True, **body)


def is_refused(reply: TestResponse, role: Role, method: str, rule: str, accept: str) -> bool:
    """Strangers are asked to sign in (a page of staff leads them there), all others told that they may not."""
    if role is not Role.PUBLIC:
        return reply.status_code == 403 and code_of(reply) == "not_allowed"
    if accept == HTML and method == "GET" and rule.startswith("/observe"):
        return reply.status_code == 302 and reply.headers["Location"] == "/observe"
    if accept == HTML and method == "GET" and not rule.startswith("/exam"):
        return reply.status_code == 302 and reply.headers["Location"].startswith("/sign-in?next=/")
    return reply.status_code == 401 and code_of(reply) == "not_signed_in"


def code_of(reply: TestResponse) -> str:
    """The code of an error, known by its sentence where a page says it."""
    if reply.mimetype == "application/json":
        body = reply.get_json()
        return str(body["error"]["code"]) if isinstance(body, dict) and "error" in body else ""
    if "You are not signed in, or were signed out." in reply.text:
        return "not_signed_in"
    return "not_allowed" if "Your role does not allow this." in reply.text else ""


def test_a_view_asked_by_head_or_options_does_no_more(as_role: Callable[[Role], FlaskClient]) -> None:
    client = as_role(Role.PUBLIC)
    for (_endpoint, method, rule), may in rows(TABLE):
        path = rule.replace("<path:filename>", "synak.svg").replace("<int:", "<")
        if "<" in path:
            continue
        asked = client.options(path)
        assert asked.status_code == 200
        assert asked.data == b""
        if method == "GET" and not may[Role.PUBLIC]:
            assert client.head(path).status_code == 401


def test_sockets_admit_whom_the_table_says(app: Flask, platform: Platform) -> None:
    io, now = app.extensions["socketio"], SystemClock().now()
    listed = {words[0] for words, _may in rows(SOCKETS)}
    assert set(io.server.namespace_handlers) | {"/"} == listed
    for (namespace, _event), may in rows(SOCKETS):
        for role in [*ROLES, Role.OBSERVER]:
            ticket = make_ticket(platform.vault, "room:1", role, now)
            client = io.test_client(app, namespace=namespace, auth={"ticket": ticket})
            assert client.is_connected(namespace) == may[role], (namespace, role)
        assert not io.test_client(app, namespace=namespace).is_connected(namespace)


def test_sockets_have_no_ear_for_clients(app: Flask, platform: Platform) -> None:
    io = app.extensions["socketio"]
    assert io.server.handlers == {}
    assert not [name for name in dir(ConsoleNamespace) if name.startswith("on_") and name != "on_connect"]
    now = SystemClock().now()

    def listener(topic: str) -> Any:
        auth = {"ticket": make_ticket(platform.vault, topic, Role.PROCTOR, now)}
        return io.test_client(app, namespace="/console", auth=auth)

    loud, other = listener("room:1"), listener("room:1")
    for name in ("events", "seen", "pulse", "message", "join", "enter_room", "connect", "disconnect", "on_connect"):
        loud.emit(name, {"topic": "room:2", "events": [{"v": 99}]}, namespace="/console")
    assert loud.is_connected("/console")
    assert loud.get_received("/console") == other.get_received("/console") == []
    io.emit("events", {"v": 1}, to="room:2", namespace="/console")
    assert loud.get_received("/console") == []
