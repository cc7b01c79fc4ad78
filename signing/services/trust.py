"""Taking in trust material: anchors pinned by fingerprint, authorities, revocation lists."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django.conf import settings
from django.db import transaction
from django.db.models import Max

from signing.certificates import CertificateFacts, certificate_read, certificates_load, crls_load
from signing.crls import RevocationList
from signing.models import Authority, CrlGeneration, IssuerKind
from signing.refusals import Refused
from treasury.core import clock
from treasury.core.sql import fetch_value

_LOCK: Final = 7003
Group = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class TrustImported:
    """How many rows an import added."""

    authorities: int
    lists: int


def trust_import(*, folder: Path, pinned: Collection[str] | None = None) -> TrustImported:
    """Takes in `anchors/`, `intermediates/` and `crls/` of a folder (DER or PEM), in one transaction; idempotent.

    `pinned` are the SHA-256 fingerprints (hexadecimal) of the anchors that may be trusted; the variable TRUST_ANCHORS
    names them otherwise, separated by commas. Without either the first import pins what it finds (never in
    production), and later ones add no anchor. An authority's file name (`gca`, `xca`, `moica`) says what it issues.

    Refused `anchor_not_pinned`, `untrusted` for an authority that no anchor has signed, `crl_refused` for a list
    that none of our authorities signed or that lacks number or next update, `crl_number_back`.
    """
    with transaction.atomic():
        fetch_value("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        known = {bytes(row.fingerprint): row for row in Authority.objects.order_by("id")}
        before = len(known)
        allowed = _allowed(pinned, first=not known)
        anchors = [facts for _, facts in certificates_load(folder / "anchors")]
        for anchor in anchors:
            if anchor.fingerprint not in known:
                _check_anchor(anchor, allowed)
                known[anchor.fingerprint] = _authority(anchor, is_anchor=True)
        for name, facts in certificates_load(folder / "intermediates"):
            if facts.fingerprint not in known:
                _check_authority(facts, anchors)
                known[facts.fingerprint] = _authority(facts, is_anchor=False, name=name)
        lists = _lists_import([RevocationList(der) for der in crls_load(folder / "crls")], list(known.values()))
        return TrustImported(authorities=len(known) - before, lists=lists)


def _allowed(pinned: Collection[str] | None, *, first: bool) -> frozenset[str] | None:
    """The fingerprints that anchors may have; None when the first import pins what it finds."""
    named = settings.TRUST_ANCHORS if pinned is None else pinned
    digits = frozenset(one.strip().lower().replace(":", "") for one in named) - {""}
    return None if first and not digits and pinned is None and not settings.PRODUCTION else digits


def _check_anchor(anchor: CertificateFacts, allowed: frozenset[str] | None) -> None:
    digits = anchor.fingerprint.hex()
    if not anchor.is_self_signed or (allowed is not None and digits not in allowed):
        raise Refused("anchor_not_pinned", f"{anchor.subject} {digits}")


def _check_authority(authority: CertificateFacts, anchors: Sequence[CertificateFacts]) -> None:
    """An authority must be one and be certified by an anchor of the same folder."""
    if not authority.is_authority or not any(_issued(authority, anchor) for anchor in anchors):
        raise Refused("untrusted", authority.subject)


def _issued(authority: CertificateFacts, anchor: CertificateFacts) -> bool:
    try:
        authority.parsed.verify_directly_issued_by(anchor.parsed)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _authority(facts: CertificateFacts, *, is_anchor: bool, name: str = "") -> Authority:
    kind = name.upper()
    return Authority.objects.create(
        fingerprint=facts.fingerprint,
        der=facts.der,
        subject=facts.subject,
        is_anchor=is_anchor,
        issuer_kind=kind if kind in IssuerKind.values else "",
        valid_from=facts.valid_from,
        valid_to=facts.valid_to,
        imported_at=clock.now(),
    )


def _lists_import(lists: Sequence[RevocationList], authorities: Sequence[Authority]) -> int:
    """Stores the lists that are not stored yet; returns how many."""
    digests = [one.sha256 for one in lists]
    stored = {bytes(row) for row in CrlGeneration.objects.filter(sha256__in=digests).values_list("sha256", flat=True)}
    highest: dict[Group, int] = {
        (row["authority"], bytes(row["scope"])): int(row["highest"])
        for row in CrlGeneration.objects.values("authority", "scope").annotate(highest=Max("number"))
    }
    rows = []
    for one in sorted(lists, key=lambda one: one.number or 0):
        if one.sha256 in stored:
            continue
        row = _generation(one, authorities)
        group = (row.authority_id, bytes(row.scope))
        if one.number is not None and one.number <= highest.get(group, -1):
            raise Refused("crl_number_back", f"{row.authority.subject}: {one.number} after {highest[group]}")
        highest[group] = int(row.number)
        rows.append(row)
    CrlGeneration.objects.bulk_create(rows)
    return len(rows)


def _generation(one: RevocationList, authorities: Sequence[Authority]) -> CrlGeneration:
    """An unsaved row for a list, once its signature, number and next update are there."""
    signer = next((row for row in authorities if one.is_signed_by(certificate_read(bytes(row.der)))), None)
    if signer is None or one.number is None or one.next_update is None:
        raise Refused("crl_refused", one.issuer_key)
    return CrlGeneration(
        authority=signer,
        scope=hashlib.sha256(one.scope[1] + bytes((one.scope[2],))).digest(),
        number=one.number,
        this_update=one.this_update,
        next_update=one.next_update,
        sha256=one.sha256,
        der=one.der,
        imported_at=clock.now(),
    )
