"""Candidates: the year's programme, certified admission lists, and who is registered for what."""

from server.candidates.accommodating import AccommodationRef, Needs, accommodations, needs, needs_of
from server.candidates.admission_list import read_admission_list
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
from server.candidates.registration_no import is_registration_no
from server.candidates.service import certify_admission_list, create_programme, verify_admission_list

__all__ = [
    "AccommodationRef", "Needs", "RegistrationRef", "accommodations", "certify_admission_list", "create_programme",
    "document_matches", "holder_of_document", "is_registration_no", "needs", "needs_of", "photo", "programme_ref", "read_admission_list",
    "registrations", "registrations_of", "registrations_of_person", "set_photo", "verify_admission_list",
]
