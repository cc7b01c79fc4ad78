"""Certification paths: RFC 5280 with policies and mandatory revocation, by pyhanko-certvalidator (step 6).

Anchors are given, never the operating system's; nothing is fetched. A good result is kept per certificate and policy
for as long as nothing it rests on can change: the lists in force, their next update, the validity of the path.
"""

import logging
from collections import OrderedDict
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from asn1crypto import algos, keys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pyhanko_certvalidator import errors
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.ltv.poe import POEManager
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import (
    AlgorithmUsageConstraint,
    AlgorithmUsagePolicy,
    CertRevTrustPolicy,
    PKIXValidationParams,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import CertificateRegistry, SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer
from pyhanko_certvalidator.revinfo.manager import RevinfoManager
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    SignatureValidationContext,
    SignatureValidator,
)
from pyhanko_certvalidator.validate import async_validate_path

from signing import crls
from signing.algorithms import SIGNATURE_ALGORITHMS, signature_verify
from signing.certificates import CertificateFacts
from signing.crls import RevocationList
from signing.refusals import Refused

logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)

ANY_POLICY_OID: Final = "2.5.29.32.0"
CLASS_3_OID: Final = "2.16.886.101.0.3.3"
PATHS_MAX: Final = 20
_CACHE_MAX: Final = 20_000
_LARGE_BYTES: Final = 20_000
_REVOCATION: Final = CertRevTrustPolicy(
    RevocationCheckingPolicy(RevocationCheckingRule.CRL_REQUIRED, RevocationCheckingRule.CRL_REQUIRED)
)


@dataclass(frozen=True, slots=True)
class PathPolicy:
    """The user's inputs of RFC 5280, 6.1.1; without OIDs any policy will do."""

    oids: frozenset[str] = frozenset()
    explicit: bool = False
    inhibit_mapping: bool = False
    inhibit_any: bool = False

    def parameters(self) -> PKIXValidationParams:
        """As the validator takes them."""
        named = {"any_policy" if oid == ANY_POLICY_OID else oid for oid in self.oids}
        return PKIXValidationParams(
            user_initial_policy_set=frozenset(named or {"any_policy"}),
            initial_explicit_policy=self.explicit,
            initial_policy_mapping_inhibit=self.inhibit_mapping,
            initial_any_policy_inhibit=self.inhibit_any,
        )


CARD_POLICY: Final = PathPolicy(oids=frozenset({CLASS_3_OID}), explicit=True)


@dataclass(frozen=True, slots=True)
class PathVerdict:
    """A valid path: certificates from the issuer of the checked one up to the anchor, and the lists that were asked."""

    issuers: tuple[CertificateFacts, ...]
    lists: tuple[RevocationList, ...]
    policies: tuple[str, ...]
    good_from: datetime
    good_to: datetime

    @property
    def issuer(self) -> CertificateFacts:
        """The authority that issued the checked certificate."""
        return self.issuers[0]


@dataclass
class TrustStore:
    """Pinned anchors, known authorities, every archived revocation list."""

    anchors: Sequence[CertificateFacts]
    intermediates: Sequence[CertificateFacts] = ()
    lists: Sequence[RevocationList] = ()
    _cache: "OrderedDict[tuple[bytes, PathPolicy], PathVerdict]" = field(default_factory=OrderedDict)

    def path_check(
        self,
        certificate: CertificateFacts,
        *,
        at: datetime,
        policy: PathPolicy = CARD_POLICY,
        extra: Sequence[CertificateFacts] = (),
    ) -> PathVerdict:
        """A valid path for a certificate at a moment; Refused with the reason when there is none.

        `extra` are further untrusted certificates to build a path with (those a message carries).
        """
        key = (certificate.fingerprint, policy)
        known = self._cache.get(key)
        if known is not None and known.good_from <= at <= known.good_to:
            return known
        verdict = _Check(self, certificate, at, policy, extra).run()
        if not extra and verdict.good_from <= at <= verdict.good_to:
            self._cache[key] = verdict
            if len(self._cache) > _CACHE_MAX:
                self._cache.popitem(last=False)
        return verdict


