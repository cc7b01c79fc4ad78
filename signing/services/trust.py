"""Taking in trust material: anchors pinned by fingerprint, the authorities below them, revocation lists."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django.conf import settings
from django.db import transaction

from signing.archive import anchors_named
from signing.certificates import CertificateFacts, certificate_read, certificates_load, fingerprints_of
from signing.models import Authority, IssuerKind
from signing.refusals import Refused
from signing.services.lists import ListOutcome, lists_take, trust_lock
from treasury.core import clock
from treasury.core.errors import Problem

_PARTS: Final = ("anchors", "intermediates", "crls")
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class TrustImported:
    """How many authorities an import added, and what became of each revocation list."""

    authorities: int
    outcomes: tuple[ListOutcome, ...]

    @property
    def lists(self) -> int:
        """How many lists were taken."""
        return sum(one.is_taken for one in self.outcomes)

    @property
    def refused(self) -> tuple[ListOutcome, ...]:
        """The lists that were refused."""
        return tuple(one for one in self.outcomes if one.code)


def trust_import(*, folder: Path, pinned: Collection[str] | None = None) -> TrustImported:
    """Takes in `anchors/`, `intermediates/` and `crls/` of a folder (DER or PEM; what it lacks it lacks); idempotent.

    An anchor has to be among `pinned` (SHA-256 fingerprints in hexadecimal digits) and among those that TRUST_ANCHORS
    names, whichever are given. Without either the first import pins what it finds (never in production), and later
    ones add no anchor. An authority's file name (`gca`, `xca`, `moica`) says what it issues.

    Authorities come in all or none: Refused `anchor_not_pinned`, `untrusted` for one that no anchor of ours has signed;
    Problem `bad_pin`, `no_such_folder`, `not_a_certificate`; then nothing is stored. Each list stands by itself: one
    that is refused is noted and displaces nothing.
    """
    parts = {part: folder / part for part in _PARTS if (folder / part).is_dir()}
    if not parts:
        raise Problem("no_such_folder", f"{folder} has none of {', '.join(_PARTS)}", file=str(folder))
    with transaction.atomic():
        trust_lock()
        known = {bytes(row.fingerprint): certificate_read(bytes(row.der)) for row in _rows()}
        before = len(known)
        pins = _pins(pinned, first=not known)
        for _, facts in _loaded(parts, "anchors"):
            if facts.fingerprint not in known:
                _check_anchor(facts, pins)
                known[facts.fingerprint] = _stored(facts, is_anchor=True)
        anchors = [known[bytes(row.fingerprint)] for row in _rows() if row.is_anchor]
        for name, facts in _loaded(parts, "intermediates"):
            if facts.fingerprint not in known:
                _check_authority(facts, anchors)
                known[facts.fingerprint] = _stored(facts, is_anchor=False, name=name)
        outcomes = lists_take(folder=parts["crls"]) if "crls" in parts else ()
        return TrustImported(authorities=len(known) - before, outcomes=outcomes)


def _rows() -> Iterable[Authority]:
    return Authority.objects.order_by("id")


def _loaded(parts: dict[str, Path], part: str) -> list[tuple[str, CertificateFacts]]:
    return certificates_load(parts[part]) if part in parts else []


def _pins(pinned: Collection[str] | None, *, first: bool) -> list[frozenset[str]]:
    """The sets of fingerprints that an anchor must be in; none when the first import pins what it finds."""
    given = fingerprints_of(pinned or ())
    for one in given:
        if not _FINGERPRINT.fullmatch(one):
            raise Problem("bad_pin", f"{one} is no SHA-256 fingerprint: 64 hexadecimal digits")
    named = anchors_named()
    sets = [one for one in (given, named) if one]
    if sets or (first and pinned is None and not settings.PRODUCTION):
        return sets
    return [frozenset()]


def _check_anchor(anchor: CertificateFacts, pins: Sequence[frozenset[str]]) -> None:
    digits = anchor.fingerprint.hex()
    is_root = anchor.is_self_signed and anchor.is_authority
    if not is_root or any(digits not in allowed for allowed in pins):
        raise Refused("anchor_not_pinned", f"{anchor.subject} {digits}")


def _check_authority(authority: CertificateFacts, anchors: Sequence[CertificateFacts]) -> None:
    """An authority must be one and be certified by an anchor of ours."""
    if not authority.is_authority or not any(_issued(authority, anchor) for anchor in anchors):
        raise Refused("untrusted", authority.subject)


def _issued(authority: CertificateFacts, anchor: CertificateFacts) -> bool:
    try:
        authority.parsed.verify_directly_issued_by(anchor.parsed)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _stored(facts: CertificateFacts, *, is_anchor: bool, name: str = "") -> CertificateFacts:
    kind = name.upper()
    Authority.objects.create(
        fingerprint=facts.fingerprint,
        der=facts.der,
        subject=facts.subject,
        is_anchor=is_anchor,
        issuer_kind=kind if kind in IssuerKind.values else "",
        valid_from=facts.valid_from,
        valid_to=facts.valid_to,
        imported_at=clock.now(),
    )
    return facts
