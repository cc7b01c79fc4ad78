"""The trust material in the database as the gate uses it: for each moment a store with the lists then in force.

One statement a call asks whether anything was imported since; what was read stays in memory. Stores are kept by the
lists they hold, so the paths found valid with them are kept as well.
"""

from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final

from signing.certificates import CertificateFacts, certificate_read
from signing.crls import RevocationList
from signing.models import Authority, CrlGeneration
from signing.paths import TrustStore
from treasury.core.sql import fetch_all

_STAMP: Final = """
SELECT authority.id, authority.fingerprint, list.id, list.sha256
FROM (SELECT id, fingerprint FROM signing_authority ORDER BY id DESC LIMIT 1) AS authority
LEFT JOIN (SELECT id, sha256 FROM signing_crlgeneration ORDER BY id DESC LIMIT 1) AS list ON true
"""
_STORES_MAX: Final = 64


@dataclass(frozen=True, slots=True)
class _Generation:
    """One archived list without its bytes."""

    sha256: bytes
    group: tuple[int, bytes]
    number: int
    this_update: datetime


@dataclass
class Archive:
    """What was imported, as of one stamp."""

    anchors: list[CertificateFacts]
    intermediates: list[CertificateFacts]
    issuer_kinds: dict[bytes, str]
    generations: list[_Generation]
    _stores: "OrderedDict[tuple[bytes, ...], TrustStore]" = field(default_factory=OrderedDict)

    def store(self, at: datetime) -> TrustStore:
        """The store as of a moment: of each authority and scope the newest list issued before it."""
        newest: dict[tuple[int, bytes], _Generation] = {}
        for one in self.generations:  # in the order of number, so a later one of the same moment wins
            known = newest.get(one.group)
            if one.this_update <= at and (known is None or known.this_update <= one.this_update):
                newest[one.group] = one
        key = tuple(sorted(one.sha256 for one in newest.values()))
        store = self._stores.get(key)
        if store is None:
            store = TrustStore(self.anchors, self.intermediates, _lists(key))
            self._stores[key] = store
            if len(self._stores) > _STORES_MAX:
                self._stores.popitem(last=False)
        return store

    def issuer_kind(self, authority: CertificateFacts) -> str:
        """GCA, XCA, MOICA, or nothing for an authority that issues no cards."""
        return self.issuer_kinds.get(authority.fingerprint, "")


def archive() -> Archive:
    """The archive as of now, in one statement when nothing was imported since the last call."""
    rows = fetch_all(_STAMP)
    if not rows:
        return Archive([], [], {}, [])
    authority_id, fingerprint, list_id, sha256 = rows[0]
    return _archive((authority_id, bytes(fingerprint), list_id, bytes(sha256 or b"")))


@lru_cache(maxsize=8)
def _archive(stamp: tuple[int, bytes, int | None, bytes]) -> Archive:
    """Reads authorities and list numbers; the stamp only names what is read (two databases never share one)."""
    known = defaultdict(list)
    kinds = {}
    for row in Authority.objects.order_by("id"):
        facts = certificate_read(bytes(row.der))
        known[row.is_anchor].append(facts)
        kinds[facts.fingerprint] = row.issuer_kind
    rows = CrlGeneration.objects.order_by("number").values_list(
        "sha256", "authority_id", "scope", "number", "this_update"
    )
    generations = [
        _Generation(bytes(sha256), (authority_id, bytes(scope)), int(number), this_update)
        for sha256, authority_id, scope, number, this_update in rows
    ]
    return Archive(known[True], known[False], kinds, generations)


_known_lists: "OrderedDict[bytes, RevocationList]" = OrderedDict()


def _lists(digests: tuple[bytes, ...]) -> list[RevocationList]:
    """The lists by their SHA-256, from memory or in one statement."""
    missing = [one for one in digests if one not in _known_lists]
    if missing:
        for der in CrlGeneration.objects.filter(sha256__in=missing).values_list("der", flat=True):
            one = RevocationList(bytes(der))
            _known_lists[one.sha256] = one
    found = [_known_lists[one] for one in digests]
    while len(_known_lists) > _STORES_MAX:
        _known_lists.popitem(last=False)
    return found
