"""Corrections: what is empty, what a digest tells apart, and that no key is read from it."""

from server.grading.corrections import NONE, CorrectedKey, Corrections

KEY = CorrectedKey(11, {"kind": "choice", "correct": "B"})


def test_nothing_corrected_is_nothing_and_has_no_digest() -> None:
    assert not NONE
    assert NONE.digest == ""
    assert NONE.versions == frozenset()


def test_the_digest_tells_corrections_apart_and_not_their_order() -> None:
    digests = [
        Corrections(frozenset({1})).digest,
        Corrections(frozenset({2})).digest,
        Corrections(frozenset(), {1: KEY}).digest,
        Corrections(frozenset(), {1: CorrectedKey(12, KEY.key)}).digest,
    ]
    assert len(set(digests)) == 4
    assert Corrections(frozenset({3, 1})).digest == Corrections(frozenset({1, 3})).digest
    assert (
        Corrections(frozenset(), {1: KEY, 2: KEY}).digest == Corrections(frozenset(), {2: KEY, 1: KEY}).digest
    )


def test_neither_digest_nor_repr_depends_on_what_a_key_says() -> None:
    other = CorrectedKey(11, {"kind": "choice", "correct": "C"})
    assert Corrections(keys={1: KEY}).digest == Corrections(keys={1: other}).digest
    assert "choice" not in repr(Corrections(keys={1: KEY}))


def test_what_concerns_these_item_versions() -> None:
    all_of_them = Corrections(frozenset({1, 2}), {3: KEY, 4: KEY})
    assert all_of_them.among(frozenset({2, 3, 9})) == Corrections(frozenset({2}), {3: KEY})
    assert not all_of_them.among(frozenset({9}))
    assert all_of_them.versions == {1, 2, 3, 4}
