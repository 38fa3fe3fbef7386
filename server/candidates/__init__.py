"""Candidates: the year's programme, certified admission lists, and who is registered for what."""

from server.candidates.photos import set_photo
from server.candidates.queries import (
    RegistrationRef,
    document_matches,
    holder_of_document,
    photo,
    programme_ref,
    registrations,
    registrations_of,
    registrations_of_person,
)
from server.candidates.service import certify_admission_list, create_programme, verify_admission_list

__all__ = [
    "RegistrationRef", "certify_admission_list", "create_programme", "document_matches", "holder_of_document", "photo",
    "programme_ref", "registrations", "registrations_of", "registrations_of_person", "set_photo",
    "verify_admission_list",
]
