"""Master keys: what one of them wrapped, which opens it, and a file of them that changes under a running server."""

from __future__ import annotations

import base64
import logging
from pathlib import Path

import pytest

from server.candidates.held import hold, release
from server.core.masters import ID, KeyFile, Ring, keys_in
from server.core.vault import Tampered, Vault, verify_signature

OLD, NEW, SECRET = b"o" * 32, b"n" * 32, b"s" * 32
PLACE = "item_version:A1:1"


def in_base64(*keys: bytes) -> str:
    return "\n".join(base64.b64encode(key).decode() for key in keys)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "master.key"
    found.touch(mode=0o600)
    found.write_text(in_base64(OLD))
    return found


def replace(path: Path, text: str, mode: int = 0o600) -> None:
    """Put there at once, as an operator does by mv."""
    aside = path.with_suffix(".new")
    aside.touch(mode=0o600)
    aside.write_text(text)
    aside.chmod(mode)
    aside.replace(path)


def test_the_first_wraps_and_all_open() -> None:
    key, wrapped = Vault(Ring(OLD), SECRET).new_key(PLACE)
    both = Vault(Ring(NEW, OLD), SECRET)
    assert both.unwrap(wrapped, PLACE) == key
    anew = both.rewrap(wrapped, PLACE)
    assert (wrapped[:ID], anew[:ID]) == (Ring(OLD).ids()[0], Ring(NEW).ids()[0])
    assert Vault(Ring(NEW), SECRET).unwrap(anew, PLACE) == key
    for ring, stays in ((Ring(NEW), wrapped), (Ring(OLD), anew)):
        with pytest.raises(Tampered, match=f"master key {stays[:ID].hex()} is not at hand"):
            Vault(ring, SECRET).unwrap(stays, PLACE)


def test_every_bit_of_a_wrapped_key_and_its_place_are_proved() -> None:
    ring = Ring(NEW, OLD)
    wrapped = ring.wrap(b"k" * 32, PLACE)
    for at in range(len(wrapped)):
        with pytest.raises(Tampered, match=PLACE):
            ring.unwrap(wrapped[:at] + bytes([wrapped[at] ^ 1]) + wrapped[at + 1 :], PLACE)
    for mangled in (b"", wrapped[:ID], wrapped[:-1], wrapped + b"x"):
        with pytest.raises(Tampered):
            ring.unwrap(mangled, PLACE)
    with pytest.raises(Tampered):
        ring.unwrap(wrapped, "item_version:A1:2")
    other = Ring(OLD).ids()[0]
    with pytest.raises(Tampered):  # another master key's id, put before it
        ring.unwrap(other + wrapped[ID:], PLACE)


def test_a_master_key_shows_itself_nowhere() -> None:
    ring = Ring(OLD)
    assert OLD not in ring.ids()[0] + ring.wrap(b"k" * 32, PLACE)
    assert repr(OLD) not in repr(ring)
    assert base64.b64encode(OLD).decode() not in repr(vars(ring))


class Service:
    """A key management service: its master keys never leave it, and what it wraps is as long as it likes."""

    def __init__(self) -> None:
        self.kept: dict[bytes, tuple[bytes, str]] = {}

    def ids(self) -> tuple[bytes, ...]:
        return (b"service1",)

    def wrap(self, key: bytes, place: str) -> bytes:
        handle = b"service1" + len(self.kept).to_bytes(300)
        self.kept[handle] = (key, place)
        return handle

    def unwrap(self, wrapped: bytes, place: str) -> bytes:
        key, where = self.kept.get(wrapped, (b"", None))
        if where != place:
            raise Tampered(f"{place} does not open")
        return key


def test_a_key_management_service_fits_in_their_place() -> None:
    vault = Vault(Service(), SECRET)
    key, wrapped = vault.new_key(PLACE)
    assert vault.unwrap(vault.rewrap(wrapped, PLACE), PLACE) == key
    public, private = vault.new_signing_key("organisation:1")
    assert verify_signature(public, vault.sign(private, "organisation:1", b"text"), b"text")
    assert release(vault, "a list", hold(vault, "a list", b"names")) == b"names"
    with pytest.raises(Tampered):
        vault.unwrap(wrapped, "elsewhere")


@pytest.mark.parametrize(("text", "word"), [
    ("not=base64", "key 1 is not base64"), (in_base64(OLD, b"short"), "key 2 holds 5 bytes"),
    (in_base64(OLD, NEW, OLD), "twice"),
])
def test_what_is_wrong_with_keys_is_said(text: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        keys_in(text)
    assert keys_in(f"{in_base64(OLD)} # made in May\n# {in_base64(NEW)}\n\n") == [OLD]


@pytest.mark.parametrize("keys", [[], [b"short"], [OLD, b""]])
def test_a_ring_has_whole_keys(keys: list[bytes]) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Ring(*keys)


def test_a_file_is_read_again_when_it_is_another(path: Path) -> None:
    masters = KeyFile(path)
    old = masters.wrap(b"k" * 32, PLACE)
    replace(path, in_base64(NEW, OLD))
    assert masters.ids() == Ring(NEW, OLD).ids()
    assert masters.unwrap(old, PLACE) == b"k" * 32
    replace(path, in_base64(NEW))
    with pytest.raises(Tampered, match="not at hand"):
        masters.unwrap(old, PLACE)


@pytest.mark.parametrize("text", ["", "half a k", in_base64(NEW)[:-9]])
def test_an_exam_goes_on_with_the_keys_it_has(path: Path, text: str, caplog: pytest.LogCaptureFixture) -> None:
    masters = KeyFile(path)
    with caplog.at_level(logging.ERROR):
        replace(path, text)
        assert masters.ids() == masters.ids() == Ring(OLD).ids()
        path.unlink()
        assert masters.ids() == Ring(OLD).ids()
    assert [record.message for record in caplog.records if "stay as they were" in record.message]
    assert text.strip() == "" or text not in caplog.text
    replace(path, in_base64(NEW))
    assert masters.ids() == Ring(NEW).ids()


def test_a_new_file_that_others_may_read_is_not_taken(path: Path) -> None:
    masters = KeyFile(path)
    replace(path, in_base64(NEW), mode=0o644)
    assert masters.ids() == Ring(OLD).ids()
    path.chmod(0o600)
    assert masters.ids() == Ring(NEW).ids()
