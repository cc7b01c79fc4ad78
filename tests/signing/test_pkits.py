"""NIST PKITS through our own code, with every certificate and every list of the suite at hand for each case."""

from collections import Counter
from functools import cache

import pytest

from signing.certificates import CertificateFacts, certificate_read, certificates_load, crls_load
from signing.crls import RevocationList
from signing.gate import signature_check
from signing.paths import TrustStore
from signing.refusals import Refused
from tests.signing import pkits
from tests.signing.pkits import AT, Case
from tests.tally import Tally

pytestmark = pytest.mark.filterwarnings("ignore:Parsed a serial number which wasn't positive")


@cache
def store() -> TrustStore:
    """The whole suite: one anchor, all other certificates, all lists (some of them forged, some stale)."""
    anchor = certificate_read((pkits.DATA / "certs" / pkits.ANCHOR).read_bytes())
    loaded: list[CertificateFacts] = [facts for _, facts in certificates_load(pkits.DATA / "certs", strict=False)]
    lists = [RevocationList(one) for one in crls_load(pkits.DATA / "crls")]
    return TrustStore([anchor], [one for one in loaded if one != anchor], lists)


def is_valid(case: Case) -> bool:
    try:
        certificate = certificate_read((pkits.DATA / "certs" / case.name).read_bytes())
        return bool(store().path_check(certificate, at=AT, policy=case.policy))
    except Refused:
        return False


def test_it_judges_every_path_as_nist_does_but_those_by_dsa(tally: Tally) -> None:
    cases = pkits.cases()

    otherwise = [case for case in cases if is_valid(case) != case.valid]

    tally("PKITS paths, our own table", len(cases) - len(otherwise), len(cases))
    assert {case.name for case in otherwise} == pkits.DSA
    assert len(otherwise) == 2


def test_it_verifies_every_signed_message_but_those_by_dsa(tally: Tally) -> None:
    codes: Counter[str] = Counter()

    for content, message in pkits.signed_messages():
        try:
            signature_check(content=content, message=message)
            codes["ok"] += 1
        except Refused as refused:
            codes[refused.code] += 1

    tally("PKITS S/MIME messages", codes["ok"], codes.total())
    assert codes == {"ok": 221, "algorithm_refused": 2, "certificate_malformed": 1}
