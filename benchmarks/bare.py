"""The yardstick of benchmarks.delivery: a bare handler that commits the same rows as an answer, and does nothing else.

No sign-in, no engine, no policy, no checks. It runs under the same server with the same settings."""

from __future__ import annotations

import itertools
import json
import os
import uuid
from datetime import UTC, datetime

from flask import Flask, request
from sqlalchemy import insert, select, update

from server.core.db import Database
from server.core.events import Outbox, Topic
from server.delivery.models import Response, Section, Step

database = Database(os.environ["SYNAK_DATABASE_URL"])
app = Flask("bare")
counter = itertools.count(100_000)
with database.reading() as db:
    USED_UP = [int(id_) for id_ in os.environ["SYNAK_BARE_SESSIONS"].split(",")]
    OF_THEM = select(Section.session_id, Section.id).where(Section.session_id.in_(USED_UP), Section.position == 1)
    SECTIONS = [tuple(row) for row in db.execute(OF_THEM)]
    ITEM_VERSION = db.execute(select(Step.item_version_id).limit(1)).scalar_one()
ADD_RESPONSE, ADD_STEP, ADD_EVENT = (insert(t.__table__) for t in (Response, Step, Outbox))
SECTION, TOPIC = Section.__table__, Topic.__table__
with database.writing() as db:
    db.execute(insert(TOPIC).values(name="bare", v=0))


@app.post("/answers")
def answers() -> dict[str, int]:
    """Five rows are in the database."""
    ask = json.loads(request.get_data())
    seq, now = next(counter), datetime.now(UTC)
    session_id, section_id = SECTIONS[seq % len(SECTIONS)]
    with database.writing() as db:
        connection = db.connection()
        connection.execute(
            ADD_RESPONSE,
            {"session_id": session_id, "section_id": section_id, "seq": seq, "key": str(uuid.uuid4()),
             "answer_sealed": bytes(60), "score": 1, "spent_ms": ask["spent_ms"], "received_at": now},
        )  # fmt: skip
        connection.execute(update(SECTION).where(SECTION.c.id == section_id).values(answered=seq % 20))
        connection.execute(
            ADD_STEP,
            {"session_id": session_id, "section_id": section_id, "seq": seq, "item_index": 1,
             "item_version_id": ITEM_VERSION, "option_order": "abcd", "is_reached": True,
             "trace": {"theta": 0.1234567890123, "se": 0.5, "information": 0.6, "n_eligible": 200,
                       "top": [1, 2, 3, 4, 5]}, "made_at": now},
        )  # fmt: skip
        connection.execute(update(TOPIC).where(TOPIC.c.name == "bare").values(v=seq))
        body = {"session_id": session_id, "progress": {"state": "running", "answered": 1, "length": 20}}
        connection.execute(
            ADD_EVENT, {"topic": "bare", "v": seq, "name": "session:changed", "body": body, "at": now,
                        "relayed_at": now}  # nobody listens to it
        )
    return {"saved_seq": seq}
