"""Safe Exam Browser's pages: where it starts and ends, what it is diagnosed by, and the centre's configuration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.core.errors import Invalid, NotFound
from server.core.i18n import language
from server.core.roles import Hashes, Role
from server.core.work import Work
from server.delivery import wire
from server.delivery.queries import SittingRef, sittings_of_centre
from server.delivery.seb import queries
from server.delivery.seb.check import fault_of, request_hash
from server.delivery.seb.compare import Difference, Opened, differences, open_file
from server.delivery.seb.config_key import read_plist
from server.delivery.seb.container import pack_password, pack_plain
from server.delivery.seb.models import SebConfiguration
from server.delivery.seb.nonces import is_own, make_nonce, nonce_of, page_url
from server.delivery.service import browsers
from server.edge import csrf
from server.edge.guard import actor, allow
from server.edge.hashes import hashes_of, origin
from server.edge.work import platform, reading, unit_of_work

bp = Blueprint("seb", __name__, template_folder="../templates")
CENTRE = "/centre/sittings/<int:sitting_id>/seb"
MIME = "application/seb"


@dataclass(frozen=True)
class Verdict:
    """What a sitting would say to the browser that asks; `fault` is None where it is right.

    `expected` is the hash for this one address: it opens no other."""

    title: str
    fault: str | None
    expected: str


@dataclass(frozen=True)
class Found:
    """What a file is: this sitting's, an older one of it, another sitting's, or none of ours.

    `odd` names a setting that browsers hash differently, `sitting` the other one if it is the centre's own."""

    kind: Literal["same", "older", "elsewhere", "other"]
    revision: int | None
    odd: str | None
    sitting: SittingRef | None = None
    changed: Sequence[Difference] = ()
    added: Sequence[str] = ()


@bp.get("/exam/start")
@allow(Role.PUBLIC)
def start() -> ResponseReturnValue:
    """Where Safe Exam Browser begins: the candidate's page under an address of its own."""
    platform_ = platform()
    nonce = make_nonce(platform_.vault, csrf.token(), platform_.clock.now())
    return redirect(url_for("delivery.page", seb=nonce), 303)


@bp.get("/exam/quit")
@allow(Role.PUBLIC)
def leave() -> ResponseReturnValue:
    """Safe Exam Browser closes when it comes here; other browsers show why."""
    return render_template("delivery/seb_quit.html")


@bp.route("/exam/seb", methods=["GET", "POST"])
@allow(Role.PUBLIC)
def diagnose() -> ResponseReturnValue:
    """What this browser sends, and whether it is what the sittings expect; no key is shown."""
    headers, url = hashes_of(request), origin() + url_for("seb.diagnose")
    page = None
    if request.method == "POST":
        asked = {name: request.form.get(name, "") for name in ("url", "config_key", "exam_key")}
        page = Hashes(asked["url"][:300], asked["config_key"][:64], asked["exam_key"][:64])
    with reading() as work:
        by_header = _verdicts(work, headers, url)
        by_page = _verdicts(work, page, url) if page else []
    return render_template(
        "delivery/seb.html", headers=headers, page=page, url=url, by_header=by_header, by_page=by_page,
        asked_origin=request.host_url.rstrip("/"), origin=origin(), version=request.form.get("version", "")[:120],
    )  # fmt: skip


@bp.get(CENTRE)
@allow(Role.CENTRE)
def configuration(sitting_id: int) -> ResponseReturnValue:
    """What the sitting expects of its browsers, the files for its computers, and who was refused here."""
    return _page(sitting_id)


