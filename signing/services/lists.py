"""Taking in revocation lists: each stands by itself, and one that is refused displaces nothing."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction
from django.db.models import Max

from signing.certificates import UNREADABLE, CertificateFacts, certificate_read, crl_pieces, files_of
from signing.crls import RevocationList
from signing.models import Authority, CrlGeneration
from signing.refusals import Refused
from signing.trust_models import ListRefusal
from treasury.core import clock
from treasury.core.sql import fetch_value

FILE_MAX_BYTES: Final = 256 * 1024 * 1024
_LOCK: Final = 7003


@dataclass(frozen=True, slots=True)
class ListOutcome:
    """What became of one offered list: taken, known before (neither taken nor a code), or refused with a code."""

    file: str
    authority: str = ""
    number: int | None = None
    is_taken: bool = False
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Offered:
    """A list as it lay in a file; `listed` is None where the file cannot be read as a list."""

    file: str
    sha256: bytes
    listed: RevocationList | None
    unread_because: str = ""


@dataclass(frozen=True, slots=True)
class _Last:
    """The newest generation of a group."""

    number: int
    this_update: datetime


def trust_lock() -> None:
    """Waits until nobody else takes in trust material; held until the transaction ends."""
    fetch_value("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))


def lists_take(*, folder: Path, at: datetime | None = None) -> tuple[ListOutcome, ...]:
    """Stores every list of a folder (DER or PEM) that is not stored yet and is better than what we have; idempotent.

    A list is refused `crl_malformed`, `crl_refused` when none of our authorities has signed it or number or next
    update are missing or wrong, `crl_number_back` when we have a newer one. What is refused is noted (`ListRefusal`),
    the others are taken all the same. Problem `no_such_folder`.
    """
    offered = [one for path in files_of(folder) for one in _offered(path)]
    with transaction.atomic():
        trust_lock()
        digests = [one.sha256 for one in offered]
        rows = CrlGeneration.objects.filter(sha256__in=digests).values_list("sha256", flat=True)
        stored = {bytes(sha256) for sha256 in rows}
        intake = _Intake(at or clock.now())
        outcomes = []
        for one in sorted(offered, key=_in_order):
            if one.sha256 in stored:
                outcomes.append(ListOutcome(one.file))
            else:
                stored.add(one.sha256)
                outcomes.append(intake.take(one))
        CrlGeneration.objects.bulk_create(intake.rows)
        return tuple(outcomes)


def _in_order(one: _Offered) -> tuple[int, str]:
    """Older generations first, so that all of a first folder come in."""
    number = None if one.listed is None else one.listed.number
    return -1 if number is None else number, one.file


def _offered(path: Path) -> list[_Offered]:
    """The lists of a file; one that is none when it holds nothing else, or cannot be read."""
    data = path.name.encode("utf-8", "surrogateescape")
    try:
        if path.stat().st_size > FILE_MAX_BYTES:
            raise ValueError(f"larger than {FILE_MAX_BYTES} bytes")
        data = path.read_bytes()
        lists = [RevocationList(der) for der in crl_pieces(data)]
    except (OSError, *UNREADABLE) as error:
        return [_Offered(path.name, hashlib.sha256(data).digest(), None, str(error)[:200])]
    return [_Offered(path.name, one.sha256, one) for one in lists]


class _Intake:
    """The lists of one transaction: what is known so far, what is to be stored."""

    def __init__(self, at: datetime) -> None:
        self.at, self.rows = at, list[CrlGeneration]()
        self._authorities = [(row, certificate_read(bytes(row.der))) for row in Authority.objects.order_by("id")]
        newest = CrlGeneration.objects.values("authority", "scope").annotate(
            number=Max("number"), this_update=Max("this_update")
        )
        self._last = {
            (row["authority"], bytes(row["scope"])): _Last(int(row["number"]), row["this_update"]) for row in newest
        }

    def take(self, one: _Offered) -> ListOutcome:
        """Puts a list down to be stored, or notes why not."""
        try:
            row = self._checked(one)
        except Refused as refused:
            _note(one, refused, self.at)
            return ListOutcome(one.file, code=refused.code, detail=refused.reason)
        self._last[row.authority_id, bytes(row.scope)] = _Last(int(row.number), row.this_update)
        self.rows.append(row)
        return ListOutcome(one.file, row.authority.subject, int(row.number), is_taken=True)

    def _checked(self, one: _Offered) -> CrlGeneration:
        if one.listed is None:
            raise Refused("crl_malformed", one.unread_because)
        try:
            row = _generation(one.listed, self._authorities, self.at)
        except UNREADABLE as error:
            raise Refused("crl_malformed", str(error)[:200]) from None
        last = self._last.get((row.authority_id, bytes(row.scope)))
        if last is not None and (row.number <= last.number or row.this_update < last.this_update):
            raise Refused("crl_number_back", f"{row.authority.subject}: {one.listed.words}, no. {last.number} is here")
        return row


def _generation(
    one: RevocationList, authorities: Sequence[tuple[Authority, CertificateFacts]], at: datetime
) -> CrlGeneration:
    """An unsaved row for a list, once signature, number, times and entries are in order."""
    named = [known for known in authorities if known[1].subject_key == one.issuer_key]
    signer = next((row for row, facts in named if one.is_signed_by(facts)), None)
    if signer is None:
        raise Refused("crl_refused", f"{one.issuer_name}: {'wrong signature' if named else 'unknown authority'}")
    if one.number is None or one.next_update is None or one.next_update <= one.this_update:
        raise Refused("crl_refused", f"{one.issuer_name}: {one.words}")
    _ = one.index  # read now, so that entries that cannot be read are found here
    return CrlGeneration(
        authority=signer,
        scope=hashlib.sha256(one.scope[1] + bytes((one.scope[2],))).digest(),
        number=one.number,
        this_update=one.this_update,
        next_update=one.next_update,
        sha256=one.sha256,
        der=one.der,
        imported_at=at,
    )


def _note(one: _Offered, refused: Refused, at: datetime) -> None:
    """Keeps a refusal; of the same list for the same reason only the moment of the last one changes."""
    told = {"file_name": one.file[:255], "detail": refused.reason, "last_at": at}
    ListRefusal.objects.update_or_create(
        sha256=one.sha256, code=refused.code, defaults=told, create_defaults={**told, "first_at": at}
    )
