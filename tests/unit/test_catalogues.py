"""The catalogues: what is found in the browser's sources, what is kept, and what is called a fault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from server.jobs import catalogues
from server.jobs.catalogues import Found, client_sentences, faults, template, updated


@pytest.fixture
def locale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path)
    return tmp_path


def wanted(*ids: str | tuple[str, str]) -> Catalog:
    return template([Found(one, "client_web/src/a.tsx") for one in ids])


def translated(language: str, ids: dict[str | tuple[str, str], str | tuple[str, ...]]) -> Catalog:
    catalogue = updated(language, wanted(*ids))
    for one, text in ids.items():
        found = catalogue.get(one if isinstance(one, str) else one[0])
        assert found is not None
        found.string = text
    return catalogue


def test_sentences_of_tsx_are_found_whatever_stands_around_them() -> None:
    text = """
      <p title='it"s'>{isOn ? _("Don't \\"stop\\"") : _("One " +
        "sentence")}</p>
      {ngettext("%(n)s item", "%(n)s items", n)} {this._("not ours")}
    """
    assert [found.ids for found in client_sentences(text, "a.tsx")] == [
        'Don\'t "stop"',
        "One sentence",
        ("%(n)s item", "%(n)s items"),
    ]


@pytest.mark.parametrize("call", ["_('single')", "_(`made ${up}`)", "_(name)", 'ngettext(one, "many", 2)'])
def test_a_sentence_that_would_be_lost_is_an_error(call: str) -> None:
    with pytest.raises(ValueError, match=r"a\.tsx:2"):
        list(client_sentences(f"\n{call}", "a.tsx"))


def test_translations_outlive_an_extraction(locale: Path) -> None:
    catalogues.save("ru", translated("ru", {"Seat": "Место", ("%(n)s seat", "%(n)s seats"): ("а", "б", "в")}))
    once = updated("ru", wanted("Seat", "Row", ("%(n)s seat", "%(n)s seats")))
    catalogues.save("ru", once)
    before = (locale / "ru.po").read_text(encoding="utf-8")
    catalogues.save("ru", updated("ru", wanted("Seat", "Row", ("%(n)s seat", "%(n)s seats"))))
    assert (locale / "ru.po").read_text(encoding="utf-8") == before
    again = catalogues.load("ru")
    assert [again["Seat"].string, again["Row"].string] == ["Место", ""]
    assert again["%(n)s seat"].string == ("а", "б", "в")


def test_a_sentence_that_comes_back_has_its_translation(locale: Path) -> None:
    catalogues.save("ky", translated("ky", {"Seat": "Орун"}))
    catalogues.save("ky", updated("ky", wanted("Row")))
    assert catalogues.load("ky").get("Seat") is None
    catalogues.save("ky", updated("ky", wanted("Seat")))
    assert catalogues.load("ky")["Seat"].string == "Орун"


def test_the_file_tells_no_time_and_no_line(locale: Path) -> None:
    catalogues.save("ky", translated("ky", {"Seat": "Орун"}))
    text = (locale / "ky.po").read_text(encoding="utf-8")
    assert "#: client_web/src/a.tsx\n" in text
    assert "Date" not in text


def test_faults_are_named() -> None:
    asked = wanted("Seat %(no)s", "Row", ("%(n)s seat", "%(n)s seats"))
    catalogue = translated(
        "ru", {"Seat %(no)s": "Место %(n)s", ("%(n)s seat", "%(n)s seats"): ("одно место", "", "")}
    )
    said = "\n".join(faults("ru", catalogue, asked))
    assert "other placeholders: 'Seat %(no)s'" in said
    assert "not translated: 'Row'" in said
    assert "not translated: '%(n)s seat'" in said


def test_one_may_be_said_in_words() -> None:
    ids: dict[str | tuple[str, str], str | tuple[str, ...]]
    ids = {("%(n)s seat", "%(n)s seats"): ("одно место", "%(n)s места", "%(n)s мест")}
    assert list(faults("ru", translated("ru", ids), wanted(*ids))) == []


def test_the_browser_gets_its_own_sentences_by_plural_category() -> None:
    known = translated("ru", {"Seat": "Место", "Journal": "Журнал", ("%(n)s a", "%(n)s b"): ("1", "2", "5")})
    texts = catalogues.client_texts("ru", known, wanted("Seat", "Row", ("%(n)s a", "%(n)s b")))
    assert json.loads(json.dumps(texts)) == {
        "Seat": "Место",
        "%(n)s a": {"one": "1", "few": "2", "many": "5", "other": "5"},
    }
