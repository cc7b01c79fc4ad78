"""What trust material there is, which revocation lists are in force, what is due and what was refused."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Length

from signing.archive import Archive, Generation, anchors_named, archive, lists_of
from signing.models import Authority, CrlGeneration
from signing.trust_models import FolderReading, ListRefusal
from treasury.core import clock

AUTHORITY_ENDS_SOON: Final = timedelta(days=90)
READING_LATE: Final = timedelta(hours=1)
_RECENT: Final = timedelta(days=1)
_REFUSALS_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A revocation list in force: what it says of itself, how many cards it names, how many came before it."""

    number: int
    this_update: datetime
    next_update: datetime
    age: timedelta
    entry_count: int
    size_bytes: int
    generations: int


@dataclass(frozen=True, slots=True)
class AuthorityFacts:
    """An authority with its lists in force; `standing` is `good`, `due`, `stale`, `missing`, or `ended` when its own
    certificate has expired. `is_pinned` is False for an anchor that TRUST_ANCHORS does not name."""

    id: int
    subject: str
    fingerprint: str
    is_anchor: bool
    is_pinned: bool
    issuer_kind: str
    valid_from: datetime
    valid_to: datetime
    standing: str
    lists: tuple[ListFacts, ...]


@dataclass(frozen=True, slots=True)
class TrustWarning:
    """Something to be done: `code` is `list_missing`, `list_stale`, `list_due`, `authority_ends`, `list_refused`,
    `folder_unread` or `folder_broken`; whom it is about, and since or until when."""

    code: str
    subject: str
    at: datetime | None

    @property
    def is_failing(self) -> bool:
        """Whether cards of somebody cannot sign until it is done."""
        return self.code in ("list_missing", "list_stale")


def authorities_shown(*, at: datetime) -> list[AuthorityFacts]:
    """Every authority with its lists in force as of a moment, anchors first; three statements."""
    known = archive()
    in_force = known.in_force(at)
    read = {one.sha256: one for one in lists_of([one.sha256 for one in in_force])}
    by_authority = _by_authority(in_force)
    allowed = anchors_named()
    return [
        AuthorityFacts(
            row.pk,
            row.subject,
            bytes(row.fingerprint).hex(),
            row.is_anchor,
            not allowed or not row.is_anchor or bytes(row.fingerprint).hex() in allowed,
            row.issuer_kind,
            row.valid_from,
            row.valid_to,
            _standing(row, by_authority[row.pk], at),
            tuple(
                ListFacts(
                    one.number,
                    one.this_update,
                    one.next_update,
                    at - one.this_update,
                    read[one.sha256].index.count,
                    len(read[one.sha256].der),
                    len(known.generations[one.group]),
                )
                for one in by_authority[row.pk]
            ),
        )
        for row in _authorities()
    ]


def trust_warnings(*, at: datetime) -> list[TrustWarning]:
    """Everything that is to be done about trust material, the worst first; five statements, no list is read."""
    found = [*_of_authorities(archive(), at), *_of_folder(at)]
    return sorted(found, key=lambda one: not one.is_failing)


def health_word() -> str:
    """What `/health` says of it: `failing` when cards of some authority cannot sign, `due` when anything is."""
    warnings = trust_warnings(at=clock.now())
    if any(one.is_failing for one in warnings):
        return "failing"
    return "due" if warnings else "ok"


def refusals_shown() -> list[ListRefusal]:
    """The lists that were refused last."""
    return list(ListRefusal.objects.all()[:_REFUSALS_SHOWN])


def reading_last() -> FolderReading | None:
    """The last reading of the folder that TRUST_FOLDER names."""
    return FolderReading.objects.filter(folder=settings.TRUST_FOLDER).first()


def generations_of(authority_id: int) -> QuerySet[CrlGeneration]:
    """Every archived list of an authority, the newest first, without its bytes but with their number `size_bytes`."""
    rows = CrlGeneration.objects.filter(authority_id=authority_id).defer("der")
    return rows.annotate(size_bytes=Length("der")).order_by("-this_update", "-number")


def _authorities() -> QuerySet[Authority]:
    return Authority.objects.defer("der").order_by("-is_anchor", "issuer_kind", "id")


def _by_authority(in_force: Sequence[Generation]) -> dict[int, list[Generation]]:
    found: dict[int, list[Generation]] = defaultdict(list)
    for one in in_force:
        found[one.group[0]].append(one)
    return found


def _standing(row: Authority, lists: Sequence[Generation], at: datetime) -> str:
    if row.valid_to < at:
        return "ended"
    if not lists:
        return "missing"
    first = min(one.next_update for one in lists)
    if first < at:
        return "stale"
    return "due" if first < at + timedelta(hours=settings.TRUST_WARNING_HOURS) else "good"


def _of_authorities(known: Archive, at: datetime) -> Iterator[TrustWarning]:
    by_authority = _by_authority(known.in_force(at))
    for row in _authorities():
        lists = by_authority[row.pk]
        standing = _standing(row, lists, at)
        if standing in ("missing", "stale", "due"):
            due_at = min((one.next_update for one in lists), default=None)
            yield TrustWarning(f"list_{standing}", row.subject, due_at)
        if at <= row.valid_to < at + AUTHORITY_ENDS_SOON:
            yield TrustWarning("authority_ends", row.subject, row.valid_to)


def _of_folder(at: datetime) -> Iterator[TrustWarning]:
    """What the last reading of the folder tells, and what is refused still."""
    reading = reading_last() if settings.TRUST_FOLDER else None
    if settings.TRUST_FOLDER:
        if reading is None or reading.read_at < at - READING_LATE:
            yield TrustWarning("folder_unread", settings.TRUST_FOLDER, None if reading is None else reading.read_at)
        elif reading.code:
            yield TrustWarning("folder_broken", reading.folder, reading.read_at)
    since = at - _RECENT if reading is None else reading.read_at
    for row in ListRefusal.objects.filter(last_at__gte=since, last_at__lte=at)[:_REFUSALS_SHOWN]:
        yield TrustWarning("list_refused", row.file_name, row.first_at)
