"""Publishing and loading pools: proved feasible or refused, frozen, the same each time, journalled."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import select

from irt.assembly import Assembly, violations
from itembank import add_item, load_pool, publish_pool
from itembank.blueprints.service import NewPool
from itembank.calibrations.service import Parameters
from server.core import i18n
from server.core.errors import Invalid, NotFound, Refused
from server.core.journal import JournalEntry
from server.core.work import Work
from server.web.messages import sentence
from tests.factories import itembank as factory


def test_a_pool_loads_as_it_was_published(work: Work) -> None:
    pool_id = factory.published_pool(work)
    work.db.expire_all()
    pool = load_pool(work, pool_id)
    assert (pool.subject, pool.languages, pool.length, len(pool.items)) == ("geography", ("ky", "ru"), 6, 18)
    assert pool.codes == tuple(sorted(pool.codes))
    assert pool.reference.sum() == 12
    assert not pool.is_demonstration
    assert pool.rule.randomesque == 2
    for at, code in enumerate(pool.codes):
        assert pool.contents[at].view("ru")["stem"][0]["c"] == [f"Stem of {code} in ru"]
        correct = pool.keys[at]["correct"]
        options = {o["id"]: o["content"] for o in pool.contents[at].view("ky")["options"]}
        assert options[correct] == [f"key {code} ky"]
        assert pool.items.b[at] == pytest.approx(factory.PLACES[pool.tiers[at]] + 0.2 * int(code[-1]))


def test_tests_taken_from_a_pool_keep_the_blueprint(work: Work) -> None:
    pool = load_pool(work, factory.published_pool(work))
    assembly, taken, rng = Assembly.of(pool.constraints), [], np.random.default_rng(7)
    while len(taken) < pool.length:
        taken.append(int(rng.choice(np.flatnonzero(assembly.eligible(taken)))))
    assert violations(pool.constraints, taken) == ()


def test_publishing_and_opening_are_journalled(work: Work) -> None:
    pool_id = factory.published_pool(work)
    digest = load_pool(work, pool_id).digest
    work.close()
    entries = work.db.scalars(select(JournalEntry).where(JournalEntry.subject == f"pool:{pool_id}")).all()
    assert [entry.act for entry in entries] == ["pool_published", "pool_opened"]
    assert digest in entries[0].facts


def test_a_pool_that_cannot_serve_everybody_is_refused_with_what_is_missing(work: Work) -> None:
    run_id = factory.calibrated_items(work, per_cell=1)
    blueprint_id = factory.blueprint(
        work,
        length=9,
        tiers={"basic": (2, 2), "medium": (2, 2), "raised": (5, 5)},
        areas={"north": (3, 9), "south": (3, 9)},
    )
    new = NewPool(blueprint_id=blueprint_id, calibration_run_id=run_id, languages=("ky",))
    with pytest.raises(Refused) as caught:
        publish_pool(work, new, factory.edition())
    assert caught.value.code == "pool_infeasible"
    assert caught.value.ruling.clause == "DC-8"
    assert [["raised"], 3] in caught.value.facts["missing"]
    with i18n.speaking("ky"):
        assert "Жогорулатылган – 3" in sentence(caught.value.code, caught.value.facts, "DC-8")


def test_enemies_count_in_the_proof(work: Work) -> None:
    parameters = []
    for tier in factory.PLACES:
        for n in range(3):
            item = factory.new_item(f"GEO-{tier}-{n}", tier=tier, area=factory.AREAS[n % 2], family=tier)
            parameters.append(Parameters(add_item(work, item), 1.0, 0.0, 0.2))
    run_id, blueprint_id = factory.calibration(work, parameters), factory.blueprint(work)
    new = NewPool(blueprint_id=blueprint_id, calibration_run_id=run_id, languages=("ky", "ru"))
    with pytest.raises(Refused, match="pool_infeasible"):
        publish_pool(work, new, factory.edition())


def test_a_pool_has_no_item_without_one_of_its_languages(work: Work) -> None:
    run_id = factory.calibrated_items(work)
    odd = add_item(work, factory.new_item("GEO-odd", languages=("ky",)))
    parameters = [Parameters(odd, 1.0, 0.0, 0.2)]
    odd_run = factory.calibration(work, parameters)
    blueprint_id = factory.blueprint(work)
    for run, languages in ((odd_run, ("ky", "ru")), (run_id, ("ky", "ru", "en")), (run_id, ())):
        new = NewPool(blueprint_id=blueprint_id, calibration_run_id=run, languages=languages)
        with pytest.raises(Invalid, match="pool_language"):
            publish_pool(work, new, factory.edition())


def test_subject_and_area_must_fit(work: Work) -> None:
    run_id = factory.calibrated_items(work)
    other = factory.blueprint(work, "chemistry")
    narrow = factory.blueprint(work, areas={"north": (6, 6)})
    for blueprint_id, code in ((other, "pool_subject"), (narrow, "pool_area")):
        new = NewPool(blueprint_id=blueprint_id, calibration_run_id=run_id, languages=("ky",))
        with pytest.raises(Invalid, match=code):
            publish_pool(work, new, factory.edition())
    nowhere = NewPool(blueprint_id=0, calibration_run_id=run_id, languages=("ky",))
    with pytest.raises(NotFound):
        publish_pool(work, nowhere, factory.edition())


def test_an_unknown_pool_is_not_found(work: Work) -> None:
    with pytest.raises(NotFound):
        load_pool(work, 4711)


def test_the_same_bank_published_twice_has_the_same_form(work: Work) -> None:
    run_id, blueprint_id = factory.calibrated_items(work), factory.blueprint(work)
    new = NewPool(blueprint_id=blueprint_id, calibration_run_id=run_id, languages=("ky", "ru"))
    first, second = (load_pool(work, publish_pool(work, new, factory.edition())) for _ in range(2))
    assert first.digest == second.digest
    assert (first.reference == second.reference).all()
    assert first.id != second.id
