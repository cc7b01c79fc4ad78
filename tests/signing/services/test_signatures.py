"""Accepting signatures: the binding to card, person, capacity and the signatures before (step 7)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from agencies.models import Delegation, User
from signing import services
from signing.certificates import certificate_read
from signing.content import content_build
from signing.models import Nonce, Signature, SignedBody
from tests.signing import forge
from tests.signing.conftest import CABINET, CAPACITIES, Desk, by_force, refusal
from tests.signing.documents import REF, document, voucher
from treasury.core import clock
from treasury.core.actors import SYSTEM


def test_three_people_sign_one_voucher(desk: Desk) -> None:
    desk.sign_all()

    signatures = list(services.signatures_of(document_ref=REF, revision=1))
    assert [one.capacity for one in signatures] == list(CAPACITIES)
    assert SignedBody.objects.count() == 1
    assert signatures[0].verdict["policies"] == [forge.CLASS_3]
    assert {one["number"] for one in signatures[0].verdict["lists"]} == {1}
    assert services.messages_of(document_ref=REF, revision=1) == tuple(bytes(one.message) for one in signatures[:2])


def test_what_is_stored_is_never_changed(desk: Desk) -> None:
    signature = desk.accept("accountant")

    for change in (
        lambda: Signature.objects.update(agency_code="1"),
        lambda: Signature.objects.all().delete(),
        lambda: SignedBody.objects.update(body=b"{}"),
        lambda: Nonce.objects.update(used_at=None),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert str(signature) == f"{REF} r1 accountant"


def test_the_number_of_statements_does_not_grow_with_the_payees(
    desk: Desk, statements: Callable[[Callable[[], Any]], int]
) -> None:
    counts = []
    for revision, payees in ((1, 10), (2, 2000)):
        for capacity in CAPACITIES:
            content = desk.content(capacity, document=document(payees, revision=revision))
            message = desk.message(capacity, content)
            counts.append(statements(lambda c=capacity, t=content, m=message: desk.accept(c, t, m)))  # type: ignore[misc]

    assert counts[:3] == counts[3:]
    assert max(counts) <= 11


# Binding


@pytest.mark.threat("card-unregistered")
def test_a_card_that_is_not_registered_is_refused(desk: Desk) -> None:
    content = desk.content("head")
    stranger = desk.authorities.gca.issue("路人")

    message = desk.message("head", content, identity=stranger)

    assert refusal(lambda: desk.accept("head", content, message)) == "card_unregistered"


@pytest.mark.threat("certificate-self-made")
def test_a_self_made_certificate_with_the_same_name_and_serial_is_refused(desk: Desk) -> None:
    content = desk.content("head")
    real = desk.people["head"].identity.certificate
    fake = forge.Authority(desk.authorities.gca.certificate, forge.key("fake authority")).issue(
        f"{CABINET}-head", serial=real.serial_number
    )

    message = desk.message("head", content, identity=fake)

    assert refusal(lambda: desk.accept("head", content, message)) == "path_invalid"


@pytest.mark.threat("card-out-of-force")
def test_a_card_not_yet_in_force_or_ended_is_refused(desk: Desk) -> None:
    user = User.objects.create_user("新任", agency_code=CABINET)
    identity = desk.authorities.gca.issue("新任")
    registration = services.CardRegistration(user.pk, CABINET, "head", "GCA", identity.der, "GC1")
    card = services.card_register(registration=registration, actor=SYSTEM)
    desk.people["head"].user, desk.people["head"].identity, desk.people["head"].card = user, identity, card

    assert refusal(lambda: desk.accept("head")) == "card_inactive"
    desk.into_force(card)
    services.card_end(card=card, actor=desk.treasurer, because="調職")
    assert refusal(lambda: desk.accept("head")) == "card_inactive"


@pytest.mark.threat("card-of-other-person")
def test_another_person_s_card_is_refused(desk: Desk) -> None:
    other = desk.people["accountant"]
    content = desk.content("head")

    message = forge.message(other.identity, content, at=clock.now())

    assert refusal(lambda: desk.accept("head", content, message)) == "card_of_other_person"


@pytest.mark.threat("card-of-other-agency", "card-of-other-capacity")
def test_a_card_of_another_agency_or_capacity_is_refused(desk: Desk) -> None:
    elsewhere = desk.person("head", "他機關首長", agency_code="0061400000")
    desk.people["head"] = elsewhere
    assert refusal(lambda: desk.accept("head")) == "card_of_other_agency"

    desk.people["head"] = desk.person("releaser", "另一放行人")
    assert refusal(lambda: desk.accept("head")) == "card_of_other_capacity"


@pytest.mark.threat("capacity-not-held")
def test_whoever_left_the_post_signs_no_more_with_a_card_still_in_force(desk: Desk) -> None:
    head = desk.people["head"].user
    head.role_assignments.update(valid_to_on=date(2025, 3, 6))

    assert refusal(lambda: desk.accept("head")) == "capacity_not_held"


@pytest.mark.threat("delegate-of-both")
def test_a_delegate_signs_in_the_capacity_lent_and_never_for_both_certifiers(desk: Desk) -> None:
    deputy = desk.person("head", "吳代簽")
    deputy.user.role_assignments.update(valid_to_on=date(2025, 1, 1))
    desk.people["head"] = deputy
    assert refusal(lambda: desk.accept("head")) == "capacity_not_held"

    Delegation.objects.create(
        agency=desk.agency,
        principal_capacity="head",
        user=deputy.user,
        appointed_by=desk.people["accountant"].user,
        valid_from_on=date(2025, 3, 7),
        valid_to_on=date(2025, 3, 7),
    )
    assert desk.accept("head").verdict["ground"] == "delegation"

    desk.holds(deputy.user, "accountant")
    again = desk.content("head", document=document() | {"revision": 2})
    assert refusal(lambda: desk.accept("head", again)) == "delegate_of_both"


@pytest.mark.threat("card-number-other", "nonce-other-use")
def test_number_and_nonce_in_the_message_must_be_the_registered_ones(desk: Desk) -> None:
    content = desk.content("head")

    other_card = desk.message("head", content, card_no="GC99")
    other_nonce = desk.message("head", content, nonce="x" * 43)

    assert refusal(lambda: desk.accept("head", content, other_card)) == "card_number_differs"
    assert refusal(lambda: desk.accept("head", content, other_nonce)) == "nonce_of_other_use"
    assert desk.accept("head", content, desk.message("head", content, nonce="", card_no="")).capacity == "head"


@pytest.mark.threat("same-person-twice", "same-key-renewed")
def test_one_person_card_or_key_signs_once(desk: Desk) -> None:
    desk.accept("accountant")
    accountant = desk.people["accountant"]

    # The same person with a second card
    second = desk.authorities.gca.issue("second card")
    card = desk.register(accountant.user, "head", second, card_no="GC2")
    desk.people["head"].user, desk.people["head"].identity, desk.people["head"].card = accountant.user, second, card
    assert refusal(lambda: desk.accept("head")) == "signer_not_distinct"

    # Another person with a renewed certificate over the same key
    # Registering a key twice is refused; whoever writes past that is still refused when signing
    same_key = desk.authorities.gca.issue("renewed", on=accountant.identity.key)
    desk.people["head"] = desk.person("head", "同鑰者")
    facts = certificate_read(same_key.der)
    by_force(
        "UPDATE signing_card SET certificate = %s, fingerprint = %s, spki_sha256 = %s WHERE id = %s",
        *(facts.der, facts.fingerprint, facts.spki_sha256, desk.people["head"].card.pk),
    )
    desk.people["head"].identity = same_key
    assert refusal(lambda: desk.accept("head")) == "signer_not_distinct"


def test_a_capacity_signs_once(desk: Desk) -> None:
    desk.accept("accountant")

    assert refusal(lambda: desk.accept("accountant")) == "signature_exists"


@pytest.mark.threat("content-swapped")
def test_everybody_signs_the_same_voucher(desk: Desk) -> None:
    desk.accept("accountant")
    other = document(voucher={**voucher(), "purpose": "另一用途"})

    content = desk.content("head", document=other)

    assert refusal(lambda: desk.accept("head", content)) == "document_differs"


@pytest.mark.threat("earlier-other")
def test_the_releaser_names_the_messages_before(desk: Desk) -> None:
    desk.accept("accountant")
    desk.accept("head")
    nonce = services.nonce_issue(
        document_ref=REF, revision=1, capacity="releaser", user_id=desk.people["releaser"].user.pk
    )
    content = content_build(
        document=document(), capacity="releaser", nonce=nonce, statement_version="1", earlier=[b"a", b"b"]
    )

    assert refusal(lambda: desk.accept("releaser", content)) == "earlier_signatures"


# Document


# Nonce and time


@pytest.mark.threat("signing-time-off")
@pytest.mark.parametrize(("minutes", "accepted"), [(-5, True), (5, True), (-5.1, False), (5.1, False), (480, False)])
def test_signing_time_and_receipt_are_five_minutes_apart_at_most(desk: Desk, minutes: float, accepted: bool) -> None:
    content = desk.content("head")
    message = desk.message("head", content, at=forge.AT + timedelta(minutes=minutes))

    if accepted:
        assert desk.accept("head", content, message).signing_time
    else:
        assert refusal(lambda: desk.accept("head", content, message)) == "signing_time_off"


def test_a_refused_signature_leaves_nothing_behind(desk: Desk) -> None:
    content = desk.content("head")
    late = desk.message("head", content, at=forge.AT + timedelta(hours=1))

    refusal(lambda: desk.accept("head", content, late))

    assert not Signature.objects.exists() and not SignedBody.objects.exists()
    assert desk.accept("head", content).capacity == "head"
