"""Certification paths: lists in force, what is remembered, what more lists than needed must not do."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import pytest

from signing import crls
from signing.certificates import CertificateFacts, certificate_read
from signing.crls import RevocationList
from signing.paths import ANY_POLICY_OID, PathPolicy, TrustStore
from signing.refusals import Refused
from tests.signing import forge
from tests.signing.forge import AT
from tests.signing.large_lists import FIRST_SERIAL, large_list

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)


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


@pytest.mark.threat("readers-differ")
def test_a_card_whose_names_one_parser_alone_can_read_has_no_path() -> None:
    pki = forge.pki()
    name = pki.gca.certificate.subject.public_bytes()
    odd = pki.gca.issue("signer").der.replace(name, name.replace(b"\x0c\x12", b"\x16\x12"))

    with pytest.raises(Refused) as refused:
        store(pki, [pki.root.crl(), pki.gca.crl()]).path_check(certificate_read(odd), at=AT)

    assert refused.value.code == "path_invalid"


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


@pytest.mark.threat("authorities-decoy")
@pytest.mark.parametrize("key", ["decoy", "測試政府憑證"])
def test_forty_decoys_that_name_each_other_neither_hide_the_real_one_nor_hold_the_gate_up(key: str) -> None:
    # Given forty of the real one's name, certified by each other, of one key or of the real one's own
    pki = forge.pki()
    bits = ("key_cert_sign", "crl_sign")
    posing = forge.Authority(pki.gca.certificate, forge.key(key))
    decoys = [facts(posing.issue("測試政府憑證", on=forge.key(key), ca=True, bits=bits)) for _ in range(40)]
    known = store(pki, [pki.root.crl(), pki.gca.crl()])
    known.intermediates = [*decoys, *known.intermediates]
    alone = TrustStore(known.anchors, decoys, known.lists)
    began = time.process_time()

    assert code_of(known, pki.gca.issue("signer")) == "ok"
    assert code_of(alone, posing.issue("forged")) == "untrusted"
    assert time.process_time() - began < 5


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


@pytest.mark.threat("authority-hidden")
def test_a_decoy_with_the_serial_of_an_authority_does_not_hide_it() -> None:
    pki = forge.pki()
    serial = pki.gca.certificate.serial_number
    decoy = pki.root.issue(
        "測試政府憑證", on=forge.key("decoy"), ca=True, serial=serial, bits=("key_cert_sign", "crl_sign")
    )
    known = store(pki, [pki.root.crl(), pki.gca.crl()])
    known.intermediates = [facts(decoy), *known.intermediates, facts(decoy)]

    assert code_of(known, pki.gca.issue("signer")) == "ok"


@pytest.mark.threat("authorities-decoy")
def test_an_authority_of_the_anchor_s_name_is_looked_at_after_the_anchor() -> None:
    pki = forge.pki()
    decoy = forge.root("stray").issue("測試根憑證", on=forge.key("decoy"), ca=True, bits=("key_cert_sign", "crl_sign"))
    known = store(pki, [pki.root.crl(), pki.gca.crl()])
    known.intermediates = [facts(decoy), *known.intermediates]

    found = known.path_check(facts(pki.gca.issue("signer")), at=AT)

    assert found.issuers == (facts(pki.gca), facts(pki.root))
    assert found.issuer == facts(pki.gca)


@pytest.mark.threat("certificate-self-made")
def test_a_self_made_certificate_of_the_same_name_and_serial_is_not_the_card() -> None:
    # Given one that names the real authority as its issuer, one that signed itself, one under a root of the same name
    pki = forge.pki()
    card = pki.gca.issue("楊主計", serial=4711)
    posing = forge.Authority(pki.gca.certificate, forge.key("impostor"))
    alone = forge.Authority(card.certificate, forge.key("impostor")).issue("楊主計", serial=4711)
    other_root = forge.root("測試根憑證/2")
    below = other_root.issue("測試政府憑證", on=forge.key("impostor"), ca=True, bits=("key_cert_sign", "crl_sign"))
    assert isinstance(below, forge.Authority)
    known = store(pki, [pki.root.crl(), pki.gca.crl()])

    assert code_of(known, card) == "ok"
    assert code_of(known, posing.issue("楊主計", serial=4711)) == "path_invalid"
    assert code_of(known, alone) == "untrusted"
    assert code_of(known, below.issue("楊主計", serial=4711), extra=[facts(below), facts(other_root)]) == "path_invalid"


TAIPEI = timezone(8 * HOUR)


@pytest.mark.threat("day-boundary")
@pytest.mark.parametrize(
    ("seconds", "code"),
    [(-1, "certificate_not_yet_valid"), (0, "ok"), (1, "ok")],
)
def test_a_card_begins_at_its_first_second_wherever_the_clock_stands(seconds: int, code: str) -> None:
    # Given a card issued on 29 February, whose day begins in Taipei eight hours before that of UTC
    pki = forge.pki()
    begins, ends = datetime(2024, 2, 29, tzinfo=TAIPEI), datetime(2030, 3, 1, tzinfo=TAIPEI) - SECOND
    signer = pki.gca.issue("signer", valid=(begins.astimezone(UTC), ends.astimezone(UTC)))
    at = begins + seconds * SECOND
    known = store(pki, [one.crl(at=begins - DAY) for one in (pki.root, pki.gca)])

    assert code_of(known, signer, at) == code
    assert code_of(known, signer, at.astimezone(UTC)) == code


@pytest.mark.threat("day-boundary", "expired")
@pytest.mark.parametrize(("seconds", "code"), [(-1, "ok"), (0, "ok"), (1, "certificate_expired")])
def test_a_card_ends_after_its_last_second_wherever_the_clock_stands(seconds: int, code: str) -> None:
    # Given one that ends on the 28th of a February without a 29th: 1 March in Taipei is still February in UTC
    pki = forge.pki()
    ends = datetime(2030, 3, 1, tzinfo=TAIPEI) - SECOND
    signer = pki.gca.issue("signer", valid=(datetime(2024, 2, 28, 16, tzinfo=UTC), ends.astimezone(UTC)))
    at = ends + seconds * SECOND
    known = store(pki, [one.crl(at=ends - DAY) for one in (pki.root, pki.gca)])

    assert code_of(known, signer, at) == code
    assert code_of(known, signer, at.astimezone(UTC)) == code


@pytest.mark.threat("day-boundary", "list-stale")
@pytest.mark.parametrize(("seconds", "code"), [(-1, "ok"), (1, "crl_stale")])
def test_a_list_ends_at_its_next_update_on_a_leap_day_too(seconds: int, code: str) -> None:
    pki = forge.pki()
    leap = datetime(2028, 2, 29, 0, 0, tzinfo=TAIPEI)
    signer = pki.gca.issue("signer")
    known = store(pki, [pki.root.crl(at=leap - DAY), pki.gca.crl(at=leap - 10 * DAY)])

    assert code_of(known, signer, leap + seconds * SECOND) == code


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
