"""Numbers as readers write them."""

from __future__ import annotations

import pytest

from server.core import i18n


@pytest.mark.parametrize(
    ("tongue", "said"), [("ky", "−1\u00a0234,50"), ("ru", "−1\u00a0234,50"), ("en", "−1,234.50")]
)
def test_what_is_below_nothing_has_a_minus_sign(tongue: str, said: str) -> None:
    with i18n.speaking(tongue):
        assert i18n.number(-1234.5, 2) == said
        assert i18n.number(1234.5, 2) == said.removeprefix("−")
