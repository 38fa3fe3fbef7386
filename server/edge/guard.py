"""Who may call a route: every view says so with `allow`, and create_app refuses one that does not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, redirect, request, url_for

from server.core.errors import Denied, NotSignedIn
from server.core.roles import PUBLIC, Actor, Role

View = TypeVar("View", bound=Callable[..., Any])


def actor() -> Actor:
    """Who makes this request."""
    return cast(Actor, g.get("actor", PUBLIC))


def allow(*roles: Role) -> Callable[[View], View]:
    """Only actors with one of `roles` pass; Role.PUBLIC lets everybody pass."""
    if not roles:
        raise ValueError("allow() needs a role")

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            present = actor()
            if Role.PUBLIC in roles or present.may(*roles):
                return view(*args, **kwargs)
            is_person = request.accept_mimetypes.accept_html and not request.is_json
            if not present.withheld.isdisjoint(roles):
                if request.method == "GET" and is_person:
                    return redirect(url_for("second_factor.prove", next=request.full_path.rstrip("?")))
                raise Denied("second_needed")
            if not present.may(Role.PUBLIC):
                raise Denied("not_allowed")
            if request.method == "GET" and is_person and Role.OBSERVER in roles:
                return redirect(url_for("observers.door"))
            if request.method == "GET" and is_person and Role.CANDIDATE not in roles:
                return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
            raise NotSignedIn("not_signed_in")

        guarded.__dict__["synak_allow"] = frozenset(roles)
        return cast(View, guarded)

    return decorate


def allowed_roles(view: Callable[..., Any]) -> frozenset[Role]:
    """The roles a view was declared for; empty if it was never guarded."""
    return cast("frozenset[Role]", getattr(view, "synak_allow", frozenset()))
