"""Numbered forms (CS-14.3) and coded work (CS-14.2): unique, told apart, and found again by who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from server import delivery
from server.core.errors import Invalid, NotFound
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, Work, open_work
from server.delivery import forms
from server.delivery.queries import work_codes
from server.delivery.service.sealing import evidence_digests
from server.grading import decoding
from tests.factories.accounts import a_staff_member, an_organisation
from tests.factories.delivery import a_session, a_sitting, finished_session


def test_CS_14_3_every_form_has_a_number_of_its_own_with_a_check_digit() -> None:
    numbers = [forms.form_no(n) for n in range(1, 3000)]
    assert len(set(numbers)) == len(numbers)
    assert [forms.session_of(each) for each in numbers] == list(range(1, 3000))
    one = forms.form_no(1234567)
    for at, digit in enumerate(one):
        if digit.isdigit():
            wrong = one[:at] + str((int(digit) + 1) % 10) + one[at + 1 :]
            assert forms.session_of(wrong) is None, wrong
    assert [forms.session_of(each) for each in ("", "12", "Асанов", "0000-0017-9", "١٢٣٤٥٦٧٨")] == [None] * 5


def test_CS_14_3_the_number_is_under_the_seal(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = finished_session(work, a_sitting(work))
    assert delivery.verify_seal(work, session_id) is True
    before = evidence_digests(work, [session_id])
    monkeypatch.setattr(forms, "form_no", lambda session_id: f"other {session_id}")
    assert evidence_digests(work, [session_id]) != before
    assert delivery.verify_seal(work, session_id) is False


def an_office(work: Work, kind: str = "ntc") -> Actor:
    place = an_organisation(work, kind).id
    staff = a_staff_member(work, Role.OFFICE, organisation_id=place)
    return Actor(frozenset({Role.OFFICE}), staff, "Office", place)


def test_CS_14_2_codes_are_unique_and_lead_nowhere_without_the_key(work: Work) -> None:
    sitting = a_sitting(work)
    ids = [a_session(work, sitting, document_number=f"AN77000{n}") for n in range(4)]
    known = work_codes(work, sitting.id)
    assert sorted(known.values()) == ids
    for code, session_id in known.items():
        ref = delivery.session_ref(work, session_id)
        digits = "".join(each for each in code if each.isdigit())
        assert ref.registration_no not in code
        assert ref.form_no.replace("-", "") not in digits


def test_CS_14_2_decoding_is_an_act_of_its_own_with_a_reason(platform: Platform) -> None:
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work)
        session_id = a_session(work, sitting)
        (code,) = work_codes(work, sitting.id)
        office, stranger = an_office(work), an_office(work, "department")
    with open_work(platform, office) as work:
        with pytest.raises(Invalid, match="decoding_without_reason"):
            decoding.decode(work, sitting.id, code, "  ")
        with pytest.raises(NotFound, match="work_code_unknown"):
            decoding.decode(work, sitting.id, "W-0000-0000", "appeal 7")
        assert decoding.decode(work, sitting.id, code.lower(), "appeal 7") == session_id
    with open_work(platform, stranger) as work, pytest.raises(NotFound):
        decoding.decode(work, sitting.id, code, "appeal 7")
    with platform.database.reading() as db:
        (line,) = db.execute(select(JournalEntry).where(JournalEntry.act == "work:decoded")).scalars()
    assert (line.clause, line.actor, line.subject) == ("CS-14.2", office.label, f"session:{session_id}")


def test_the_office_finds_a_form_by_its_number_and_decodes_on_a_page(
    platform: Platform, client_as: Callable[..., FlaskClient]
) -> None:
    with open_work(platform, SYSTEM) as work:
        sitting = a_sitting(work)
        first, second = (finished_session(work, sitting, document_number=f"AN77000{n}") for n in range(2))
        refs = [delivery.session_ref(work, each) for each in (first, second)]
        codes = {session: code for code, session in work_codes(work, sitting.id).items()}
        office = replace(an_office(work))
    client = client_as(Role.OFFICE, id=office.id, organisation_id=office.organisation_id)
    client.environ_base["HTTP_ACCEPT"] = "text/html"
    client.set_cookie("synak_lang", "en")
    page = client.get(f"/office/sittings/{sitting.id}", query_string={"q": refs[0].form_no}).text
    assert refs[0].registration_no in page
    assert refs[1].registration_no not in page
    told = client.get(f"/office/sessions/{first}").text
    assert f"Form No. {refs[0].form_no}: numbered, sealed and signed by the centre." in told
    assert codes[first] not in told
    where = f"/office/sittings/{sitting.id}/decode"
    refused = client.post(where, data={"code": codes[second], "reason": ""})
    assert (refused.status_code, refs[1].registration_no in refused.text) == (422, False)
    found = client.post(where, data={"code": codes[second], "reason": "appeal 7"})
    assert found.headers["Location"] == f"/office/sessions/{second}"
