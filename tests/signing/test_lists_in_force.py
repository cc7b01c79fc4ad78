"""Revocation lists on a path: which one is in force, which counts for nothing, what long ones must not cost."""

import time
from datetime import timedelta

import pytest

from signing import crls
from signing.crls import RevocationList
from signing.paths import TrustStore
from signing.refusals import Refused
from tests.signing import forge
from tests.signing.forge import AT
from tests.signing.large_lists import FIRST_SERIAL, large_list
from tests.signing.stores import code_of, facts, store

DAY = timedelta(days=1)


@pytest.mark.threat("list-missing")
def test_a_path_needs_a_list_of_every_issuer_in_it() -> None:
    pki = forge.pki()
    signer = pki.gca.issue("signer")

    assert code_of(store(pki, [pki.root.crl(), pki.gca.crl()]), signer) == "ok"
    assert code_of(store(pki, [pki.root.crl()]), signer) == "crl_missing"
    assert code_of(store(pki, [pki.gca.crl()]), signer) == "crl_missing"
    assert code_of(store(pki, []), signer) == "crl_missing"


@pytest.mark.threat("list-missing")
def test_an_authority_s_own_list_does_not_speak_for_the_authority() -> None:
    # Given that the root's list is missing, those of the authorities below it must not stand in for it
    pki = forge.pki()
    signer = pki.gca.issue("signer")

    known = store(pki, [pki.gca.crl(), pki.xca.crl(), pki.moica.crl()])

    assert code_of(known, signer) == "crl_missing"


@pytest.mark.threat("list-forged")
def test_a_list_that_nobody_of_that_name_signed_counts_for_nothing() -> None:
    pki = forge.pki()
    signer = pki.gca.issue("signer")
    forged = pki.gca.crl(signed_by=forge.key("impostor"))

    assert code_of(store(pki, [pki.root.crl(), forged]), signer) == "crl_missing"
    assert code_of(store(pki, [pki.root.crl(), forged, pki.gca.crl(at=AT - DAY)]), signer) == "ok"


@pytest.mark.threat("list-stale")
def test_a_list_too_old_or_too_new_is_refused() -> None:
    pki = forge.pki()
    signer = pki.gca.issue("signer")
    fresh = pki.root.crl(days=3000)

    assert code_of(store(pki, [fresh, pki.gca.crl(at=AT - 11 * DAY)]), signer) == "crl_stale"
    assert code_of(store(pki, [fresh, pki.gca.crl(at=AT + DAY)]), signer) == "crl_missing"


@pytest.mark.threat("revoked-before", "revoked-after")
@pytest.mark.parametrize(("seconds", "code"), [(-1, "certificate_revoked"), (0, "certificate_revoked"), (1, "ok")])
def test_what_counts_is_revocation_up_to_the_moment(seconds: int, code: str) -> None:
    pki = forge.pki()
    signer = pki.gca.issue("signer")
    pki.gca.revoke(signer, AT + timedelta(seconds=seconds))

    assert code_of(store(pki, [pki.root.crl(), pki.gca.crl()]), signer) == code


@pytest.mark.threat("revoked-before")
def test_a_revoked_authority_takes_its_cards_along() -> None:
    pki = forge.pki()
    signer = pki.gca.issue("signer")
    pki.root.revoke(pki.gca, AT - DAY)

    assert code_of(store(pki, [pki.root.crl(), pki.gca.crl()]), signer) == "certificate_revoked"


@pytest.mark.threat("hold-lifted")
def test_the_newest_generation_decides() -> None:
    pki = forge.pki()
    signer = pki.gca.issue("signer")
    pki.gca.revoke(signer, AT - 3 * DAY, "certificate_hold")
    held = pki.gca.crl(1, at=AT - 2 * DAY)
    pki.gca.revoked.clear()
    released = pki.gca.crl(2, at=AT - DAY)
    known = store(pki, [pki.root.crl(at=AT - 5 * DAY, days=20), held, released])

    assert code_of(known, signer) == "ok"
    assert code_of(known, signer, AT - timedelta(days=1.5)) == "certificate_revoked"
    assert code_of(known, signer, AT - 2.5 * DAY) == "crl_missing"


def test_of_two_lists_of_one_moment_the_higher_number_decides() -> None:
    pki = forge.pki()
    signer = pki.gca.issue("signer")
    before = pki.gca.crl(1)
    pki.gca.revoke(signer, AT - DAY)
    known = store(pki, [pki.root.crl(), before, pki.gca.crl(2), pki.xca.crl(None)])

    assert code_of(known, signer) == "certificate_revoked"


