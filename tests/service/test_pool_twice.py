"""Two psychometricians press at once: one pool stands, and the second is told of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from itembank.blueprints.models import Pool
from itembank.blueprints.pools.service import publish_chosen
from server.core.clock import FrozenClock
from server.core.db import Database
from server.core.errors import CatError
from server.core.roles import SYSTEM
from server.core.vault import Vault
from server.core.work import Platform, open_work
from tests.conftest import MASTER, SECRET
from tests.service.test_exam_room_race import at_once
from tests.web.test_pool_pages import Bank


@pytest.fixture
def platform(own_database: Database, clock: FrozenClock) -> Platform:
    return Platform(own_database, clock, Vault(MASTER, SECRET))


def test_of_two_who_publish_the_same_pool_at_once_one_does(
    platform: Platform, client_as: Callable[..., FlaskClient]
) -> None:
    bank = Bank(platform, client_as)
    bank.rehearse()
    asked = {name: int(str(bank.fields()[name])) for name in ("rehearsal", "left_out")}

    def press() -> int:
        with open_work(platform, SYSTEM) as work:
            return publish_chosen(
                work, bank.blueprint, bank.run, languages=("ky", "ru"), written=(), rehearsal_id=asked["rehearsal"],
                left_out=asked["left_out"],
            )  # fmt: skip

    got = at_once(press, press, press)
    with open_work(platform, SYSTEM) as work:
        [pool] = work.db.scalars(select(Pool)).all()
    assert sorted(str(each) if isinstance(each, CatError) else each for each in got if each != pool.id) == [
        f"pool_stands pool={pool.id}", f"pool_stands pool={pool.id}"
    ]  # fmt: skip
