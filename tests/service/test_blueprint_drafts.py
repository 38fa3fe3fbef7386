"""Drafts of blueprints: written, contradicted in words, proposed, signed by the commission of the year, approved."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from irt.exposure import Control
from itembank.blueprints.drafts import commission, queries, service, words
from itembank.blueprints.drafts.contradictions import contradictions
from itembank.blueprints.drafts.law import cuts, in_force, subjects
from itembank.blueprints.drafts.models import BlueprintDraft
from itembank.blueprints.drafts.reading import kept, read, typed
from itembank.blueprints.limits import EarlyEnd, PassageUse, TimeLimit
from itembank.blueprints.models import Blueprint
from itembank.blueprints.service import NewBlueprint, publish_blueprint
from itembank.blueprints.spec import Spec
from server.accounts import signing
from server.core.errors import Denied, Invalid, Refused, Stale
from server.core.roles import Actor, Role
from server.core.work import Platform, Work, open_work
from tests.factories import itembank as factory
from tests.factories.accounts import a_staff_member, an_organisation

YEAR = 2026
PIN = "730418"
SPECS = (
    factory.spec(),
    factory.spec(method="eligible", written=2, exposure=Control("eligibility", 0.25)),
    factory.spec(early_end=EarlyEnd(4, 0.4, 0.9, (50.0, 62.5))),
    factory.spec(passages=PassageUse((2, 3), (0, 2)), time=TimeLimit(2700.0, 0.05, 0.95)),
)


class House:
    """The office, three members of the commission with PINs, and the one who writes."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        with open_work(platform, Actor(frozenset({Role.SYSTEM}))) as work:
            self.place = an_organisation(work, "ntc").id
            self.members = [
                a_staff_member(work, Role.COMMISSION, organisation_id=self.place, login=f"m{n}", name=f"Member {n}")
                for n in range(3)
            ]
            for each in self.members:
                signing.set_pin(work, each, PIN)
            self.items = factory.calibrated_items(work)

    def work(self, *roles: Role) -> AbstractContextManager[Work]:
        return open_work(self.platform, Actor(frozenset(roles), None, "Tester", self.place))

    def name(self, *, year: int = YEAR, n: int = 3) -> None:
        with self.work(Role.OFFICE) as work:
            commission.name_commission(work, year, "17-a", self.members[:n], self.members[0])

    def begin(self, fields: dict[str, str] | None = None) -> int:
        with self.work(Role.COMMISSION) as work:
            draft_id = service.begin_draft(work, "geography", YEAR)
            row = work.db.get_one(BlueprintDraft, draft_id)
            service.save_draft(work, draft_id, row.revision, typed(factory.spec()) if fields is None else fields)
            return draft_id

    def row(self, draft_id: int) -> BlueprintDraft:
        with self.work(Role.COMMISSION) as work:
            return work.db.get_one(BlueprintDraft, draft_id)

    def propose(self, draft_id: int) -> None:
        with self.work(Role.COMMISSION) as work:
            service.propose_draft(work, draft_id, work.db.get_one(BlueprintDraft, draft_id).revision, None)

    def sign(self, draft_id: int, staff_id: int, pin: str = PIN) -> object:
        with self.work(Role.COMMISSION) as work:
            attempt = signing.check_pin(work, staff_id, pin)
            shown = service.proposed(work, draft_id)[1].digest
            return service.sign_draft(work, draft_id, shown, attempt)

    def approve(self, draft_id: int) -> int:
        with self.work(Role.COMMISSION) as work:
            return service.approve_draft(work, draft_id, work.db.get_one(BlueprintDraft, draft_id).revision)


@pytest.fixture
def house(platform: Platform) -> House:
    return House(platform)


@pytest.mark.parametrize("spec", SPECS)
def test_what_is_typed_reads_as_the_spec_it_was_made_of(spec: Spec) -> None:
    found = read(typed(spec))
    assert found.problems == ()
    assert found.spec == spec


