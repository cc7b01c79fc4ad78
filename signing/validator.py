"""How we hold pyhanko-certvalidator: our algorithms, our reading of its errors, and a stricter revocation manager.

It passes NIST PKITS when every case brings its own lists. With more lists at hand than a path needs it accepts too
much: it takes a list of any authority below a certificate's issuer as word on that certificate, and while it checks
the certificate of a list's signer it takes the list, and remembers its signer, without verifying it. Hence `crls`
leaves out every list that no authority known by its name verifies, `paths` asks about one certificate at a time with
the lists that RFC 5280 allows for it, and `Revocations` remembers no signer whose key does not verify the list.
"""

import logging
from collections import OrderedDict
from collections.abc import Coroutine, Iterable, Iterator
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any, Final

from asn1crypto import algos, keys
from asn1crypto import x509 as asn1_x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pyhanko_certvalidator import errors
from pyhanko_certvalidator.authority import TrustAnchor
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.ltv.poe import POEManager
from pyhanko_certvalidator.policy_decl import (
    AlgorithmUsageConstraint,
    AlgorithmUsagePolicy,
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import CertificateRegistry, TrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer
from pyhanko_certvalidator.revinfo.manager import RevinfoManager
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    SignatureValidationContext,
    SignatureValidator,
)

from signing.algorithms import SIGNATURE_ALGORITHMS, signature_verify
from signing.refusals import Refused

logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)

STEPS_MAX: Final = 200
_steps_left: ContextVar[int] = ContextVar("steps_left", default=STEPS_MAX)
_LARGE_BYTES: Final = 20_000
_LARGE_MAX: Final = 16
_REFUSALS: Final[tuple[tuple[type[Exception], str], ...]] = (
    # In this order: the classes inherit from one another
    (errors.RevokedError, "certificate_revoked"),
    (errors.ExpiredError, "certificate_expired"),
    (errors.NotYetValidError, "certificate_not_yet_valid"),
    (errors.StaleRevinfoError, "crl_stale"),
    (errors.InsufficientRevinfoError, "crl_missing"),
    (errors.CRLNoMatchesError, "crl_missing"),
    (errors.CRLValidationError, "crl_missing"),
    (errors.DisallowedAlgorithmError, "algorithm_refused"),
    (errors.PathBuildingError, "untrusted"),
)
ERRORS: Final = (errors.ValidationError, errors.PathError, errors.CRLValidationError)


def _rule(rule: RevocationCheckingRule) -> CertRevTrustPolicy:
    return CertRevTrustPolicy(RevocationCheckingPolicy(rule, rule))


REVOCATION_REQUIRED: Final = _rule(RevocationCheckingRule.CRL_REQUIRED)
REVOCATION_LATER: Final = _rule(RevocationCheckingRule.NO_CHECK)


def context(
    *,
    at: datetime,
    registry: CertificateRegistry,
    trust: TrustManager,
    revocation: CertRevTrustPolicy,
    lists: Iterable[Any] = (),
) -> ValidationContext:
    """A context of the validator for one moment: no fetching, no tolerance, our algorithms."""
    return ValidationContext(
        moment=at,
        certificate_registry=registry,
        trust_manager=trust,
        revinfo_manager=Revocations(registry, POEManager(), [CRLContainer(one) for one in lists], ()),
        revinfo_policy=revocation,
        time_tolerance=timedelta(0),
        algorithm_usage_policy=AllowList(),
        signature_validator=SIGNATURES,
    )


class Registry(CertificateRegistry):
    """Known certificates by their bytes: one with the issuer and serial number of an authority must not hide it."""

    def register(self, cert: asn1_x509.Certificate) -> bool:
        """Takes a certificate in; False when it is there already."""
        same_name = self._subject_map[cert.subject.hashable]
        if any(known.dump() == cert.dump() for known in same_name):
            return False
        key_hash = cert.public_key.sha1
        self.certs.setdefault(cert.issuer_serial, cert)
        same_name.append(cert)
        self._key_hash_map[key_hash].append(cert)
        self._key_identifier_map[cert.key_identifier or key_hash].append(cert)
        return True

    def find_potential_issuers(
        self, cert: asn1_x509.Certificate, trust_manager: TrustManager
    ) -> Iterator[TrustAnchor | asn1_x509.Certificate]:
        """Who may have issued a certificate: anchors, then those whose key verifies it, then all others of that name.

        Decoys of an authority's name, forty of which name each other, so neither come before the real one nor are all
        their orders tried: a search ends after STEPS_MAX steps.
        """
        left = _steps_left.get()
        _steps_left.set(left - 1)
        if not left:
            raise errors.PathBuildingError("too many certificates of the same names")
        found = list(super().find_potential_issuers(cert, trust_manager))
        return iter(found if len(found) < 2 else sorted(found, key=lambda one: not _has_issued(one, cert)))


