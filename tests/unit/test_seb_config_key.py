"""The Config Key as clients of Safe Exam Browser compute it: vectors written out by hand from its rules."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.delivery.seb.config_key import config_key, config_key_of_plist, read_plist, seb_json
from server.delivery.seb.settings import NotPortable, require_portable, settings_of, to_plist

HEAD = b'<?xml version="1.0" encoding="UTF-8"?><plist version="1.0">'
# The SHA-256 of {"allowQuit":true,"startURL":"https://exam.example/start"}, by sha256sum.
VECTOR = "c0bb6160fb61cddd2faf7cd9d76f97587e6b15681711264de60912c2146f17d3"


def test_the_vector_of_the_protocol() -> None:
    settings = {"startURL": "https://exam.example/start", "allowQuit": True}
    assert seb_json(settings) == '{"allowQuit":true,"startURL":"https://exam.example/start"}'
    assert config_key(settings) == VECTOR


@pytest.mark.parametrize(("value", "text"), [
    ({"b": [{"z": 1, "A": [2, [], ""]}], "a": {"y": {"x": False}}},
     '{"a":{"y":{"x":false}},"b":[{"A":[2,[],""],"z":1}]}'),
    ({"data": b"\x00\xff\x10", "none": b"", "long": b"\x01" * 60},
     '{"data":"AP8Q","long":"' + "AQEB" * 20 + '","none":""}'),
    ({"raw": 'a"b\\c/d\n\t<&>'}, '{"raw":"a"b\\c/d\n\t<&>"}'),
    ({"ң": "Ысык-Көл", "é": "—"}, '{"é":"—","ң":"Ысык-Көл"}'),
    ({"allowWLAN": 1, "allowWlan": 2, "allowwlan": 3}, '{"allowwlan":3,"allowWlan":2,"allowWLAN":1}'),
    ({"a_b": 1, "aB": 2, "ab": 3, "AA": 4, "a1": 5}, '{"a1":5,"a_b":1,"AA":4,"ab":3,"aB":2}'),
    ({"a": {}, "b": [], "c": "", "z": {}}, '{"b":[],"c":""}'),
    ({"originatorVersion": "SEB_Win_3.9", "a": {"OriginatorVersion": 1, "b": 2}}, '{"a":{"b":2}}'),
    ({"min": -2147483648, "max": 2147483647}, '{"max":2147483647,"min":-2147483648}'),
], ids=["nested", "data", "raw", "non-ascii", "case", "order", "empty", "originator", "int"])  # fmt: skip
def test_seb_json(value: dict[str, Any], text: str) -> None:
    assert seb_json(value) == text
    assert config_key(value) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(("real", "text"), [
    (0.1, "0.1"), (1.0, "1"), (-0.0, "0"), (0.0, "0"), (0.00001, "1E-05"), (0.0001, "0.0001"),
    (1e14, "100000000000000"),
    (1e15, "1E+15"), (1 / 3, "0.333333333333333"), (0.1 + 0.2, "0.3"), (-2.5, "-2.5"), (1.5e300, "1.5E+300"),
])  # fmt: skip
def test_reals_as_dotnet_writes_them(real: float, text: str) -> None:
    assert seb_json(real) == text


@pytest.mark.parametrize("value", [datetime(2026, 5, 20, tzinfo=UTC), None, float("nan"), float("inf")])
def test_what_clients_write_differently_has_no_key(value: object) -> None:
    with pytest.raises(ValueError, match="SEB-JSON"):
        seb_json({"a": value})


def test_a_property_list_is_read_as_it_stands() -> None:
    xml = (
        HEAD
        + (
            "<dict><key>startURL</key><string>https://exam.example/ө?a=1&amp;b=2</string><key>allowWlan</key><false/>"
            "<key>originatorVersion</key><string>x</string><key>zoom</key><real>1.0</real><key>empty</key><string/>"
            "<key>salt</key><data>\n\tAP8Q\n\t</data><key>gone</key><dict/><key>rules</key><array><dict>"
            "<key>B</key><integer>1</integer><key>a</key><true/></dict></array></dict></plist>"
        ).encode()
    )
    text = (
        '{"allowWlan":false,"empty":"","rules":[{"a":true,"B":1}],"salt":"AP8Q",'
        '"startURL":"https://exam.example/ө?a=1&b=2","zoom":1}'
    )
    assert config_key_of_plist(xml) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("xml", [
    b"", b"text", HEAD + b"<array/></plist>", HEAD + b"<dict>", HEAD + b"<dict><key>a</key></dict></plist>",
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><plist><dict><key>&b;</key><true/></dict></plist>',
])  # fmt: skip
def test_what_is_no_property_list_is_refused(xml: bytes) -> None:
    with pytest.raises(ValueError, match="property list"):
        read_plist(xml)


PLAIN_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='"'), min_size=1)
VALUES = st.recursive(
    st.booleans() | st.integers(-(2**31), 2**31 - 1) | PLAIN_TEXT | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abcxyz", min_size=1), inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text("abcxyz", min_size=1), VALUES, min_size=1))
def test_a_key_survives_the_property_list(settings: dict[str, Any]) -> None:
    assert config_key_of_plist(to_plist(settings)) == config_key(settings)


@pytest.mark.parametrize("value", [
    {}, {"a": {}}, {"a": [{}]}, {"a": None}, {"a": [""]}, {"a": datetime(2026, 5, 20, tzinfo=UTC)}, {"a": 2**31},
    {"a": -(2**31) - 1}, {"allowWlan": 1, "allowWLAN": 1}, {"a": [{"b": [2**31]}]}, {1: "a"},
    {"a": float("nan")}, {"a": float("inf")}, {"a": 'say "b"'}, {"a": "b\nc"}, {"ң": 1}, {"a b": 1}, {"": 1},
    {"a-b": 1},
    {"a1": 1, "a_b": 2}, {"a": {"a1": 1, "a_": 2}}, {"a": 1, "originatorVersion": "x"},
])  # fmt: skip
def test_no_settings_are_written_that_clients_hash_differently(value: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=":"):
        require_portable(value)
    with pytest.raises(ValueError, match=":"):
        to_plist(value)


def test_the_settings_of_a_sitting() -> None:
    settings = settings_of("https://exam.example", "ABCD-EFGH", b"\x07" * 32)
    assert settings["startURL"] == "https://exam.example/exam/start"
    assert settings["quitURL"] == "https://exam.example/exam/quit"
    assert settings["hashedQuitPassword"] == hashlib.sha256(b"ABCD-EFGH").hexdigest()
    assert (settings["browserWindowWebView"], settings["sendBrowserExamKey"]) == (3, True)
    for forbidden in ("allowPrint", "enablePrintScreen", "allowSpellCheck", "URLFilterEnableContentFilter",
                      "quitURLConfirm", "allowVirtualMachine"):  # fmt: skip
        assert settings[forbidden] is False
    assert read_plist(to_plist(settings)) == settings
    others = [("http://exam.example", "ABCD-EFGH", b"\x07" * 32), ("https://exam.example", "ABCD-EFGJ", b"\x07" * 32),
              ("https://exam.example", "ABCD-EFGH", b"\x06" * 32)]  # fmt: skip
    assert len({config_key(settings), *(config_key(settings_of(*each)) for each in others)}) == 4


def test_the_settings_of_a_sitting_have_one_key_on_every_system() -> None:
    settings = settings_of("https://exam.example:8443", "ABCD-EFGH", bytes(range(32)))
    assert {as_windows(settings), as_mac(settings), as_moodle(settings)} == {seb_json(settings)}


def test_where_systems_differ_the_three_are_not_alike() -> None:
    odd: list[dict[str, Any]] = [{"a_b": 1, "a1": 2}, {"a": 1, "z": {}}, {"a": 'b"c'}, {"a": {"b": {}}, "c": 1}]
    for settings in odd:
        assert len({as_windows(settings), as_mac(settings), as_moodle(settings)}) > 1
        with pytest.raises(NotPortable):
            require_portable(settings)


def as_windows(value: Any) -> str:
    """As the serializer of the Windows client writes: an entry left out at the end leaves its comma behind."""
    if isinstance(value, str):
        escaped = value.replace('"', '\\"')
        return f'"{escaped}"'
    if not isinstance(value, dict):
        return seb_json(value)
    keys = sorted(value, key=collated)
    text = ""
    for key in keys:
        if key.lower() != "originatorversion" and value[key] != {}:
            text += f'"{key}":{as_windows(value[key])}' + ("," if key != keys[-1] else "")
    return "{" + text + "}"


def as_mac(value: Any) -> str:
    """As on macOS and iOS: keys by their code without case, and a dictionary goes when it has become empty."""
    if not isinstance(value, dict):
        return seb_json(value)
    kept = {key: as_mac(value[key]) for key in sorted(value, key=str.lower) if key != "originatorVersion"}
    return "{" + ",".join(f'"{key}":{text}' for key, text in kept.items() if text != "{}") + "}"


def as_moodle(value: Any) -> str:
    """As a learning-management system computes it: keys by collation, quotation marks with a backslash."""
    if not isinstance(value, dict):
        return as_windows(value)
    kept = {key: as_moodle(value[key]) for key in sorted(value, key=collated) if key != "originatorVersion"}
    return "{" + ",".join(f'"{key}":{text}' for key, text in kept.items() if text != "{}") + "}"


def collated(key: str) -> list[tuple[bool, str]]:
    return [(letter.isalnum(), letter.lower()) for letter in key]


def test_every_single_bit_of_a_configuration_is_under_the_key() -> None:
    """A changed bit makes the file unreadable, or another key; or it stands where no client looks, like white space."""
    settings = {"startURL": "https://exam.example/start", "allowQuit": True, "salt": b"\x07\x08", "n": [1, {"m": 0.5}]}
    xml, refused = to_plist(settings), 0
    body = range(xml.index(b"<dict>"), len(xml) - len(b"</dict>\n</plist>\n"))
    for at in (8 * byte + bit for byte in body for bit in range(8)):
        changed = bytearray(xml)
        changed[at // 8] ^= 1 << at % 8
        try:
            found = read_plist(bytes(changed))
            is_same = config_key(found) == config_key(settings)
        except ValueError:
            is_same, found = False, {}
        assert not is_same or found == settings, (at, bytes(changed))
        refused += not is_same
    assert refused > 8 * len(b"https://exam.example/startallowQuitsaltnm")


def test_every_single_bit_of_what_a_sitting_sets_is_under_the_key() -> None:
    settings = settings_of("https://exam.example", "ABCD-EFGH", bytes(range(32)))
    right, tried = config_key(settings), 0
    for name, value in settings.items():
        if name == "originatorVersion":
            continue
        for other in flips(value):
            assert config_key({**settings, name: other}) != right, (name, other)
            tried += 1
        rest = {key: each for key, each in settings.items() if key != name}
        assert config_key(rest) != right, name
    assert tried > 1000


def flips(value: Any) -> list[Any]:
    """The value with one bit changed, for each of its bits."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value ^ (1 << bit) for bit in range(31)]
    raw = value.encode() if isinstance(value, str) else value
    changed = [raw[:at] + bytes((raw[at] ^ (1 << bit),)) + raw[at + 1 :] for at in range(len(raw)) for bit in range(8)]
    return [each.decode("latin-1") for each in changed] if isinstance(value, str) else changed
