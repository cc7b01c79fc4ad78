"""Certification paths: which way up is taken, what is remembered, what decoys must not do."""

import time
from datetime import datetime, timedelta

import pytest

from signing.certificates import certificate_read
from signing.paths import ANY_POLICY_OID, PathPolicy, TrustStore
from signing.refusals import Refused
from tests.signing import forge
from tests.signing.forge import AT
from tests.signing.stores import code_of, facts, store

DAY = timedelta(days=1)


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
