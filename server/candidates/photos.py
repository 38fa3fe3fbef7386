"""Photographs of candidates: recognised by their first bytes, sealed under the candidate's own key."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from server.candidates import queries
from server.candidates.models import Registration
from server.core.errors import Invalid
from server.core.vault import digest
from server.core.work import Work

MAX_BYTES = 2 * 1024 * 1024
MAGIC = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def set_photo(work: Work, registration_id: int, content: bytes) -> None:
    """The candidate's photograph is this picture, PNG or JPEG whatever its file is called."""
    media = media_type(content)
    person = queries.candidate_of(work, registration_id)
    key = work.vault.unwrap(person.data_key, person.place)
    person.photo_sealed = work.vault.seal(key, content, f"{person.place}:photo")
    person.photo_type = media
    work.record("set_photo", f"registration:{registration_id}", type=media, digest=digest(content))


def seal_picture(work: Work, registration_id: int, content: bytes, place: str) -> bytes:
    """A picture of the candidate, sealed for this place under their own key."""
    person = queries.candidate_of(work, registration_id)
    return work.vault.seal(work.vault.unwrap(person.data_key, person.place), content, f"{person.place}:{place}")


def open_picture(work: Work, registration_id: int, sealed: bytes, place: str) -> bytes:
    """What `seal_picture` sealed."""
    person = queries.candidate_of(work, registration_id)
    return work.vault.open(work.vault.unwrap(person.data_key, person.place), sealed, f"{person.place}:{place}")


def media_type(content: bytes) -> str:
    """The type of a picture that may be kept; Invalid says why it may not."""
    if len(content) > MAX_BYTES:
        raise Invalid("photo_too_large", maximum=MAX_BYTES // 1024 // 1024)
    for magic, media in MAGIC.items():
        if content.startswith(magic):
            return media
    raise Invalid("photo_not_a_picture")


def photo_owners(work: Work, list_id: int) -> Mapping[str, int]:
    """From a file name, without its ending and case, to the registration of the list that it belongs to."""
    found = select(Registration.id, Registration.registration_no, Registration.photo_name)
    owners: dict[str, int] = {}
    for row in work.db.execute(found.where(Registration.admission_list_id == list_id)):
        owners |= {stem(name): row.id for name in (row.registration_no, row.photo_name) if name}
    return owners


def stem(file_name: str) -> str:
    """A file name without folders, ending and case."""
    name = file_name.replace("\\", "/").rsplit("/", 1)[-1].casefold()
    return name.rsplit(".", 1)[0] if "." in name else name
