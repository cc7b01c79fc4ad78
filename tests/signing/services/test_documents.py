"""The electronic payment document: sealed, verified again, and what time and force may do to it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from signing import selectors, services
from signing.archive import _archive, archive
from signing.gate import gate_pass
from signing.invariants import signatures_verify
from signing.models import ElectronicPaymentDocument, Nonce, Signature, SignedBody
from signing.refusals import Refused
from tests.signing import forge
from tests.signing.conftest import CAPACITIES, Desk, by_force
from tests.signing.documents import REF, document, voucher
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.parameters import profile_seed


def seal(desk: Desk, capacities: tuple[str, ...] = CAPACITIES, **given: Any) -> ElectronicPaymentDocument:
    for capacity in capacities:
        desk.accept(capacity, desk.content(capacity, **given))
    return services.document_seal(document_ref=REF, revision=1, required_capacities=capacities)


def verify(capacities: tuple[str, ...] = CAPACITIES) -> services.DocumentVerdict:
    return services.document_verify(document_ref=REF, revision=1, required_capacities=capacities)


def test_a_sealed_document_verifies_and_gives_back_the_voucher(desk: Desk) -> None:
    sealed = seal(desk)

    found = verify()

    assert (found.ok, found.code, found.content) == (True, "ok", voucher())
    assert found.document == {key: value for key, value in document().items() if key != "voucher"}
    assert [one.capacity for one in found.signatures] == list(CAPACITIES)
    assert found.signatures[0].issuer_kind == "GCA"
    assert found.digest == bytes(sealed.digest)
    assert services.document_of(document_ref=REF, revision=1) == sealed
    assert str(sealed) == f"{REF} r1"


def test_what_a_document_shows_is_read_for_many_at_once(desk: Desk) -> None:
    sealed = seal(desk)
    desk.accept("accountant", desk.content("accountant", document=document(revision=2)))
    references = [(REF, 1), (REF, 2), ("other", 1)]

    seals, digests = selectors.seals_of(references), selectors.digests_of(references)

    assert {key: [one.capacity for one in found] for key, found in seals.items()} == {
        (REF, 1): list(CAPACITIES),
        (REF, 2): ["accountant"],
    }
    assert seals[REF, 1][0].card_no == desk.people["accountant"].card.card_no
    assert digests == {(REF, 1): bytes(sealed.digest).hex()}
    assert selectors.voucher_signed(document_ref=REF, revision=1) == voucher()
    with pytest.raises(Problem):
        selectors.voucher_signed(document_ref=REF, revision=2)


def test_the_books_check_names_a_document_that_does_not_verify(desk: Desk) -> None:
    profile_seed("nta")
    seal(desk)
    assert list(signatures_verify()) == []

    by_force("UPDATE signing_signedbody SET body = %s", b"{}")

    assert [(one.invariant, one.detail[: len(REF)]) for one in signatures_verify()] == [(10, REF)]
    assert [str(one) for one in SignedBody.objects.all()] == [SignedBody.objects.get().sha256.hex()]
    assert str(Nonce.objects.first()).startswith(REF)


def test_in_the_city_two_certifiers_do(desk: Desk) -> None:
    seal(desk, CAPACITIES[:2])

    assert verify(CAPACITIES[:2]).ok
    assert verify().code == "document_incomplete"


def test_a_document_without_a_required_signature_is_not_sealed(desk: Desk) -> None:
    desk.accept("accountant")

    with pytest.raises(Refused) as refused:
        services.document_seal(document_ref=REF, revision=1, required_capacities=CAPACITIES)

    assert refused.value.code == "document_incomplete"
    assert verify().code == "document_unknown"


def test_many_are_verified_in_as_many_statements_as_one(
    desk: Desk, statements: Callable[[Callable[[], Any]], int]
) -> None:
    references = [(f"0003010000/114/P{number}", 1) for number in range(6)]
    for number in range(6):
        wanted = document(payees=2000 if number else 10, number=f"P{number}")
        desk.sign_all(document=wanted)
        services.document_seal(document_ref=references[number][0], revision=1, required_capacities=CAPACITIES)

    def run(some: list[tuple[str, int]]) -> None:
        found = services.documents_verify(references=some, required_capacities=CAPACITIES)
        assert all(one.ok for one in found.values())

    assert statements(lambda: run(references[:1])) == statements(lambda: run(references)) <= 5


# What time does


@pytest.mark.threat("revoked-after", "revoked-before")
def test_a_card_revoked_after_signing_stays_good_and_before_does_not(desk: Desk) -> None:
    # Given a document signed at ten, its head's card reported lost at noon
    seal(desk)
    head = desk.people["head"]
    noon = forge.AT + timedelta(hours=2)
    desk.authorities.gca.revoke(head.identity, noon)

    with clock.frozen(noon + timedelta(hours=1)):
        services.trust_import(folder=desk.authorities.write(desk.folder, number=2, at=noon))

        assert verify().ok
        with pytest.raises(Refused) as refused:
            desk.accept("head", desk.content("head", document=document(revision=2)))
    assert refused.value.code == "certificate_revoked"


@pytest.mark.threat("hold-lifted")
def test_a_card_on_hold_when_signing_is_refused_also_after_the_hold_was_lifted(desk: Desk) -> None:
    # Given a hold from half past nine, a signature at ten
    head = desk.people["head"]
    held_at, lifted_at = forge.AT - timedelta(minutes=30), forge.AT + timedelta(minutes=30)
    desk.authorities.gca.revoke(head.identity, held_at, "certificate_hold")
    services.trust_import(folder=desk.authorities.write(desk.folder, number=2, at=held_at))
    content = desk.content("head")
    message = desk.message("head", content)

    # When the hold is lifted at half past ten
    desk.authorities.gca.revoked.clear()
    with clock.frozen(lifted_at):
        services.trust_import(folder=desk.authorities.write(desk.folder, number=3, at=lifted_at))
        assert desk.accept("head").capacity == "head"

    # Then as of ten it is refused still, and good as of half past
    with pytest.raises(Refused) as refused:
        gate_pass(store=archive().store(forge.AT), content=content, message=message, at=forge.AT)
    assert refused.value.code == "certificate_revoked"
    assert gate_pass(store=archive().store(lifted_at), content=content, message=message, at=lifted_at)


def test_an_ended_registration_does_not_undo_what_was_signed(desk: Desk) -> None:
    seal(desk)

    with clock.frozen(forge.AT + timedelta(days=1)):
        services.card_end(card=desk.people["head"].card, actor=desk.treasurer, because="調職")
        assert verify().ok


def test_years_later_with_everything_expired_it_still_verifies_as_of_its_day(desk: Desk) -> None:
    seal(desk)

    with clock.frozen(forge.AT.replace(year=2046)):
        assert verify().ok


@pytest.mark.threat("list-stale")
def test_a_stale_list_is_refused_with_what_to_do(desk: Desk) -> None:
    with clock.frozen(forge.AT + timedelta(days=11)), pytest.raises(Refused) as refused:
        desk.accept("head", desk.content("head"))

    assert refused.value.code == "crl_stale"
    assert "匯入" in refused.value.detail


# What force does


@pytest.mark.threat("stored-changed")
@pytest.mark.parametrize(
    ("statement", "params", "code"),
    [
        ("UPDATE signing_signedbody SET body = %s", [b"{}"], "document_differs"),
        ("UPDATE signing_signature SET message = message || %s WHERE capacity = 'head'", [b"x"], "document_differs"),
        ("UPDATE signing_signature SET content_sha256 = %s WHERE capacity = 'head'", [bytes(32)], "document_differs"),
        ("UPDATE signing_signature SET head = %s WHERE capacity = 'head'", [b"{}"], "document_differs"),
        ("UPDATE signing_electronicpaymentdocument SET digest = %s", [bytes(32)], "document_differs"),
        ("UPDATE signing_electronicpaymentdocument SET signature_ids = signature_ids[1:2]", [], "document_incomplete"),
        ("UPDATE signing_signature SET signed_at = signed_at + interval '1 hour'", [], "timestamp_time_off"),
        ("UPDATE signing_signature SET user_id = user_id + 1 WHERE capacity = 'head'", [], "card_of_other_person"),
        ("UPDATE signing_signature SET agency_code = '1'", [], "content_of_other_document"),
        ("UPDATE signing_card SET spki_sha256 = %s", [bytes(32)], "signer_not_distinct"),
        ("UPDATE signing_card SET issuer_kind = 'XCA'", [], "issuer_kind"),
        ("UPDATE signing_card SET active_from = active_from + interval '1 hour'", [], "card_inactive"),
        ("UPDATE signing_authority SET issuer_kind = ''", [], "issuer_kind"),
    ],
)
def test_a_change_by_force_is_found(desk: Desk, statement: str, params: list[Any], code: str) -> None:
    seal(desk)
    assert verify().ok

    by_force(statement, *params)
    _archive.cache_clear()

    found = verify()
    assert (found.ok, found.code, found.content) == (False, code, {})


@pytest.mark.threat("stored-changed")
def test_bodies_exchanged_by_force_are_found(desk: Desk) -> None:
    seal(desk)
    other = desk.accept(
        "head", desk.content("head", document=document(revision=2, voucher={**voucher(), "gate": "capital"}))
    )

    by_force("UPDATE signing_signature SET body_id = %s WHERE revision = 1 AND capacity = 'head'", other.body_id)

    assert verify().code == "document_differs"


def test_another_treasury_s_document_beside_ours_is_found(desk: Desk) -> None:
    for capacity, treasury in zip(CAPACITIES, ("NTA", "TXG", "NTA"), strict=True):
        desk.accept(capacity, desk.content(capacity, document=document(treasury=treasury)))
    services.document_seal(document_ref=REF, revision=1, required_capacities=CAPACITIES)

    assert verify().code == "document_differs"


@pytest.mark.threat("list-missing")
def test_a_missing_root_list_is_not_made_up_for_by_an_authority_s_own(desk: Desk, tmp_path: Path) -> None:
    seal(desk)
    root = next(one for one in Signature.objects.first().verdict["lists"] if "根" in one["issuer"])  # type: ignore[union-attr]

    by_force("DELETE FROM signing_crlgeneration WHERE sha256 = %s", bytes.fromhex(root["sha256"]))
    _archive.cache_clear()

    assert verify().code == "crl_missing"
