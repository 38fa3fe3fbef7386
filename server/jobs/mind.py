"""What a simulated candidate says to an item: it looks the key up in the bank and hits it as its ability allows."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import numpy as np

from irt.models import Items, prob
from itembank import score_answer
from itembank.demonstration.parameters import invented
from itembank.items.keys import right_answer
from server.delivery.bench import Bench
from server.jobs.robot import any_answer

GUESSES = 20


def truth_of(bench: Bench, item_index: int) -> Items:
    """How an item truly works: as the pool says; of one that is tried out figures drawn from its code."""
    if bench.tryout is None or not bench.is_pretest(item_index):
        return bench.pool.items[item_index : item_index + 1]
    plan, at = bench.tryout.plan, item_index - bench.tryout.start
    n_options = len(plan.contents[at].option_ids) if plan.keys[at]["kind"] == "option" else 0
    a, b, c = invented(plan.codes[at], plan.tiers[at], n_options)
    return Items.from_lists([a], [b], [c])


def said(
    bench: Bench, item_index: int, language: str, item: Mapping[str, Any], theta: float, rng: random.Random
) -> dict[str, Any]:
    """The answer of a candidate of that ability to an item as the page shows it."""
    if bench.is_written(item_index):
        return any_answer(item, rng)
    key = bench.key(item_index)
    if rng.random() < float(prob(np.array([theta]), truth_of(bench, item_index))[0, 0]):
        return right_answer(key, language)
    guesses = (any_answer(item, rng) for _ in range(GUESSES))
    wrong = (guess for guess in guesses if not score_answer(key, language, guess))
    return next(wrong, {"kind": "text", "text": ""})
