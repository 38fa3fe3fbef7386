"""A browser without a screen, for simulations and benchmarks: it speaks HTTP as the real pages do."""

from __future__ import annotations

import http.client
import json
import random
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

CSRF = re.compile(r'name="csrf" content="([0-9a-f]+)"')
RETRY_S = (0.2, 0.5, 1.0, 2.0, 4.0)


class Rejected(Exception):
    """The server said no: status and the sentence it gave."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code = status, code


@dataclass
class Browser:
    """One connection with its cookies and its CSRF token."""

    origin: str
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""
    _connection: http.client.HTTPConnection | None = None

    def open(self, path: str) -> str:
        """The page at `path`; its CSRF token is kept."""
        text = self._send("GET", path, None, {}).decode()
        found = CSRF.search(text)
        if found:
            self.csrf = found.group(1)
        return text

    def get(self, path: str) -> Any:
        """The JSON at `path`."""
        return json.loads(self._send("GET", path, None, {}))

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The JSON that answers a JSON post; None where there is nothing to say."""
        reply = self._send(
            "POST", path, json.dumps(body or {}).encode(), {"Content-Type": "application/json"}
        )
        return json.loads(reply) if reply else None

    def fetch(self, path: str, body: Mapping[str, Any]) -> bytes:
        """The file that answers a JSON post."""
        kind = {"Content-Type": "application/json", "Accept": "*/*"}
        return self._send("POST", path, json.dumps(body).encode(), kind)

    def submit(self, path: str, form: Mapping[str, str]) -> str:
        """The page that answers a posted form."""
        fields = urlencode({**form, "csrf_token": self.csrf}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
        return self._send("POST", path, fields, kind).decode()

    def close(self) -> None:
        """The connection is closed."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> bytes:
        everything = {
            "Accept": "application/json",
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            "X-CSRF-Token": self.csrf,
            **headers,
        }
        try:
            response, reply = self._exchange(method, path, body, everything)
        except (OSError, http.client.HTTPException):
            if method != "GET":  # a kept connection may have been closed meanwhile; only asking again is harmless
                raise
            response, reply = self._exchange(method, path, body, everything)
        for header in response.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
        if response.status >= 400:
            raise _rejected(response.status, reply)
        return reply

    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = self._open_connection()
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response, response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def _open_connection(self) -> http.client.HTTPConnection:
        if self._connection is None:
            at = urlsplit(self.origin)
            self._connection = http.client.HTTPConnection(at.hostname or "127.0.0.1", at.port, timeout=30)
            self._connection.connect()
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._connection


WORDS = ("тоо", "суу", "жол", "китеп", "мектеп", "шаар", "күн", "бала")


def any_answer(item: Mapping[str, Any], rng: random.Random) -> dict[str, Any]:
    """Some answer to an item, of the kind that its type asks for."""
    ids, kind = [option["id"] for option in item["options"]], item["type"]
    if kind == "choice" or (kind == "hotspot" and not item["is_several"]):
        return {"kind": "option", "option": rng.choice(ids)}
    if kind in ("multiple_choice", "hotspot"):
        return {"kind": "options", "options": rng.sample(ids, rng.randint(1, len(ids)))}
    if kind == "ordering":
        return {"kind": "order", "order": rng.sample(ids, len(ids))}
    if kind == "text_entry":
        return {"kind": "text", "text": str(rng.randint(100, 999))}
    if kind == "extended_text":
        return {"kind": "extended", "extended": " ".join(rng.choice(WORDS) for _ in range(rng.randint(20, 60)))}
    places = {slot["id"]: rng.choice(slot["option_ids"]) for slot in item["slots"]}
    return {"kind": "places", "places": places}


def _rejected(status: int, reply: bytes) -> Rejected:
    try:
        error = json.loads(reply)["error"]
        return Rejected(status, error["code"], error["message"])
    except (ValueError, KeyError, TypeError):
        return Rejected(status, "page", reply[:200].decode(errors="replace"))


@dataclass
class Candidate:
    """A simulated candidate: signs in, waits, answers one item after the other, exactly as the page would."""

    browser: Browser
    registration_no: str
    code: str
    state: dict[str, Any] = field(default_factory=dict)

    def sign_in(self) -> None:
        """The candidate's device holds the session."""
        self.browser.open("/exam")
        body = {"registration_no": self.registration_no, "code": self.code}
        self.state = self.browser.post("/exam/sign-in", body)

    def refresh(self) -> dict[str, Any]:
        """The state as the server now has it."""
        self.state = self.browser.get("/exam/state")
        return self.state

    def heartbeat(self) -> Any:
        """The page's sign of life."""
        return self.browser.post("/exam/heartbeat", {"unsent": 0})

    def begin_next(self) -> None:
        """The next subject runs."""
        pending = next(s for s in self.state["sections"] if s["state"] == "pending")
        self.state = self.browser.post("/exam/begin-section", {"section_id": pending["section_id"]})

    def hear(self, step: Mapping[str, Any]) -> bytes | None:
        """The recording beside the step, once; None where there is none, or no play is left."""
        recording = step["recording"]
        if recording is None or recording["used"] >= recording["plays"]:
            return None
        body = {"section_id": step["section_id"], "seq": step["seq"], "key": str(uuid4())}
        return self.browser.fetch("/exam/media/play", body)

    def answer(self, step: Mapping[str, Any], given: Mapping[str, Any] | None, spent_ms: int) -> Any:
        """The answer is acknowledged; sent again under the same key while the network fails."""
        body = {
            "section_id": step["section_id"], "seq": step["seq"], "key": str(uuid4()), "given": given,
            "spent_ms": spent_ms,
        }  # fmt: skip
        for wait in (*RETRY_S, None):
            try:
                return {**self.browser.post("/exam/answers", body), "key": body["key"]}
            except (OSError, http.client.HTTPException):
                if wait is None:
                    raise
                time.sleep(wait)
        raise AssertionError("unreachable")
