"""The gate: what it accepts, and whom it believes (step 6)."""

from datetime import timedelta
from typing import Any

import pytest

from signing.cms import message_read
from signing.crls import RevocationList
from signing.gate import gate_pass
from signing.paths import CARD_POLICY, PathPolicy
from signing.refusals import DETAIL_MAX, REFUSALS, Refused
from signing.remedies import WORDINGS
from tests.signing import forge
from tests.signing.forge import AT, attribute, tlv
from tests.signing.messages import ACCEPTED, CONTENT, GOOD, PKI, SIGNER, attributes, code_of, store


@pytest.mark.parametrize("given", ACCEPTED.values(), ids=list(ACCEPTED))
def test_it_passes_every_accepted_spelling(given: dict[str, Any]) -> None:
    assert code_of(**given) == "ok"


def test_it_reads_the_times_of_two_centuries() -> None:
    late = attribute(forge.SIGNING_TIME, tlv(0x18, b"20510307020000Z"))
    early = attribute(forge.SIGNING_TIME, tlv(0x17, b"990307020000Z"))

    assert message_read(forge.message(SIGNER, CONTENT, attributes=attributes(time=late))).signing_time.year == 2051
    assert message_read(forge.message(SIGNER, CONTENT, attributes=attributes(time=early))).signing_time.year == 1999


def test_it_names_signer_issuer_and_path() -> None:
    signer = gate_pass(store=store(), content=CONTENT, message=GOOD, at=AT)

    assert signer.certificate.der == SIGNER.der
    assert [one.der for one in signer.path.issuers] == [PKI.gca.der, PKI.root.der]
    assert signer.path.policies == (forge.CLASS_3,)


@pytest.mark.threat("encipherment", "policy-other", "anchor-foreign", "certificate-self-made", "expired")
@pytest.mark.parametrize(
    ("code", "signer"),
    [
        ("key_usage", PKI.gca.issue("encipherment", bits=("key_encipherment", "data_encipherment"))),
        ("key_usage", PKI.gca.issue("agreement", bits=("key_agreement",), on=forge.key("elliptic", "p256"))),
        ("key_usage", PKI.gca.issue("agreement 384", bits=("key_agreement",), on=forge.key("elliptic384", "p384"))),
        ("key_usage", PKI.gca.issue("no usage", bits=None)),
        ("key_usage", forge.root("a stranger's root")),
        ("policy_missing", PKI.gca.issue("class 1", policies=("2.16.886.101.0.3.1",))),
        ("policy_missing", PKI.gca.issue("no policy", policies=())),
        ("policy_missing", PKI.gca.issue("any policy's child", policies=("2.16.886.101.0.3.3.1",))),
        ("untrusted", forge.root("a stranger's root").issue("stranger's")),
        ("path_invalid", forge.Authority(PKI.gca.certificate, forge.key("impostor")).issue("楊主計")),
        ("certificate_expired", PKI.gca.issue("expired", valid=(AT - timedelta(days=9), AT - timedelta(seconds=1)))),
    ],
)
def test_it_refuses_a_signer_without_standing(code: str, signer: forge.Identity) -> None:
    with pytest.raises(Refused) as refused:
        gate_pass(store=store(), content=CONTENT, message=forge.message(signer, CONTENT), at=AT)

    assert refused.value.code == code


@pytest.mark.threat("list-of-message")
def test_a_list_that_the_message_brings_along_hides_nothing() -> None:
    # Given a card revoked yesterday, whose message carries the list of the day before
    pki = forge.pki()
    signer, before = pki.gca.issue("revoked"), pki.gca.crl(1, at=AT - timedelta(days=2))
    pki.gca.revoke(signer, AT - timedelta(days=1))
    known = store()
    known.lists = [RevocationList(pki.root.crl()), RevocationList(pki.gca.crl(2))]

    with pytest.raises(Refused) as refused:
        gate_pass(store=known, content=CONTENT, message=forge.message(signer, CONTENT, crls=[before]), at=AT)

    assert refused.value.code == "certificate_revoked"


@pytest.mark.threat("authority-of-message")
def test_the_message_s_own_authorities_count_outside_the_product_alone() -> None:
    # Given an authority that only the message brings along
    below = PKI.root.issue("新設憑證機構", ca=True, bits=("key_cert_sign", "crl_sign"))
    assert isinstance(below, forge.Authority)
    signer = below.issue("新機關主計")
    message = forge.message(signer, CONTENT, certificates=[signer.der, below.der])
    known = store()
    known.lists = [*known.lists, RevocationList(below.crl())]

    with pytest.raises(Refused) as refused:
        gate_pass(store=known, content=CONTENT, message=message, at=AT)
    found = gate_pass(
        store=known, content=CONTENT, message=message, at=AT, policy=PathPolicy(), use_message_certificates=True
    )

    assert refused.value.code == "untrusted"
    assert found.path.issuer.der == below.der
    assert CARD_POLICY.explicit


def test_every_code_has_a_sentence_and_a_remedy_in_both_languages() -> None:
    assert all(zh and en and zh != en for zh, en in REFUSALS.values())
    assert set(WORDINGS) == set(REFUSALS)
    assert Refused("digest_differs").title_zh in Refused("digest_differs", "x").detail


def test_a_refusal_repeats_no_more_than_a_line_of_a_stranger_s_words() -> None:
    signer = PKI.gca.issue("/".join(f"a name without an end {number}" for number in range(40)), bits=None)

    with pytest.raises(Refused) as refused:
        gate_pass(store=store(), content=CONTENT, message=forge.message(signer, CONTENT), at=AT)

    assert len(refused.value.reason) == DETAIL_MAX
