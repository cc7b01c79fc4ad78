"""Certification paths: RFC 5280 with policies and mandatory revocation (step 6 of the gate).

Anchors are given, never the operating system's; nothing is fetched. A good result is kept per certificate and policy
for as long as nothing it rests on can change: the lists in force, their next update, the validity of the path.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from pyhanko_certvalidator import errors
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import PKIXValidationParams
from pyhanko_certvalidator.registry import CertificateRegistry, SimpleTrustManager
from pyhanko_certvalidator.revinfo.validate_crl import verify_crl
from pyhanko_certvalidator.validate import async_validate_path

from signing import crls, validator
from signing.certificates import UNREADABLE, CertificateFacts
from signing.crls import RevocationList
from signing.refusals import Refused

ANY_POLICY_OID: Final = "2.5.29.32.0"
CLASS_3_OID: Final = "2.16.886.101.0.3.3"
PATHS_MAX: Final = 200
_CACHE_MAX: Final = 20_000
_MOMENT: Final = timedelta(microseconds=1)


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
    """A valid path: the authorities from the certificate's issuer up to the anchor, and the lists that were asked."""

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
        try:
            verdict = _Check(self, certificate, at, policy, extra).run()
        except UNREADABLE as error:
            # What the validator's parser makes of a certificate that ours could read
            raise Refused("path_invalid", str(error)[:200]) from None
        if not extra and verdict.good_from <= at <= verdict.good_to:
            self._cache[key] = verdict
            if len(self._cache) > _CACHE_MAX:
                self._cache.popitem(last=False)
        return verdict

    @cached_property
    def trust(self) -> SimpleTrustManager:
        """The anchors as the validator takes them."""
        return SimpleTrustManager.build([one.for_path for one in self.anchors])

    def registry(self, extra: Sequence[CertificateFacts]) -> CertificateRegistry:
        """The known authorities as the validator takes them."""
        return _registry((*self.intermediates, *extra)) if extra else self._known

    @cached_property
    def _known(self) -> CertificateRegistry:
        return _registry(self.intermediates)

    @cached_property
    def authorities(self) -> tuple[CertificateFacts, ...]:
        """Anchors and intermediates."""
        return (*self.anchors, *self.intermediates)


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
        self.authorities = (*store.authorities, *extra)
        self.lists, self.went_back = crls.in_force(store.lists, self.authorities, at)
        self.registry = store.registry(extra)
        self.context = validator.context(
            at=at, registry=self.registry, trust=store.trust, revocation=validator.REVOCATION_LATER
        )
        self.known = {id(one.for_path): one for one in (certificate, *self.authorities)}

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
            found: list[ValidationPath] = validator.run(self._collect())
        except validator.ERRORS as error:
            raise validator.refusal(error) from None
        return found

    async def _collect(self) -> list[ValidationPath]:
        found: list[ValidationPath] = []
        try:
            async for path in self.context.path_builder.async_build_paths_lazy(self.certificate.for_path):
                found.append(path)
                if len(found) == PATHS_MAX:
                    break
        except errors.PathBuildingError:
            if not found:
                raise
        return found

    def _validated(self, path: ValidationPath) -> PathVerdict:
        """Names, validity, policies of a path first, then whether anything in it was revoked."""
        if path.pkix_len == 0:
            raise Refused("path_invalid", "the certificate is itself an anchor")
        chain = [self.known[id(one)] for one in path]
        if not chain[0].valid_from <= self.at <= chain[0].valid_to:
            raise Refused("certificate_expired", f"the anchor {chain[0].subject}")
        used: list[RevocationList] = []
        try:
            validator.run(async_validate_path(self.context, path, self.policy.parameters()))
            for one in chain[1:]:
                used += self._check_revocation(one, path, chain)
        except validator.ERRORS as error:
            raise validator.refusal(error) from None
        policies = sorted(str(one.user_domain_policy_id) for one in path.qualified_policies() or ())
        return PathVerdict(
            issuers=tuple(reversed(chain[:-1])),
            lists=tuple({one.sha256: one for one in used}.values()),
            policies=tuple(policies),
            good_from=max(crls.last_issue(self.store.lists, self.at), *(one.valid_from for one in chain)),
            good_to=self._good_to(chain, used),
        )

    def _check_revocation(
        self, one: CertificateFacts, path: ValidationPath, chain: list[CertificateFacts]
    ) -> list[RevocationList]:
        """Asks the lists that may speak of one certificate of a path; returns them."""
        names, signers = self._speakers(one, chain)
        if backward := names & self.went_back.keys():
            raise Refused("crl_number_back", "; ".join(self.went_back[name] for name in sorted(backward)))
        lists = [known for known in self.lists if known.issuer_key in names]
        serials = {known.parsed.serial_number for known in (one, *signers)}
        # A moment later, so that what was revoked at this very moment counts as revoked
        asked = validator.context(
            at=self.at + _MOMENT,
            registry=self.registry,
            trust=self.store.trust,
            revocation=validator.REVOCATION_REQUIRED,
            lists=[known.view(serials) for known in lists],
        )
        for authority in chain[: chain.index(one)]:
            asked.record_validation(authority.for_path, path)  # type: ignore[no-untyped-call]
        try:
            validator.run(verify_crl(one.for_path, path, asked))
        except validator.ERRORS as error:
            raise _named(validator.refusal(error), one, lists) from None
        return lists

    def _speakers(
        self, one: CertificateFacts, chain: list[CertificateFacts]
    ) -> tuple[set[str], list[CertificateFacts]]:
        """The names whose lists count for a certificate, and the authorities outside the path that may sign them.

        Names: its issuer and the list issuers it names itself; where such a signer stands outside the path, also what
        is needed to check that signer's own certificate.
        """
        names: set[str] = _list_issuers(one)
        signers: list[CertificateFacts] = []
        outside = [known for known in self.authorities if known not in chain]
        while found := [known for known in outside if known.subject_key in names and known not in signers]:
            signers += found
            names = names.union(*map(_list_issuers, found))
        if signers:
            names |= {above.issuer_key for above in chain[: chain.index(one)]}
        return names, signers

    def _good_to(self, chain: list[CertificateFacts], used: list[RevocationList]) -> datetime:
        """Until when the verdict holds; in the past when it must not be kept at all."""
        serials = {one.parsed.serial_number for one in chain}
        ends = [one.valid_to for one in chain]
        for one in used:
            if one.next_update is None or one.lists_any(serials):
                return self.at - _MOMENT
            ends.append(one.next_update - _MOMENT)
        following = crls.next_issue(self.store.lists, self.at)
        if following is not None:
            ends.append(following - _MOMENT)
        return min(ends)


def _registry(known: Sequence[CertificateFacts]) -> CertificateRegistry:
    made: CertificateRegistry = validator.Registry.build([one.for_path for one in known])
    return made


def _named(refused: Refused, one: CertificateFacts, lists: Sequence[RevocationList]) -> Refused:
    """The same refusal; one for want of a list says whose, and which was the last."""
    if refused.code not in ("crl_missing", "crl_stale"):
        return refused
    last = max((known for known in lists if known.issuer_key == one.issuer_key), key=crls.age, default=None)
    return Refused(refused.code, one.issuer if last is None else f"{one.issuer} {last.words}")


def _list_issuers(one: CertificateFacts) -> set[str]:
    """A certificate's issuer and the other list issuers that its distribution points name."""
    names = {one.issuer_key}
    for point in one.for_path.crl_distribution_points_value or ():
        names |= {_name_key(name) for name in point["crl_issuer"] or () if name.name == "directory_name"}
    return names


def _name_key(name: Any) -> str:
    return str(name.chosen.hashable)
