"""The bank's pages of pretests: plans and how far they are, a new plan with what comes of it, its sittings, its end."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from itembank.blueprints.drafts import law
from itembank.pretests.places import Layout
from itembank.pretests.queries import pool_choices
from itembank.pretests.rules import PretestRule
from itembank.pretests.service import CLAUSE, NewPlan, plan_pretest, stop_pretest
from server.core.errors import CatError
from server.core.roles import Role
from server.delivery.pretests import pages
from server.delivery.service import seeding
from server.edge.guard import allow
from server.edge.ids import row_id
from server.edge.work import reading, unit_of_work

bp = Blueprint("pretests", __name__, url_prefix="/bank/pretests", template_folder="../templates")
READERS = (Role.COMMISSION, Role.PSYCHOMETRICIAN)
DIGITS = 6  # of what is typed into a field
PLAN = "/<int:plan_id>"


@bp.get("")
@allow(*READERS)
def overview() -> ResponseReturnValue:
    """Every plan and how far it is."""
    with reading() as work:
        rows = pages.overview(work)
    return render_template("pretests/overview.html", rows=rows)


@bp.get("/new")
@allow(Role.PSYCHOMETRICIAN)
def form() -> ResponseReturnValue:
    """A new plan: first the pool, then its items, how many, where, and how many answers are needed."""
    return _form(None)


@bp.post("/preview")
@allow(Role.PSYCHOMETRICIAN)
def preview() -> ResponseReturnValue:
    """What comes of the plan as it is filled in; nothing is kept."""
    try:
        with reading() as work:
            found = pages.preview(work, _asked(), law.in_force(), _numbers("n"))
    except CatError as fault:
        return _form(fault), 422
    return _form(None, found)


@bp.post("")
@allow(Role.PSYCHOMETRICIAN)
def plan() -> ResponseReturnValue:
    """The plan stands, frozen; or the form with the reason why not."""
    try:
        with unit_of_work() as work:
            plan_id = plan_pretest(work, _asked(), law.in_force())
    except CatError as fault:
        return _form(fault), 422
    return redirect(url_for("pretests.show", plan_id=plan_id, done="planned"), 303)


@bp.get(PLAN)
@allow(*READERS)
def show(plan_id: int) -> ResponseReturnValue:
    """One plan: its items with their answers, and the sittings that try them out."""
    return _page(plan_id, None)


@bp.post(PLAN + "/sittings")
@allow(Role.PSYCHOMETRICIAN)
def take(plan_id: int) -> ResponseReturnValue:
    """A sitting tries the plan out, or no longer."""
    sitting_id, is_taken = request.form.get("sitting", 0, type=row_id), request.form.get("take") == "1"
    try:
        with unit_of_work() as work:
            seeding.take_plan(work, sitting_id, plan_id, is_taken=is_taken)
    except CatError as fault:
        return _page(plan_id, fault), 422
    return redirect(url_for("pretests.show", plan_id=plan_id, done="taken" if is_taken else "left"), 303)


@bp.post(PLAN + "/stop")
@allow(Role.PSYCHOMETRICIAN)
def stop(plan_id: int) -> ResponseReturnValue:
    """Nobody who begins from now on gets the item, or any of the plan."""
    position = request.form.get("position", None, type=row_id)
    try:
        with unit_of_work() as work:
            stop_pretest(work, plan_id, request.form.get("reason", ""), position)
    except CatError as fault:
        return _page(plan_id, fault), 422
    return redirect(url_for("pretests.show", plan_id=plan_id, done="stopped"), 303)


def _page(plan_id: int, fault: CatError | None) -> str:
    with reading() as work:
        page = pages.plan_page(work, plan_id)
    return render_template("pretests/plan.html", page=page, fault=fault, clause=CLAUSE)


def _form(fault: CatError | None, found: pages.Preview | None = None) -> str:
    pool_id = request.values.get("pool", 0, type=row_id)
    with reading() as work:
        choices = pool_choices(work)
        pool, rows = pages.waiting(work, pool_id) if any(each.id == pool_id for each in choices) else (None, [])
    rule = law.in_force().get(CLAUSE, PretestRule)
    return render_template(
        "pretests/new.html", choices=choices, pool=pool, rows=rows, rule=rule, fault=fault, preview=found,
        typed=request.form, ticked=set(request.form.getlist("item")), clause=law.in_force().label,
    )  # fmt: skip


def _asked() -> NewPlan:
    """The plan as the form says it; a field that holds no number is none that can be lawful."""
    ids = [_id(text) for text in request.form.getlist("item")]
    return NewPlan(
        pool_id=request.form.get("pool", 0, type=row_id), item_version_ids=ids, per_candidate=_whole("per_candidate"),
        layout=Layout(_whole("first"), _whole("last"), _whole("apart")), needed=_numbers("needed"),
        is_near="is_near" in request.form,
    )  # fmt: skip


def _numbers(name: str) -> dict[str, int]:
    """The numbers of a field there is one of in each language: `needed_ky`."""
    return {key.removeprefix(f"{name}_"): _whole(key) for key in request.form if key.startswith(f"{name}_")}


def _whole(name: str) -> int:
    text = request.form.get(name, "").replace(" ", "").replace("\u00a0", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else -1


def _id(text: str) -> int:
    try:
        return row_id(text)
    except ValueError:
        return 0
