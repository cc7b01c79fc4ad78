"""Certification paths: lists in force, what is remembered, what more lists than needed must not do."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from signing import crls
from signing.certificates import CertificateFacts, certificate_read
from signing.crls import RevocationList
from signing.paths import ANY_POLICY_OID, PathPolicy, TrustStore
from signing.refusals import Refused
from tests.signing import forge
from tests.signing.forge import AT

DAY = timedelta(days=1)


def facts(identity: forge.Identity) -> CertificateFacts:
    return certificate_read(identity.der)


def store(authorities: forge.Pki, lists: Sequence[bytes]) -> TrustStore:
    below = [facts(one) for one in authorities.authorities.values()]
    return TrustStore([facts(authorities.root)], below, [RevocationList(one) for one in lists])


def code_of(known: TrustStore, identity: forge.Identity, at: datetime = AT, **given: object) -> str:
    try:
        known.path_check(facts(identity), at=at, **given)  # type: ignore[arg-type]
    except Refused as refused:
        return refused.code
    return "ok"


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


def test_a_result_is_remembered_until_anything_it_rests_on_may_change() -> None:
    pki = forge.pki()
    signer = facts(pki.gca.issue("signer"))
    next_day = pki.gca.crl(2, at=AT + DAY)
    known = store(pki, [pki.root.crl(), pki.gca.crl(1), next_day])

    first = known.path_check(signer, at=AT)

    assert known.path_check(signer, at=AT + timedelta(hours=5)) is first
    assert known.path_check(signer, at=AT + DAY) is not first
    assert known.path_check(signer, at=AT, policy=PathPolicy()) is not first
    assert first.good_to < AT + DAY
    assert {one.number for one in first.lists} == {1}


def test_a_result_is_not_remembered_where_a_list_names_the_certificate() -> None:
    pki = forge.pki()
    signer = facts(pki.gca.issue("signer"))
    pki.gca.revoke(forge.Identity(signer.parsed, None), AT + timedelta(hours=1))
    known = store(pki, [pki.root.crl(), pki.gca.crl()])

    first = known.path_check(signer, at=AT)

    assert first.good_to < AT
    assert known.path_check(signer, at=AT) is not first
    with pytest.raises(Refused):
        known.path_check(signer, at=AT + timedelta(hours=1))


def test_the_memory_of_results_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signing.paths._CACHE_MAX", 2)
    pki = forge.pki()
    known = store(pki, [pki.root.crl(), pki.gca.crl()])

    for number in range(4):
        assert code_of(known, pki.gca.issue(f"signer {number}", on=forge.key("signer"))) == "ok"

    assert len(known._cache) == 2


@pytest.mark.threat("expired")
def test_an_anchor_is_no_signer_and_ends_with_its_own_validity() -> None:
    pki = forge.pki()
    known = store(pki, [pki.root.crl(), pki.gca.crl()])
    late = datetime(2046, 1, 1, tzinfo=AT.tzinfo)
    signer = pki.gca.issue("signer", valid=(AT, late))

    assert code_of(known, pki.root) == "path_invalid"
    assert code_of(known, signer, late) == "certificate_expired"
    assert code_of(known, signer, AT.replace(year=2009)) == "certificate_expired"


@pytest.mark.threat("card-as-authority")
def test_a_card_does_not_act_as_an_authority() -> None:
    pki = forge.pki()
    card = pki.gca.issue("card")
    below = forge.Authority(card.certificate, card.key).issue("below")
    known = store(pki, [pki.root.crl(), pki.gca.crl()])

    assert code_of(known, below, extra=[facts(card)]) == "path_invalid"


@pytest.mark.threat("policy-other")
def test_any_policy_may_be_asked_for_by_its_number() -> None:
    pki = forge.pki()
    known = store(pki, [pki.root.crl(), pki.gca.crl()])
    signer = pki.gca.issue("signer")

    assert code_of(known, signer, policy=PathPolicy(oids=frozenset({ANY_POLICY_OID}), explicit=True)) == "ok"
    assert code_of(known, signer, policy=PathPolicy(oids=frozenset({"1.2.3"}), explicit=True)) == "policy_missing"


def test_of_two_paths_one_that_is_valid_is_enough() -> None:
    # Given two authorities of the same name and key, one of them certified by a stray root
    pki = forge.pki()
    stray = forge.root("stray root").issue("測試政府憑證", on=pki.gca.key, ca=True, bits=("key_cert_sign", "crl_sign"))
    known = store(pki, [pki.root.crl(), pki.gca.crl()])
    signer = pki.gca.issue("signer")

    assert code_of(known, signer, extra=[facts(stray)]) == "ok"


@pytest.mark.threat("authorities-decoy")
def test_forty_decoys_neither_hide_the_real_authority_nor_hold_the_gate_up(monkeypatch: pytest.MonkeyPatch) -> None:
    pki = forge.pki()
    decoys = [
        facts(pki.root.issue("測試政府憑證", on=forge.key("decoy"), ca=True, bits=("key_cert_sign", "crl_sign")))
        for _ in range(40)
    ]
    known = store(pki, [pki.root.crl(), pki.gca.crl()])
    known.intermediates = [*decoys, *known.intermediates]
    forged = forge.Authority(pki.gca.certificate, forge.key("other")).issue("signer")

    assert code_of(known, pki.gca.issue("signer")) == "ok"
    assert code_of(known, forged) == "path_invalid"
    monkeypatch.setattr("signing.paths.PATHS_MAX", 10)
    assert code_of(known, forged) == "path_invalid"


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
