"""The check of a request: right hashes pass, and every single-bit change of key, address or hash is refused."""

from __future__ import annotations

import hashlib

import pytest

from server.core.roles import Hashes
from server.delivery.seb.check import fault_of, judge, matches, request_hash, still_holds

URL = "https://exam.example/exam/sign-in?a=%D3%A9"
KEY, EXAM_KEY, OTHER = "1f" * 32, "2e" * 32, "3d" * 32


def given(url: str = URL, key: str = KEY, exam_key: str = EXAM_KEY) -> Hashes:
    return Hashes(url, request_hash(url, key), request_hash(url, exam_key))


def test_the_hash_is_of_the_address_and_the_key() -> None:
    assert request_hash(URL, KEY) == hashlib.sha256((URL + KEY).encode()).hexdigest()
    assert request_hash(URL + "#part", KEY) == request_hash(URL, KEY)
    assert matches(request_hash(URL, KEY), URL + "#other", KEY)


def test_every_single_bit_change_is_refused() -> None:
    right = request_hash(URL, KEY)
    for text, name in ((URL, "url"), (KEY, "key"), (right, "hash")):
        for at in range(len(text) * 8):
            changed = bytearray(text.encode())
            changed[at // 8] ^= 1 << at % 8
            other = changed.decode("latin-1")
            of = {"url": URL, "key": KEY, "hash": right, name: other}
            if name == "url" and other.partition("#")[0] == URL:
                continue
            assert not matches(of["hash"], of["url"], of["key"]), (name, at)


@pytest.mark.parametrize("received", ["", ":", "0" * 64, "g" * 64, "٣" * 64])
def test_what_is_no_hash_is_refused(received: str) -> None:
    assert not matches(received, URL, KEY)
    right = request_hash(URL, KEY)
    for near in (right.upper(), right + " ", right + "\n", " " + right, right[:-1]):
        assert not matches(near, URL, KEY)


def test_each_rule_that_fails_has_its_name() -> None:
    assert fault_of(given(), URL, KEY, []) is None
    assert fault_of(given(), URL, KEY, [OTHER, EXAM_KEY]) is None
    assert fault_of(Hashes(URL), URL, KEY, []) == "nothing"
    assert fault_of(Hashes(URL, ":", ""), URL, KEY, []) == "nothing"
    assert fault_of(given("http://exam.example/exam/sign-in"), URL, KEY, []) == "address"
    assert fault_of(given(key=OTHER), URL, KEY, []) == "config_key"
    assert fault_of(given(), URL, KEY, [OTHER]) == "exam_key"
    assert fault_of(Hashes(URL, request_hash(URL, KEY)), URL, KEY, [EXAM_KEY]) == "exam_key"


def test_headers_decide_wherever_there_are_any() -> None:
    page_url = "https://exam.example/exam?seb=nonce"
    page, silent = given(page_url), Hashes(URL)
    assert judge(given(), None, None, KEY, [EXAM_KEY]) == ("header", None)
    assert judge(given(key=OTHER), page, page_url, KEY, []) == (None, "config_key")
    assert judge(silent, page, page_url, KEY, [EXAM_KEY]) == ("api", None)
    assert judge(silent, page, None, KEY, []) == (None, "address")
    assert judge(silent, page, page_url + "x", KEY, []) == (None, "address")
    assert judge(silent, given(page_url, key=OTHER), page_url, KEY, []) == (None, "config_key")
    assert (
        judge(silent, Hashes(page_url), page_url, KEY, [])
        == judge(silent, None, None, KEY, [])
        == (None, "nothing")
    )


@pytest.mark.parametrize(("policy", "way", "headers", "passes"), [
    ("off", None, Hashes(URL), True), ("allowed", None, Hashes(URL), True), ("required", None, given(), False),
    ("required", "api", Hashes(URL), True), ("required", "header", given(), True),
    ("required", "header", Hashes(URL), False), ("required", "header", given(key=OTHER), False),
    ("required", "header", Hashes(URL + "x", request_hash(URL, KEY)), False),
])  # fmt: skip
def test_a_later_request_costs_one_hash(policy: str, way: str | None, headers: Hashes, passes: bool) -> None:
    assert still_holds(policy, way, KEY if way else None, headers) is passes
