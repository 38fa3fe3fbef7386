"""Places of an item's text and their differences: nothing is lost, formulas change as a whole."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from itembank.authoring import html, places
from itembank.items import source
from itembank.items.parts import NewText
from tests.factories.itembank import new_item

WORDS = st.text(alphabet="ab $[]{}!2.,\n-", max_size=30)


def item(stem: str, *options: str) -> dict[str, object]:
    return source.to_json(new_item(texts={"ky": NewText(stem, options or ("a", "b"))}))


@given(WORDS, WORDS)
def test_pieces_give_back_both_texts(before: str, after: str) -> None:
    found = places.differences(item(before), item(after))
    if before == after:
        assert found == []
        return
    [change] = found
    assert change.anchor == "ky.stem"
    assert "".join(text for kind, text in change.pieces if kind != "added") == before
    assert "".join(text for kind, text in change.pieces if kind != "removed") == after


def test_a_formula_changes_as_a_whole() -> None:
    [change] = places.differences(item("Solve $x^2 = 4$."), item("Solve $x^2 = 9$."))
    assert change.pieces == (("same", "Solve "), ("removed", "$x^2 = 4$"), ("added", "$x^2 = 9$"), ("same", "."))


def test_an_option_that_is_gone_stands_last() -> None:
    found = places.differences(item("s", "a", "b", "c"), item("t", "a", "b"))
    assert [change.anchor for change in found] == ["ky.stem", "ky.options.3"]


def test_text_is_never_markup() -> None:
    shown = html.written("ky.stem", '<script>1</script> **b** $x$ ![map]', lambda _name: ('/f"', '"><i>'))
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "<strong>b</strong>" in shown
    assert "<math" in shown
    assert 'src="/f&#34;" alt="&#34;&gt;&lt;i&gt;"' in shown


def test_source_that_is_no_formula_is_shown_as_typed() -> None:
    assert html.written("ky.stem", "costs 5 $ <now>", lambda _name: None) == "<code>costs 5 $ &lt;now&gt;</code>"