Change = Callable[[dict[str, str]], object]


@pytest.mark.parametrize(
    ("change", "place", "kind"),
    [
        (lambda f: f.pop("length"), "length", "missing"),
        (lambda f: f.update(length="twelve"), "length", "number"),
        (lambda f: f.update(length="0"), "length", "number"),
        (lambda f: f.update(area_0_code="North!"), "area_0_code", "code"),
        (lambda f: f.update(area_1_code="north"), "area_1_code", "twice"),
        (lambda f: f.pop("area_0_ky"), "area_0_ky", "title"),
        (lambda f: f.update(exposure="eligibility"), "r_max", "missing"),
        (lambda f: f.update(exposure="eligibility", r_max="101"), "r_max", "number"),
        (lambda f: f.update(exposure="luck"), "exposure", "choice"),
        (lambda f: f.update(early_percents="50; x"), "early_percents", "percents"),
        (lambda f: f.update(time_min="-3"), "time_min", "number"),
        (lambda f: f.update(passage_least="2"), "passage_most", "missing"),
    ],
)
def test_what_cannot_be_read_is_named_at_its_field(change: Change, place: str, kind: str) -> None:
    fields = typed(factory.spec())
    change(fields)
    found = read(fields)
    assert found.spec is None
    assert (place, kind) in [(each.place, each.kind) for each in found.problems]


@pytest.mark.parametrize(
    ("change", "place", "kind", "said"),
    [
        ({"tier_basic_least": "5"}, "tier_basic_least", "tiers_over", "at least 9 items; a test has 6"),
        ({"tier_basic_least": "5"}, "tier_basic_least", "bounds", "at least 5 and at most 2 contradict"),
        ({"tier_raised_most": "2", "tier_basic_most": "1", "tier_basic_least": "1"}, "tier_basic_least", "tiers_under",
         "at most 5 items; a test has 6"),
        ({"area_0_least": "4", "area_1_least": "3"}, "area_0_least", "areas_over", "at least 7 items; a test has 6"),
        ({"area_0_most": "2", "area_1_most": "3"}, "area_0_least", "areas_under", "at most 5 items; a test has 6"),
        ({"area_1_standard": ""}, "area_1_standard", "standard_missing", "state standard"),
        ({"tier_raised_least": "0", "tier_basic_most": "4", "tier_raised_most": "2"}, "tier_raised_least", "tier_short",
         "The law asks for items of this tier"),
        ({"early_minimum": "9", "early_se": "0.3"}, "early_minimum", "early_minimum", "after more items than it has"),
        ({"early_minimum": "4"}, "early_se", "early_end", "a standard error, or cuts"),
        ({"method": "eligible", "time_min": "30"}, "method", "method", "shadow tests"),
        ({"passage_least": "3", "passage_most": "2"}, "passage_least", "passages", "No test of 6 items"),
    ],
)  # fmt: skip
def test_contradictions_are_said_in_words(change: dict[str, str], place: str, kind: str, said: str) -> None:
    fields = {**typed(factory.spec()), **change}
    reading = read({name: text for name, text in fields.items() if text})
    assert reading.spec is not None
    found = contradictions(reading.spec, in_force(), reading.rows)
    assert (place, kind) in [(each.place, each.kind) for each in found]
    names = words.names_of(reading.spec, fields)
    assert any(said in words.sentence(each, names) for each in found)


@pytest.mark.parametrize("spec", [*SPECS, *(replace(SPECS[0], length=n) for n in range(1, 9)),
                                  replace(SPECS[0], tiers={}), replace(SPECS[0], standards={})])  # fmt: skip
def test_nothing_is_contradicted_exactly_where_it_would_be_published(work: Work, spec: Spec) -> None:
    rows = {area: n for n, area in enumerate(spec.areas)}
    found = contradictions(spec, in_force(), rows)
    new = NewBlueprint(subject="geography", spec=spec, approvals=factory.APPROVALS, commission_year=YEAR,
                               order_no="1")  # fmt: skip
    if not found:
        assert publish_blueprint(work, new, in_force())
    else:
        with pytest.raises((Invalid, Refused)):
            publish_blueprint(work, new, in_force())


