"""create_app: the web process. It binds features to Flask and refuses a view that nobody guarded."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from itembank.items import words as bank_words
from proctor.archive.opening import open_store
from server import grading
from server.core import i18n
from server.core.regulation import paragraph
from server.core.work import Platform
from server.edge import csrf, ids
from server.edge.guard import actor, allowed_roles
from server.edge.lanes import install_lanes
from server.edge.tasks.kinds import KINDS
from server.web import errors, features, identity, realtime, tasks
from server.web.background import Background
from server.web.config import Config
from server.web.messages import sentence

DIST = Path(__file__).parent / "static" / "dist"
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), usb=(), payment=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

# The desk takes a picture and reads slips: the console's page alone may ask for a camera.
CAMERA_PAGE = "monitoring.console"
CAMERA_POLICY = SECURITY_HEADERS["Permissions-Policy"].replace("camera=()", "camera=(self)")


def create_app(config: Config, platform: Platform | None = None) -> Flask:
    """The application, ready to serve; with a background if the configuration asks for one."""
    app = Flask("synak", root_path=str(Path(__file__).parent), static_folder="static")
    app.config.update(MAX_CONTENT_LENGTH=8 * 1024 * 1024, SEND_FILE_MAX_AGE_DEFAULT=31_536_000)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    if config.proxies:  # the address alone: what this site is called stands in the configuration
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
    background = Background()
    base = platform or config.make_platform()
    app.extensions["synak"] = Platform(base.database, base.clock, base.vault, background.announce)
    app.extensions["synak_config"] = config
    app.extensions["synak_archive"] = open_store(config.archive) if config.archive else None
    app.url_map.converters["int"] = ids.RowId
    KINDS.update(tasks.EVERY)
    for blueprint in features.blueprints():
        app.register_blueprint(blueprint)
    _before_and_after(app, config)
    _template_globals(app, config)
    errors.install(app)
    line = realtime.attach(app, config, base)
    app.extensions["synak_realtime_origin"] = config.realtime_origin
    app.extensions["synak_result_of"] = grading.result_of
    app.extensions["synak_emit"] = background.emit
    require_guards(app)
    if config.is_background:
        app.extensions["synak_gathered"] = background.gathered
        background.start(app.extensions["synak"], line)
    app.extensions["synak_background"] = background
    return app


def require_guards(app: Flask) -> None:
    """Every view but static files says who may call it; a forgotten one stops the start."""
    for endpoint, view in app.view_functions.items():
        if endpoint != "static" and not allowed_roles(view):
            raise RuntimeError(f"view {endpoint} has no allow()")


def _headers(config: Config) -> dict[str, str]:
    """The headers of every answer; where sockets live apart, pages may connect there too."""
    headers = dict(SECURITY_HEADERS)
    if config.realtime_origin:
        socket_origin = "ws" + config.realtime_origin.removeprefix("http")
        headers["Content-Security-Policy"] += f"; connect-src 'self' {socket_origin}"
    if config.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def _before_and_after(app: Flask, config: Config) -> None:
    headers = _headers(config)
    install_lanes(app)

    @app.before_request
    def _who_and_how() -> None:
        i18n.set_language(request.cookies.get("synak_lang", i18n.DEFAULT))
        g.actor = identity.actor_of(request)
        if request.endpoint != "static":
            csrf.protect()
            ids.refuse_nul()

    @app.after_request
    def _protect(response: Response) -> Response:
        response.headers.extend(headers)
        if request.endpoint == CAMERA_PAGE and response.status_code == 200:
            response.headers["Permissions-Policy"] = CAMERA_POLICY
        if request.endpoint != "static" or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"
        return csrf.remember(response, secure=config.is_secure)


def _template_globals(app: Flask, config: Config) -> None:
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([app.jinja_loader, govuk])  # type: ignore[list-item]
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        i18n._, i18n.ngettext, newstyle=False
    )
    app.jinja_env.filters["paragraph"] = paragraph
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        _=i18n._, csrf=csrf.token, language=i18n.language, languages=i18n.LANGUAGES, tongues=i18n.TONGUES, actor=actor,
        bank_words=bank_words, local_time=i18n.local_time, number=i18n.number, bundle=bundle, catalogue=catalogue,
        is_demonstration=config.is_demonstration, sentence=sentence,
        has_endpoint=lambda name: name in app.view_functions,
        may_open=lambda name: name in app.view_functions and actor().may(*allowed_roles(app.view_functions[name])),
    )  # fmt: skip
    pieces = app.jinja_env.get_template("pieces.html").module
    app.jinja_env.globals.update({name: getattr(pieces, name) for name in ("csrf_field", "fact", "heads", "pager")})


@lru_cache(maxsize=1)
def _manifest() -> dict[str, Any]:
    path = DIST / "manifest.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}


def bundle(name: str) -> dict[str, list[str]]:
    """The hashed files of one page of client_web, dependencies first; empty lists before it is built."""
    found: dict[str, list[str]] = {"scripts": [], "styles": [], "preloads": []}
    for key in (f"src/{name}/main.tsx", f"src/{name}/main.ts"):
        if key in _manifest():
            _collect(key, found, set())
            found["scripts"] = [_manifest()[key]["file"]]
    return found


def catalogue(language: str) -> list[str]:
    """The file of a language's sentences, to be fetched with the scripts that will ask for it; English needs none."""
    chunk = _manifest().get(f"src/locale/{language}.json")
    return [chunk["file"]] if chunk else []


def _collect(key: str, found: dict[str, list[str]], seen: set[str]) -> None:
    seen.add(key)
    chunk = _manifest().get(key, {})
    for part in chunk.get("imports", []):
        if part not in seen:
            _collect(part, found, seen)
            found["preloads"].append(_manifest()[part]["file"])
    found["styles"] += [css for css in chunk.get("css", []) if css not in found["styles"]]
