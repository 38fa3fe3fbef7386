"""The start page leads to what is open to everybody: nobody has to know an address."""

from __future__ import annotations

from flask import Flask


def test_DC_33_whoever_holds_a_statement_comes_to_its_check_by_a_link(app: Flask) -> None:
    assert 'href="/check"' in app.test_client().get("/").text