class _Check:
    """One validation."""

    def __init__(
        self,
        store: TrustStore,
        certificate: CertificateFacts,
        at: datetime,
        policy: PathPolicy,
        extra: Sequence[CertificateFacts],
    ) -> None:
        self.store, self.certificate, self.at, self.policy = store, certificate, at, policy
        self.others = [*store.intermediates, *(one for one in extra if one not in store.intermediates)]
        authorities = [*store.anchors, *self.others]
        self.lists = crls.in_force(store.lists, authorities, at)
        self.serials = {one.parsed.serial_number for one in (certificate, *authorities)}
        self.known = {id(one.for_path): one for one in (certificate, *authorities)}
        self.context = self._context()

    def _context(self) -> ValidationContext:
        registry = CertificateRegistry.build([one.for_path for one in self.others])
        containers = [CRLContainer(one.view(self.serials)) for one in self.lists]
        return ValidationContext(
            moment=self.at,
            certificate_registry=registry,
            trust_manager=SimpleTrustManager.build([one.for_path for one in self.store.anchors]),
            revinfo_manager=RevinfoManager(registry, POEManager(), containers, ()),
            revinfo_policy=_REVOCATION,
            time_tolerance=timedelta(0),
            algorithm_usage_policy=_AllowList(),
            signature_validator=_SIGNATURES,
        )

    def run(self) -> PathVerdict:
        """The first path that is valid; Refused with what was wrong with the first one otherwise."""
        first: Refused | None = None
        for path in self._candidates():
            try:
                return self._validated(path)
            except Refused as refused:
                first = first or refused
        raise first or Refused("untrusted")

    def _candidates(self) -> list[ValidationPath]:
        try:
            return _run(self._collect())
        except errors.PathBuildingError as error:
            raise Refused("untrusted", str(error)) from None

    async def _collect(self) -> list[ValidationPath]:
        found: list[ValidationPath] = []
        async for path in self.context.path_builder.async_build_paths_lazy(self.certificate.for_path):
            found.append(path)
            if len(found) == PATHS_MAX:
                break
        return found

    def _validated(self, path: ValidationPath) -> PathVerdict:
        if path.pkix_len == 0:
            raise Refused("path_invalid", "the certificate is itself an anchor")
        chain = [self.known[id(one)] for one in path]
        if not chain[0].valid_from <= self.at <= chain[0].valid_to:
            raise Refused("certificate_expired", f"the anchor {chain[0].subject}")
        try:
            _run(async_validate_path(self.context, path, self.policy.parameters()))
        except (errors.ValidationError, errors.PathError) as error:
            raise _refusal(error) from None
        except (ValueError, TypeError, KeyError) as error:
            raise Refused("path_invalid", str(error)[:200]) from None
        return self._verdict(path, chain)

    def _verdict(self, path: ValidationPath, chain: list[CertificateFacts]) -> PathVerdict:
        names = {str(one.for_path.issuer.hashable) for one in chain}
        indirect = any(one.names_issuers for one in self.lists)
        used = [one for one in self.lists if indirect or one.issuer_key in names]
        policies = sorted(str(one.user_domain_policy_id) for one in path.qualified_policies() or ())
        return PathVerdict(
            issuers=tuple(reversed(chain[:-1])),
            lists=tuple(used),
            policies=tuple(policies),
            good_from=max(crls.last_issue(self.store.lists, self.at), *(one.valid_from for one in chain)),
            good_to=self._good_to(chain, used),
        )

    def _good_to(self, chain: list[CertificateFacts], used: list[RevocationList]) -> datetime:
        """Until when the verdict holds; in the past when it must not be kept at all."""
        path_serials = {one.parsed.serial_number for one in chain}
        ends = [one.valid_to for one in chain]
        for one in used:
            if one.next_update is None or one.lists_any(path_serials):
                return self.at - timedelta(seconds=1)
            ends.append(one.next_update)
        following = crls.next_issue(self.store.lists, self.at)
        if following is not None:
            ends.append(following - timedelta(microseconds=1))
        return min(ends)


class _AllowList(AlgorithmUsagePolicy):
    """Signature algorithms of certificates: those of ours with a hash of their own, keys of ours."""

    def digest_algorithm_allowed(
        self, algo: algos.DigestAlgorithm, moment: datetime | None
    ) -> AlgorithmUsageConstraint:
        return AlgorithmUsageConstraint(algo["algorithm"].native in ("sha256", "sha384", "sha512"))

    def signature_algorithm_allowed(
        self,
        algo: algos.SignedDigestAlgorithm,
        moment: datetime | None,
        public_key: keys.PublicKeyInfo | None,
    ) -> AlgorithmUsageConstraint:
        known = SIGNATURE_ALGORITHMS.get(algo.dump())
        return AlgorithmUsageConstraint(known is not None and known.hash_name != "")


class _Signatures(SignatureValidator):
    """Verifies certificates' and lists' signatures by our own function; large lists once."""

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
        known = (public_key_info.dump(), signature_algorithm.dump(), signature)
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
            if len(self._verified) > 16:
                self._verified.popitem(last=False)


_SIGNATURES: Final = _Signatures()


def _refusal(error: Exception) -> Refused:
    """What the validator's error means; the order matters, its classes inherit from one another."""
    text = str(error)
    if "valid set of policies" in text:
        return Refused("policy_missing", text)
    codes: tuple[tuple[type[Exception], str], ...] = (
        (errors.RevokedError, "certificate_revoked"),
        (errors.ExpiredError, "certificate_expired"),
        (errors.NotYetValidError, "certificate_not_yet_valid"),
        (errors.StaleRevinfoError, "crl_stale"),
        (errors.InsufficientRevinfoError, "crl_missing"),
        (errors.DisallowedAlgorithmError, "algorithm_refused"),
    )
    return Refused(next((code for kind, code in codes if isinstance(error, kind)), "path_invalid"), text)


def _run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that never waits: without fetching the validator has nothing to wait for."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    coroutine.close()
    raise RuntimeError("the path validator waited for something")