def test_a_draft_begins_as_the_last_blueprint_was_and_only_once(house: House) -> None:
    with house.work(Role.COMMISSION) as work:
        factory.blueprint(work, length=6, reference_length=9)
        draft_id = service.begin_draft(work, "geography", YEAR)
        assert service.begin_draft(work, "geography", YEAR) == draft_id
        assert service.begin_draft(work, "geography", YEAR + 1) != draft_id
        page = queries.draft_page(work, draft_id, None)
    assert page.check.spec == factory.spec(reference_length=9)
    assert page.check.problems == ()
    assert page.check.supply is not None
    assert page.check.supply.is_feasible
    assert page.check.supply.counts["north"] == {"basic": 3, "medium": 3, "raised": 3}


def test_who_saves_an_older_text_overwrites_nothing(house: House) -> None:
    draft_id = house.begin()
    row = house.row(draft_id)
    with house.work(Role.COMMISSION) as work:
        service.save_draft(work, draft_id, row.revision, {"length": "7"})
    with pytest.raises(Stale, match="draft_changed"), house.work(Role.COMMISSION) as work:
        service.save_draft(work, draft_id, row.revision - 1, {"length": "8"})
    assert house.row(draft_id).fields == {"length": "7"}


def test_only_known_fields_are_kept() -> None:
    assert kept({"length": "  6 ", "evil": "x", "written": "", "area_99_code": "x"}) == {"length": "6"}


def test_what_the_items_lack_is_said(house: House) -> None:
    draft_id = house.begin({**typed(factory.spec()), "length": "24", **{f"tier_{t}_{e}": "8" for t in factory.PLACES
                                                                      for e in ("least", "most")},
                            "area_0_most": "24", "area_1_most": "24"})  # fmt: skip
    with house.work(Role.COMMISSION) as work:
        page = queries.draft_page(work, draft_id, house.items)
    assert page.check.problems == ()
    assert page.check.supply is not None
    assert not page.check.supply.is_feasible
    said = [words.sentence(each, words.tier_names()) for each in page.check.supply.problems]
    assert any("6 items too few" in each for each in said) or any("2 items too few: Basic" in each for each in said)
    assert "give no lawful test" in words.verdict(page.check)


def test_the_commission_signs_and_the_blueprint_is_frozen(house: House) -> None:
    house.name()
    draft_id = house.begin()
    house.propose(draft_id)
    for member in house.members:
        assert house.sign(draft_id, member) is None
    blueprint_id = house.approve(draft_id)
    with house.work(Role.COMMISSION) as work:
        blueprint = work.db.get_one(Blueprint, blueprint_id)
        assert Spec.from_json(blueprint.spec) == factory.spec()
        assert blueprint.approved_by == "Member 0, Member 1, Member 2"
        assert blueprint.approved_order == "17-a"
        assert blueprint.spec["approval"]["clause"] == "DC-5"
    assert (house.row(draft_id).state, house.row(draft_id).blueprint_id) == ("approved", blueprint_id)


@pytest.mark.parametrize(("signers", "code"), [((0, 1), "approvals_too_few"), ((), "approvals_too_few")])
def test_without_enough_members_nothing_is_approved(house: House, signers: tuple[int, ...], code: str) -> None:
    house.name()
    draft_id = house.begin()
    house.propose(draft_id)
    for n in signers:
        house.sign(draft_id, house.members[n])
    with pytest.raises(Refused) as refusal:
        house.approve(draft_id)
    assert (refusal.value.code, refusal.value.ruling.clause) == (code, "DC-5")
    assert house.row(draft_id).state == "proposed"