@bp.post(CENTRE + "/file")
@allow(Role.CENTRE)
def compare(sitting_id: int) -> ResponseReturnValue:
    """Whether the file that stands on the computers is the sitting's, and if not, what differs; it is not kept."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return _page(sitting_id, fault="seb_file_missing"), 422
    try:
        opened = open_file(upload.read(), request.form.get("file_password", ""))
    except Invalid as error:
        return _page(sitting_id, fault=error.code), 422
    return _page(sitting_id, opened)


def _page(sitting_id: int, opened: Opened | None = None, fault: str | None = None) -> str:
    with reading() as work:
        ref = _own_sitting(work, sitting_id)
        made = queries.configuration(work, sitting_id)
        keys = queries.exam_keys(work, made.id) if made else []
        password = queries.quit_password(work, sitting_id, made.revision) if made else ""
        failed = queries.failed_checks(work, sitting_id, actor().organisation_id or 0)
        found = _found(work, ref, made, opened) if opened and made else None
    return render_template(
        "delivery/seb_centre.html", sitting=ref, title=ref.titles[language()], made=made, keys=keys,
        password=password, failed=failed, origin=origin(), found=found, fault=fault,
    )  # fmt: skip


@bp.post(CENTRE)
@allow(Role.CENTRE)
def download(sitting_id: int) -> ResponseReturnValue:
    """The configuration as a file: in plain, or under the password of the form. The first one asked for makes it."""
    password = request.form.get("password", "")
    if not password.isascii():
        raise Invalid("seb_password_ascii")
    with unit_of_work() as work:
        if _own_sitting(work, sitting_id).seb_policy == "off":
            raise Invalid("seb_off")
        made = browsers.configure(work, sitting_id, origin())
        work.record("seb:downloaded", f"sitting:{sitting_id}", revision=made.revision)
        xml, revision = made.settings, made.revision
    body = pack_password(xml, password) if password else pack_plain(xml)
    reply = Response(body, mimetype=MIME)
    reply.headers["Content-Disposition"] = f'attachment; filename="synak-{sitting_id}-{revision}.seb"'
    return reply


def page_of(told: wire.SebPage | None) -> browsers.Page | None:
    """What the script of our page read, and whether it was a page of ours for this browser."""
    if told is None:
        return None
    nonce = nonce_of(told.url)
    hashes = Hashes(told.url, told.config_key, told.exam_key)
    served = page_url(origin(), nonce) if _is_fresh(nonce) else None
    return browsers.Page(hashes, served, nonce, told.version)


def needs_new_page() -> bool:
    """True if the address asked for carries a nonce that counts no more, in a browser that will get another."""
    nonce = request.args.get("seb")
    if nonce is None or csrf.COOKIE not in request.cookies:
        return False
    if not _is_fresh(nonce):
        return True
    with reading() as work:
        return queries.is_nonce_used(work, nonce)


def _is_fresh(nonce: str) -> bool:
    platform_ = platform()
    return is_own(platform_.vault, csrf.token(), nonce, platform_.clock.now())


def _verdicts(work: Work, given: Hashes, url: str) -> list[Verdict]:
    return [
        Verdict(
            sitting.titles[language()],
            fault_of(given, url, made.config_key, [k.exam_key for k in keys]),
            request_hash(url, made.config_key),
        )
        for sitting, made, keys in queries.current_configurations(work)
    ]


def _found(work: Work, sitting: SittingRef, made: SebConfiguration, opened: Opened) -> Found:
    if opened.key == made.config_key:
        return Found("same", made.revision, opened.odd)
    known = queries.of_key(work, opened.key) if opened.key else None
    if known is not None and known.sitting_id == sitting.id:
        return Found("older", known.revision, opened.odd)
    rows = list(differences(opened.settings, read_plist(made.settings)))
    changed = [each for each in rows if each.own.mark != "missing"]
    added = [each.name for each in rows if each.own.mark == "missing"]
    if known is None:
        return Found("other", None, opened.odd, changed=changed, added=added)
    own = {each.id: each for each in sittings_of_centre(work, actor().organisation_id or 0)}.get(known.sitting_id)
    return Found("elsewhere", None, opened.odd, own, changed, added)


def _own_sitting(work: Work, sitting_id: int) -> SittingRef:
    """The sitting, if candidates are expected for it at the centre of who asks."""
    for each in sittings_of_centre(work, actor().organisation_id or 0):
        if each.id == sitting_id:
            return each
    raise NotFound("not_found")