def _has_issued(issuer: TrustAnchor | asn1_x509.Certificate, cert: asn1_x509.Certificate) -> bool:
    """Whether the key of a possible issuer verifies a certificate; an anchor is looked at first in any case."""
    if isinstance(issuer, TrustAnchor):
        return True
    try:
        SIGNATURES.validate_signature(
            signature=cert["signature_value"].native,
            signed_data=cert["tbs_certificate"].dump(),
            public_key_info=issuer.public_key,
            signature_algorithm=cert["signature_algorithm"],
        )
    except (InvalidSignature, errors.AlgorithmNotSupported):
        return False
    return True


class AllowList(AlgorithmUsagePolicy):
    """Signature algorithms of certificates: those of ours that name their hash."""

    def signature_algorithm_allowed(
        self,
        algo: algos.SignedDigestAlgorithm,
        moment: datetime | None,
        public_key: keys.PublicKeyInfo | None,
    ) -> AlgorithmUsageConstraint:
        """Whether a certificate may be signed this way."""
        known = SIGNATURE_ALGORITHMS.get(algo.contents)
        return AlgorithmUsageConstraint(known is not None and known.hash_name != "")


class Signatures(SignatureValidator):
    """Verifies the signatures of certificates and lists by our own function; a large list once."""

    def __init__(self) -> None:
        self._verified: OrderedDict[tuple[bytes, bytes, bytes], bytes] = OrderedDict()

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: keys.PublicKeyInfo,
        signature_algorithm: algos.SignedDigestAlgorithm,
        context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,
    ) -> None:
        """Raises InvalidSignature unless the signature verifies with an algorithm and key of ours."""
        known = (public_key_info.dump(), signature_algorithm.contents, signature)
        if self._verified.get(known) == signed_data:
            return
        algorithm = SIGNATURE_ALGORITHMS.get(known[1])
        if algorithm is None or not algorithm.hash_name:
            raise errors.AlgorithmNotSupported("algorithm not accepted")
        try:
            signature_verify(
                key=load_der_public_key(known[0]),
                scheme=algorithm.scheme,
                hash_name=algorithm.hash_name,
                signature=signature,
                signed=signed_data,
            )
        except (Refused, ValueError) as error:
            raise InvalidSignature(str(error)) from None
        if len(signed_data) > _LARGE_BYTES:
            self._verified[known] = signed_data
            if len(self._verified) > _LARGE_MAX:
                self._verified.popitem(last=False)


SIGNATURES: Final = Signatures()


class Revocations(RevinfoManager):
    """Remembers a list's signer only once the list verifies with the signer's key."""

    def record_crl_issuer(self, certificate_list: Any, cert: Any) -> None:
        """Remembers who signed a list, if so; else the validator has to look for the signer again."""
        try:
            SIGNATURES.validate_signature(
                signature=certificate_list["signature"].native,
                signed_data=certificate_list["tbs_cert_list"].dump(),
                public_key_info=cert.public_key,
                signature_algorithm=certificate_list["signature_algorithm"],
            )
        except InvalidSignature:
            return
        super().record_crl_issuer(certificate_list, cert)  # type: ignore[no-untyped-call]


def refusal(error: Exception) -> Refused:
    """What an error of the validator means."""
    text = str(error)
    if "valid set of policies" in text:
        return Refused("policy_missing", text)
    if isinstance(error, errors.CRLValidationIndeterminateError):
        return Refused("crl_stale" if error.suspect_stale else "crl_missing", error.msg)
    return Refused(next((code for kind, code in _REFUSALS if isinstance(error, kind)), "path_invalid"), text)


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that never waits: without fetching the validator has nothing to wait for."""
    _steps_left.set(STEPS_MAX)
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    coroutine.close()
    raise RuntimeError("the path validator waited for something")