def test_a_wrong_pin_and_a_stranger_do_not_sign(house: House) -> None:
    house.name(n=2)
    draft_id = house.begin()
    house.propose(draft_id)
    refused = house.sign(draft_id, house.members[0], "000001")
    assert isinstance(refused, Denied)
    assert refused.code == "pin_wrong"
    with pytest.raises(Denied, match="commission_not_member"):
        house.sign(draft_id, house.members[2])
    assert house.sign(draft_id, house.members[0]) is None
    again = house.sign(draft_id, house.members[0])
    assert isinstance(again, Invalid)
    assert again.code == "signed_already"


def test_signatures_bind_the_text_as_it_was(house: House) -> None:
    house.name()
    draft_id = house.begin()
    house.propose(draft_id)
    for member in house.members:
        house.sign(draft_id, member)
    with house.work(Role.COMMISSION) as work:
        service.recall_draft(work, draft_id, work.db.get_one(BlueprintDraft, draft_id).revision, "too long")
        row = work.db.get_one(BlueprintDraft, draft_id)
        service.save_draft(work, draft_id, row.revision, typed(factory.spec(reference_length=9)))
    house.propose(draft_id)
    with pytest.raises(Refused):
        house.approve(draft_id)


def test_a_proposed_draft_stands_still_and_an_unsound_one_is_not_proposed(house: House) -> None:
    house.name()
    draft_id = house.begin({"length": "3"})
    with pytest.raises(Invalid, match="draft_unsound"):
        house.propose(draft_id)
    with house.work(Role.COMMISSION) as work:
        row = work.db.get_one(BlueprintDraft, draft_id)
        service.save_draft(work, draft_id, row.revision, typed(factory.spec()))
    house.propose(draft_id)
    with pytest.raises(Stale, match="not_in_state"), house.work(Role.COMMISSION) as work:
        service.save_draft(work, draft_id, work.db.get_one(BlueprintDraft, draft_id).revision, {})


def test_without_a_commission_nothing_is_proposed(house: House) -> None:
    draft_id = house.begin()
    with pytest.raises(Invalid, match="commission_not_named"):
        house.propose(draft_id)
    house.name(year=YEAR - 1)
    with pytest.raises(Invalid, match="commission_not_named"):
        house.propose(draft_id)


def test_a_commission_needs_members_of_the_role_and_a_chair_among_them(house: House) -> None:
    stranger = house.members[0] + 4711
    for members, chair, code in (
        ([], house.members[0], "content_commission_incomplete"),
        (house.members[:2], house.members[2], "content_commission_incomplete"),
        ([stranger], stranger, "commission_member_unknown"),
    ):
        with pytest.raises(Invalid, match=code), house.work(Role.OFFICE) as work:
            commission.name_commission(work, YEAR, "1", members, chair)


def test_the_later_order_of_a_year_counts(house: House) -> None:
    house.name()
    house.name(n=2)
    with house.work(Role.OFFICE) as work:
        found = commission.commission_of(work, YEAR)
    assert found is not None
    assert len(found.members) == 2


def test_a_discarded_draft_is_gone_from_the_list(house: House) -> None:
    draft_id = house.begin()
    with house.work(Role.COMMISSION) as work:
        service.discard_draft(work, draft_id, work.db.get_one(BlueprintDraft, draft_id).revision, "not needed")
        assert queries.drafts(work) == []


def test_both_specs_stand_side_by_side() -> None:
    lines = {line.name: line for line in words.compared(SPECS[0], SPECS[1])}
    assert (lines["Written tasks"].before, lines["Written tasks"].now) == ("0", "2")
    assert lines["Written tasks"].is_changed
    assert not lines["Items in a test"].is_changed
    assert lines["Tier: Basic"].now == "exactly 2"
    assert all(line.before == "–" for line in words.compared(None, SPECS[0]))


def test_the_law_names_subjects_and_cuts() -> None:
    assert subjects() == ("mathematics", "history", "kyrgyz", "russian")
    assert [cut.percent for cut in cuts()] == [50, 60, 75]
