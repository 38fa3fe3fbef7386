"""The bank's pages: who may see them, what they show, and that no item's content is on them."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from irt.exposure import Control
from irt.models import Items, info
from itembank import add_item
from itembank.blueprints.limits import EarlyEnd, PassageUse, TimeLimit
from itembank.blueprints.plot import information_plot
from itembank.blueprints.service import NewPool, publish_pool
from itembank.calibrations.service import NewRun, Parameters, record_calibration
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, Work, open_work
from tests.factories import itembank as factory
from tests.factories.delivery import a_pool

ClientAs = Callable[..., FlaskClient]


def demonstration_pool(work: Work) -> int:
    """A pool with invented figures."""
    parameters = []
    for tier, b in factory.PLACES.items():
        for n in range(4):
            item = factory.new_item(f"GEO-{tier}-{n}", tier=tier, area=factory.AREAS[n % 2])
            parameters.append(Parameters(add_item(work, item), 1.0, b, 0.2))
    run = NewRun(
        subject="geography", source="demonstration", model="3PL", scale="theta", n_persons=0,
        parameters=parameters,
    )  # fmt: skip
    new = NewPool(
        blueprint_id=factory.blueprint(work),
        calibration_run_id=record_calibration(work, run),
        languages=("ky", "ru"),
    )
    return publish_pool(work, new, factory.edition())


@pytest.fixture
def pools(platform: Platform) -> tuple[int, int]:
    """An estimated and a demonstration pool."""
    with open_work(platform, SYSTEM) as work:
        return factory.published_pool(work, subject="history", prefix="HIS"), demonstration_pool(work)


def page(client: FlaskClient, path: str, language: str = "en") -> str:
    client.set_cookie("synak_lang", language)
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 200
    return response.get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.COMMISSION, Role.PSYCHOMETRICIAN])
def test_the_bank_shows_counts_blueprints_and_pools(
    client_as: ClientAs, pools: tuple[int, int], role: Role
) -> None:
    text = page(client_as(role, id=1), "/bank")
    assert "History of Kyrgyzstan" in text
    for pool_id in pools:
        assert f"/bank/pools/{pool_id}" in text
    assert "demonstration parameters" in text
    assert "Asanova" in text


@pytest.mark.parametrize("role", [Role.PROCTOR, Role.CENTRE, Role.OFFICE, Role.ADMIN, Role.AUDITOR])
def test_others_may_not_look(client_as: ClientAs, pools: tuple[int, int], role: Role) -> None:
    client = client_as(role, id=1)
    assert client.get("/bank").status_code == client.get(f"/bank/pools/{pools[0]}").status_code == 403


def test_an_unknown_pool_is_404(client_as: ClientAs) -> None:
    assert client_as(Role.COMMISSION, id=1).get("/bank/pools/4711").status_code == 404


@pytest.mark.parametrize("which", [0, 1])
def test_a_pool_page_shows_proof_digest_and_figures_but_no_content(
    client_as: ClientAs, pools: tuple[int, int], which: int
) -> None:
    text = page(client_as(Role.PSYCHOMETRICIAN, id=1), f"/bank/pools/{pools[which]}")
    assert re.search(r"<code>[0-9a-f]{64}</code>", text)
    assert "DC-8 of kg-distinction" in text
    assert "12 items" in text
    assert not re.search(r"Stem of|wrong\d|key [A-Z]{3}-", text)


def test_parameters_are_marked_wherever_they_are_shown(client_as: ClientAs, pools: tuple[int, int]) -> None:
    client = client_as(Role.PSYCHOMETRICIAN, id=1)
    estimated, invented = (page(client, f"/bank/pools/{pool_id}") for pool_id in pools)
    # The notice, the drawing's title and caption, its table, the heading and the caption of the parameters.
    assert invented.count("demonstration parameters") == 6
    assert "demonstration parameters" not in estimated
    assert "Estimated from the answers of 1200 people" in estimated


def test_the_drawing_is_named_described_and_repeated_as_a_table(
    client_as: ClientAs, pools: tuple[int, int]
) -> None:
    text = page(client_as(Role.COMMISSION, id=1), f"/bank/pools/{pools[0]}")
    svg = re.search(r"<svg.*?</svg>", text, re.DOTALL)
    assert svg is not None
    drawing = ElementTree.fromstring(svg[0])
    assert [drawing.find(tag) is not None for tag in ("title", "desc")] == [True, True]
    assert drawing.get("aria-labelledby") == "plot-title plot-desc"
    assert len([path for path in drawing.iter() if path.get("stroke-width") == "2"]) == 4  # and in the legend
    assert "style=" not in text
    assert len(re.findall(r'<th scope="row"[^>]*>−?\d\.\d</th>', text)) == 17


@pytest.mark.parametrize("language", ["ky", "ru", "en"])
def test_the_pages_render_in_every_language(
    client_as: ClientAs, pools: tuple[int, int], language: str
) -> None:
    client = client_as(Role.COMMISSION, id=1)
    for path in ("/bank", f"/bank/pools/{pools[0]}"):
        assert f'<html lang="{language}"' in page(client, path, language)


def test_an_empty_bank_says_so(client_as: ClientAs) -> None:
    assert "The bank is empty" in page(client_as(Role.COMMISSION, id=1), "/bank")


def test_the_curve_is_the_sum_of_the_items_information() -> None:
    items = Items.from_lists([1.0, 1.5, 0.8], [-1.0, 0.0, 1.0], [0.2, 0.0, 0.2])
    plot = information_plot(items, items.b > -0.5)
    middle = next(row for row in plot.rows if row.theta == 0)
    assert middle.pool == pytest.approx(info(0.0, items).sum())
    assert middle.reference == pytest.approx(info(0.0, items)[0, 1:].sum())
    whole, reference = plot.chart.series
    assert max(whole.y) >= max(row.pool for row in plot.rows)
    assert all(part <= all_ for part, all_ in zip(reference.y, whole.y, strict=True))


def test_the_optional_parts_of_a_blueprint_are_told(platform: Platform, client_as: ClientAs) -> None:
    plan = {
        "passages": PassageUse((2, 2), (1, 3)),
        "time": TimeLimit(600.0, slow=0.1, coverage=0.9),
        "exposure": Control("eligibility", 0.4),
        "early_end": EarlyEnd(4, 0.3, 0.95, (50.0, 59.5)),
    }
    with open_work(platform, SYSTEM) as work:
        pool_id = a_pool(work, factory.edition(), "history", has_passages=True, has_times=True, plan=plan)
    text = page(client_as(Role.COMMISSION, id=1), f"/bank/pools/{pool_id}")
    for sentence in (
        "Items in a row from each passage used: exactly 2. Passages in a test: 1 to 3.",
        "slower than 90 % of all finishes any test within 10 minutes with a chance of 90 %",
        "by more than 40 % of the candidates",
        "It ends once the standard error is at most 0.30. It ends once it is 95 % certain",
        "50, 59.5",
    ):
        assert sentence in text
