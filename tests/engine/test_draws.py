"""What cannot be drawn from is refused; that draws are even and never change is in `test_selection`."""

import pytest

from irt.draws import Draws


@pytest.mark.parametrize("k", [0, -1, 2**64 + 1])
def test_a_draw_needs_something_to_draw_from(k: int) -> None:
    with pytest.raises(ValueError, match="a draw is from 1"):
        Draws(1, 1).below(k)


def test_the_widest_draw_is_the_word_itself() -> None:
    assert Draws(1, 1).below(2**64) == Draws(1, 1).word()
    assert Draws(1, 1).below(1) == 0


@pytest.mark.parametrize(("seed", "step"), [(0.5, 0), (0, 1.5)])
def test_a_seed_is_not_rounded(seed: float, step: float) -> None:
    with pytest.raises(TypeError):
        Draws(seed, step)  # type: ignore[arg-type]


@pytest.mark.parametrize(("seed", "step"), [(-1, 0), (0, -1)])
def test_seed_and_step_are_not_negative(seed: int, step: int) -> None:
    with pytest.raises(ValueError, match="negative"):
        Draws(seed, step)
