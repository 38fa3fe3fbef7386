"""Codes, cookies and tickets: what is forged, mangled or old opens nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.roles import Role
from server.core.vault import Vault
from server.delivery import codes
from server.delivery.cookie import candidate_of, make_token
from server.edge.sockets import TICKET_S, make_ticket, read_ticket
from tests.conftest import START

VAULT = Vault(bytes(32), bytes(range(32)))
OTHER = Vault(bytes(32), bytes(range(1, 33)))


def test_a_code_is_the_same_until_it_is_renewed() -> None:
    code = codes.code_for(VAULT, 17, 1, 99)
    assert code == codes.code_for(VAULT, 17, 1, 99)
    others = {
        codes.code_for(VAULT, 17, 2, 99),
        codes.code_for(VAULT, 18, 1, 99),
        codes.code_for(OTHER, 17, 1, 99),
    }
    assert code not in others
    assert len(others) == 3


def test_a_code_is_read_however_it_is_typed() -> None:
    code = codes.code_for(VAULT, 17, 1, 99)
    plain = code.replace("-", "")
    for typed in (
        code.lower(),
        plain,
        f" {plain[:2]} {plain[2:]} ",
        code.replace("1", "I").replace("0", "o"),
    ):
        assert codes.matches(code, typed)
    assert not codes.matches(code, plain[:-1])
    assert not codes.matches(code, "")


@given(st.text(max_size=40))
def test_no_other_text_is_the_code(typed: str) -> None:
    code = codes.code_for(VAULT, 17, 1, 99)
    assert not codes.matches(code, typed)


def test_a_cookie_speaks_for_its_session_and_lease() -> None:
    actor = candidate_of(VAULT, make_token(VAULT, 17, 3))
    assert actor is not None
    assert (actor.id, actor.lease, actor.roles) == (17, 3, {Role.CANDIDATE})


@pytest.mark.parametrize("change", [("17.", "18."), (".3.", ".4."), (".", ""), ("17", "x"), ("17.3", "")])
def test_a_mangled_cookie_speaks_for_nobody(change: tuple[str, str]) -> None:
    assert candidate_of(VAULT, make_token(VAULT, 17, 3).replace(*change, 1)) is None


@given(st.text(max_size=100))
def test_no_text_is_a_cookie_or_a_ticket(text: str) -> None:
    assert candidate_of(VAULT, text) is None
    assert read_ticket(VAULT, text, START) is None


def test_a_ticket_admits_to_its_topic_for_a_minute() -> None:
    ticket = make_ticket(VAULT, "room:1", Role.PROCTOR, START)
    assert read_ticket(VAULT, ticket, START) == ("room:1", Role.PROCTOR)
    assert read_ticket(VAULT, ticket, START + timedelta(seconds=TICKET_S + 1)) is None
    assert read_ticket(OTHER, ticket, START) is None
