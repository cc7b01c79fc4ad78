"""NIST PKITS: what each end entity of the suite is expected to be, by our own reading of the test document.

The name says it for most (`Valid...`, `Invalid...`). The policy tests depend on the user's inputs, so these are
written out. Two cases are valid for NIST and not for us: those by DSA, because DSA is none of our algorithms.
"""

import email
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import cryptography_vectors

from signing.paths import ANY_POLICY_OID, PathPolicy

DATA = Path(cryptography_vectors.__file__).parent / "x509" / "PKITS_data"
AT = datetime(2022, 5, 1, tzinfo=UTC)
ANCHOR = "TrustAnchorRootCertificate.crt"
DSA = {"ValidDSASignaturesTest4EE.crt", "ValidDSAParameterInheritanceTest5EE.crt"}
ONE, TWO, THREE, FOUR, FIVE, SIX = (f"2.16.840.1.101.3.2.1.48.{number}" for number in range(1, 7))


ANY = PathPolicy()


@dataclass(frozen=True)
class Case:
    """One end entity under one set of inputs."""

    name: str
    valid: bool
    policy: PathPolicy = ANY

    @property
    def is_by_dsa(self) -> bool:
        """Whether it is valid, and signed in a way that we refuse."""
        return self.name in DSA


def explicit(*oids: str, **given: bool) -> PathPolicy:
    """Inputs that ask for a policy."""
    return PathPolicy(oids=frozenset(oids), explicit=True, **given)


def asked(*oids: str, **given: bool) -> PathPolicy:
    """Inputs that name policies without demanding one; the certificates may demand it."""
    return PathPolicy(oids=frozenset(oids), **given)


# 4.8: certificate policies
_POLICIES = [
    ("ValidCertificatePathTest1EE", [(explicit(), True), (explicit(ONE), True), (explicit(TWO), False)]),
    ("ValidCertificatePathTest1EE", [(explicit(ONE, TWO), True)]),
    # Nobody demands a policy here, so naming one that is not there does no harm
    ("ValidCertificatePathTest1EE", [(asked(), True), (asked(TWO), True), (asked(ONE, TWO), True)]),
    ("AllCertificatesNoPoliciesTest2EE", [(asked(), True), (explicit(), False)]),
    ("DifferentPoliciesTest3EE", [(asked(), True), (explicit(), False), (explicit(ONE, TWO), False)]),
    ("DifferentPoliciesTest4EE", [(asked(), False)]),
    ("DifferentPoliciesTest5EE", [(asked(), False)]),
    ("OverlappingPoliciesTest6EE", [(asked(), True), (asked(ONE), True), (asked(TWO), False), (explicit(TWO), False)]),
    ("DifferentPoliciesTest7EE", [(asked(), False)]),
    ("DifferentPoliciesTest8EE", [(asked(), False)]),
    ("DifferentPoliciesTest9EE", [(asked(), False)]),
    ("AllCertificatesSamePoliciesTest10EE", [(asked(), True), (asked(ONE), True), (asked(TWO), True)]),
    ("AllCertificatesSamePoliciesTest13EE", [(asked(), True), (asked(ONE, TWO), True)]),
    ("AllCertificatesanyPolicyTest11EE", [(asked(), True), (asked(ONE), True)]),
    ("DifferentPoliciesTest12EE", [(asked(), False)]),
    ("AllCertificatesSamePoliciesTest13EE", [(asked(ONE), True), (asked(TWO), True), (asked(THREE), True)]),
    ("AnyPolicyTest14EE", [(asked(), True), (asked(ONE), True), (asked(TWO), False), (asked(ONE, TWO), True)]),
    ("UserNoticeQualifierTest15EE", [(asked(), True)]),
    ("UserNoticeQualifierTest16EE", [(asked(), True)]),
    ("UserNoticeQualifierTest17EE", [(asked(), True)]),
    ("UserNoticeQualifierTest18EE", [(asked(ONE), True), (asked(TWO), True)]),
    ("UserNoticeQualifierTest19EE", [(asked(), True)]),
    ("CPSPointerQualifierTest20EE", [(explicit(ONE), True)]),
    # 4.10: mappings
    ("ValidPolicyMappingTest1EE", [(asked(ONE), True), (asked(TWO), False), (asked(inhibit_mapping=True), False)]),
    ("ValidPolicyMappingTest1EE", [(asked(ONE, inhibit_mapping=True), False)]),
    ("InvalidPolicyMappingTest2EE", [(asked(), False), (asked(inhibit_mapping=True), False)]),
    ("ValidPolicyMappingTest3EE", [(asked(ONE), False), (asked(TWO), True)]),
    ("ValidPolicyMappingTest5EE", [(asked(ONE), True), (asked(SIX), False)]),
    ("ValidPolicyMappingTest6EE", [(asked(ONE), True), (asked(SIX), False)]),
    ("ValidPolicyMappingTest12EE", [(asked(), True), (asked(ONE), True), (asked(TWO), True)]),
    ("ValidPolicyMappingTest13EE", [(asked(), True), (asked(ONE), True), (asked(TWO), False), (asked(ONE, TWO), True)]),
    # 4.12: inhibit anyPolicy
    ("inhibitAnyPolicyTest3EE", [(asked(), True), (asked(inhibit_any=True), False)]),
    ("ValidinhibitAnyPolicyTest2EE", [(asked(), True), (asked(ANY_POLICY_OID), True)]),
]


def cases() -> list[Case]:
    """Every case: by name where the name says it, by the table above where inputs matter."""
    names = {path.name for path in (DATA / "certs").glob("*EE.crt")}
    table = [Case(f"{name}.crt", valid, policy) for name, inputs in _POLICIES for policy, valid in inputs]
    told = {one.name for one in table}
    assert told <= names, told - names
    for name in sorted(names):
        if name.startswith("Valid"):
            table.append(Case(name, True)) if name not in told else None
        elif name.startswith("Invalid"):
            table.append(Case(name, False)) if name not in told else None
        else:
            assert name in told, f"{name} is in no table"
    return table


def signed_messages() -> Iterator[tuple[bytes, bytes]]:
    """Content and signature (CMS, DER) of each of the suite's signed mails.

    The signed part is the text as it stands between the boundaries, with the line ends of mail.
    """
    for path in sorted((DATA / "smime").glob("*.eml")):
        raw = path.read_bytes()
        parsed = email.message_from_bytes(raw)
        boundary = b"--" + str(parsed.get_boundary()).encode()
        content = raw.split(boundary)[1].removeprefix(b"\r\n").removeprefix(b"\n")
        content = content.removesuffix(b"\n").removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        attached = [part for part in parsed.walk() if "pkcs7" in part.get_content_type()][-1]
        payload = attached.get_payload(decode=True)
        assert isinstance(payload, bytes)
        yield content, payload
