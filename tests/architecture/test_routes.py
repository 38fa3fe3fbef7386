"""What the application is made of: guarded views, events that the client knows, and no view by another way."""

from __future__ import annotations

import re

import pytest
from flask import Blueprint, Flask

from server.core.roles import Role
from server.core.work import Platform
from server.edge.guard import allow, allowed_roles
from server.jobs import wire
from server.web import features
from server.web.app import create_app, require_guards
from server.web.config import Config


def with_view(config: Config, platform: Platform, monkeypatch: pytest.MonkeyPatch, *, is_guarded: bool) -> Flask:
    """The application with one more feature."""

    def view() -> str:
        return "open to all"

    more = Blueprint("more", __name__)
    more.add_url_rule("/more", view_func=allow(Role.ADMIN)(view) if is_guarded else view, endpoint="view")
    known = features.blueprints()
    monkeypatch.setattr(features, "blueprints", lambda: (*known, more))
    return create_app(config, platform)


def test_create_app_refuses_a_view_that_nobody_guarded(
    config: Config, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RuntimeError, match=r"view more\.view has no allow"):
        with_view(config, platform, monkeypatch, is_guarded=False)


def test_create_app_takes_one_that_is_guarded(
    config: Config, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = with_view(config, platform, monkeypatch, is_guarded=True)
    assert app.test_client().get("/more", headers={"Accept": "application/json"}).status_code == 401


def test_a_guard_names_somebody() -> None:
    with pytest.raises(ValueError, match="needs a role"):
        allow()


def test_every_view_is_guarded(app: Flask) -> None:
    require_guards(app)
    assert [name for name, view in app.view_functions.items() if name != "static" and not allowed_roles(view)] == []
    assert not any(Role.SYSTEM in allowed_roles(view) for view in app.view_functions.values())


def test_each_address_belongs_to_one_view(app: Flask) -> None:
    seen: dict[tuple[str, str], str] = {}
    for rule in app.url_map.iter_rules():
        shape = re.sub(r"<[^>]+>", "<>", rule.rule)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            assert (method, shape) not in seen, (shape, seen[method, shape], rule.endpoint)
            seen[method, shape] = rule.endpoint


def test_what_changes_something_is_a_post(app: Flask) -> None:
    methods = {method for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert methods == {"GET", "HEAD", "OPTIONS", "POST"}


def test_the_client_knows_every_event() -> None:
    text = wire.TARGET.read_text("utf-8")
    assert wire.EVENTS
    assert [name for name in wire.EVENTS if f'"{name}"' not in text] == []