def test_a_list_of_many_entries_is_not_walked() -> None:
    pki = forge.pki()
    for serial in range(10, 3010):
        pki.gca.revoked[serial] = (AT - DAY, forge.x509.ReasonFlags.superseded)
    known = store(pki, [pki.root.crl(), pki.gca.crl()])
    revoked = pki.gca.issue("revoked", serial=3000)
    good = pki.gca.issue("good", serial=4000)

    assert code_of(known, revoked) == "certificate_revoked"
    assert code_of(known, good) == "ok"
    large = next(one for one in known.lists if one.index.count == 3000)
    assert list(large.view({4000})["tbs_cert_list"]["revoked_certificates"]) == []
    assert large.view({4000})["tbs_cert_list"].dump() == large.parsed.tbs_certlist_bytes
    assert [one["user_certificate"].native for one in large.view({3000})["tbs_cert_list"]["revoked_certificates"]] == [
        3000
    ]


def test_large_lists_are_remembered_as_verified() -> None:
    from signing.validator import Signatures

    pki = forge.pki()
    for number in range(18):
        pki.gca.revoked = {serial: (AT - DAY, forge.x509.ReasonFlags.superseded) for serial in range(10, 1010 + number)}
        known = store(pki, [pki.root.crl(), pki.gca.crl()])
        assert code_of(known, pki.gca.issue("good", serial=4000 + number)) == "ok"
        assert code_of(known, pki.gca.issue("good", serial=5000 + number)) == "ok"

    assert Signatures()._verified == {}


def test_the_newest_issue_of_nothing_is_long_ago() -> None:
    assert crls.next_issue([], AT) is None
    assert crls.last_issue([], AT).year == 1


@pytest.mark.threat("sha-1")
def test_a_list_with_another_algorithm_counts_for_nothing() -> None:
    pki = forge.pki()
    known = RevocationList(pki.gca.crl())

    assert known.is_signed_by(facts(pki.gca))
    assert not known.is_signed_by(facts(pki.xca))
    assert not RevocationList(_with_sha1(pki)).is_signed_by(facts(pki.gca))


def _with_sha1(pki: forge.Pki) -> bytes:
    """The list with its algorithm named otherwise: SHA-1 is not ours, whatever the signature."""
    sha256, sha1 = forge.algorithm(forge.RSA_SHA256), forge.algorithm("1.2.840.113549.1.1.5")
    return pki.gca.crl().replace(sha256, sha1)


@pytest.mark.threat("list-number-back")
def test_a_list_whose_number_went_back_is_not_believed_nor_the_one_before_it() -> None:
    # Given a list that names the card, and a later one with a lower number that does not
    pki = forge.pki()
    signer = pki.gca.issue("signer")
    pki.gca.revoke(signer, AT - 3 * DAY)
    named = pki.gca.crl(7, at=AT - 2 * DAY)
    pki.gca.revoked.clear()
    known = store(pki, [pki.root.crl(), named, pki.gca.crl(6, at=AT - DAY), pki.xca.crl()])

    assert code_of(known, signer) == "crl_number_back"
    assert code_of(known, pki.xca.issue("other")) == "ok"
    with pytest.raises(Refused, match=r"no\. 6 .* < no\. 7 "):
        known.path_check(facts(signer), at=AT)


def test_a_refusal_for_want_of_a_list_names_it() -> None:
    pki = forge.pki()
    signer = facts(pki.gca.issue("signer"))
    late = pki.gca.crl(12, at=AT - 11 * DAY)

    with pytest.raises(Refused, match=r"CN=測試政府憑證,C=TW no. 12 \(2025-02-24T02:00:00Z – 2025-03-06T02:00:00Z\)"):
        store(pki, [pki.root.crl(), late]).path_check(signer, at=AT)
    with pytest.raises(Refused, match=r"CN=測試政府憑證,C=TW$"):
        store(pki, [pki.root.crl()]).path_check(signer, at=AT)


def test_a_generation_is_parsed_and_indexed_once_however_long_it_is() -> None:
    # Given a list of 300,000 entries in two stores, as when another authority's list was renewed in between
    pki = forge.pki()
    large, root_list = RevocationList(large_list(pki.gca, 300_000)), RevocationList(pki.root.crl())
    signers = [facts(pki.gca.issue("signer", serial=100 + number)) for number in range(40)]
    before = TrustStore([facts(pki.root)], [facts(pki.gca)], [large, root_list])
    before.path_check(signers[0], at=AT)
    parsed, index = large.parsed, large.index
    assert index.count == 300_000

    # When forty cards are looked at for the first time, a revoked one among them
    after = TrustStore([facts(pki.root)], [facts(pki.gca)], [large, RevocationList(pki.root.crl(2))])
    started = time.process_time()
    for signer in signers:
        after.path_check(signer, at=AT)
    revoked = pki.gca.issue("revoked", serial=FIRST_SERIAL + 299_999)
    assert code_of(after, revoked) == "certificate_revoked"
    spent = time.process_time() - started

    # Then nothing of it was read again: to walk it once takes seconds
    assert large.parsed is parsed and large.index is index
    assert spent / 41 < 0.05
