"""Lanes: how few of the exam's requests a process works on at once, since Python runs one thread at a time.

What candidates ask and scripts command takes one; pages, papers, uploads none, so that none holds up a test."""

from __future__ import annotations

import threading

from flask import Flask, g, request

# Three hundred that take turns at every query cost half as much again as a few that go straight through.
N_LANES = 2
PATIENCE_S = 10.0  # a lane keeps order, it guards nothing: rather than wait for ever, go without


def install_lanes(app: Flask) -> None:
    """The exam's requests go through in lanes; called before other hooks are, as those ask queries too."""
    lanes = threading.BoundedSemaphore(N_LANES)

    @app.before_request
    def _enter() -> None:
        if request.path.startswith("/exam") or request.is_json:
            request.get_data(cache=True)  # whole before the lane: nobody blocks one by sending slowly
            g.has_lane = lanes.acquire(timeout=PATIENCE_S)

    @app.teardown_request
    def _leave(_error: BaseException | None) -> None:
        if g.pop("has_lane", False):
            lanes.release()
