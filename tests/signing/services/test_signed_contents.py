"""Accepting signatures: the content is the one that was issued, once, for this document (steps 3 and 8)."""

from datetime import timedelta
from typing import Any

import pytest

from signing import services
from signing.content import content_build, split
from tests.signing import forge
from tests.signing.conftest import Desk, by_force, refusal
from tests.signing.documents import REF, document, voucher
from treasury.core import clock


@pytest.mark.threat("replay-other-document")
@pytest.mark.parametrize(
    "given",
    [
        {"document_ref": "0003010000/114/P0307-003"},
        {"revision": 2},
        {"agency_code": "0061400000"},
    ],
)
def test_a_content_of_another_document_is_refused(desk: Desk, given: dict[str, Any]) -> None:
    content = desk.content("head")

    assert refusal(lambda: desk.accept("head", content, **given)) == "content_of_other_document"


@pytest.mark.threat("replay-other-document")
def test_a_content_of_another_capacity_is_refused(desk: Desk) -> None:
    content = desk.content("accountant")
    message = desk.message("accountant", content)

    assert refusal(lambda: desk.accept("head", content, message)) == "content_of_other_document"


@pytest.mark.threat("content-not-canonical")
def test_a_content_that_is_not_canonical_is_refused(desk: Desk) -> None:
    nonce = services.nonce_issue(document_ref=REF, revision=1, capacity="head", user_id=desk.people["head"].user.pk)
    content = content_build(document=document(), capacity="head", nonce=nonce, statement_version="1")
    doubled = content.replace(b'"voucher":{', b'"voucher":{"gate":"capital",', 1)

    assert refusal(lambda: desk.accept("head", doubled)) == "content_not_canonical"


@pytest.mark.threat("content-swapped")
def test_a_content_other_than_the_issued_one_is_refused(desk: Desk) -> None:
    # Given a content issued for a person, the same nonce must not carry another amount
    issued = desk.content("head")
    other = content_build(
        document=document(voucher={**voucher(), "total_twd": 1}),
        capacity="head",
        nonce=split(issued).head.nonce,
        statement_version="certification/1",
    )

    assert refusal(lambda: desk.accept("head", other)) == "content_of_other_document"


@pytest.mark.threat("nonce-used")
def test_a_nonce_is_used_once(desk: Desk) -> None:
    content = desk.content("head")
    message = desk.message("head", content)
    desk.accept("head", content, message)

    # The signature is gone by force, and the same message comes again
    by_force("DELETE FROM signing_signature")

    assert refusal(lambda: desk.accept("head", content, message)) == "nonce_used"


@pytest.mark.threat("nonce-other-use")
def test_a_nonce_of_nobody_is_refused(desk: Desk) -> None:
    content = content_build(document=document(), capacity="head", nonce="N" * 43, statement_version="1")

    assert refusal(lambda: desk.accept("head", content)) == "nonce_unknown"


@pytest.mark.threat("nonce-other-use")
@pytest.mark.parametrize("given", [{"capacity": "accountant"}, {"revision": 2}, {"session": "another session"}])
def test_a_nonce_serves_what_it_was_issued_for(desk: Desk, given: dict[str, Any]) -> None:
    wanted = {"document_ref": REF, "revision": 1, "capacity": "head", "user_id": desk.people["head"].user.pk}
    nonce = services.nonce_issue(**{**wanted, **given})
    content = content_build(document=document(), capacity="head", nonce=nonce, statement_version="1")

    assert refusal(lambda: desk.accept("head", content)) == "nonce_of_other_use"


@pytest.mark.threat("nonce-expired")
def test_a_nonce_expires(desk: Desk) -> None:
    content = desk.content("head")

    with clock.frozen(forge.AT + timedelta(minutes=31)):
        assert refusal(lambda: desk.accept("head", content)) == "nonce_expired"
