"""The trust material in the database as the gate uses it: for each moment a store with the lists then in force.

One statement a call asks whether anything was imported since; what was read stays in memory. A list is parsed and
indexed once for each generation, whatever is imported later; stores are kept by the lists they hold, so the paths found
valid with them are kept as well.
"""

from bisect import bisect_right
from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final

from django.conf import settings

from signing.certificates import CertificateFacts, certificate_read, fingerprints_of
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
# A list's authority (its row) and its scope: the generations of one group follow one another.
Group = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Generation:
    """One archived list without its bytes."""

    sha256: bytes
    group: Group
    number: int
    this_update: datetime
    next_update: datetime


@dataclass
class Archive:
    """What was imported, as of one stamp; the generations of each group from the oldest to the newest."""

    anchors: Sequence[CertificateFacts]
    intermediates: Sequence[CertificateFacts]
    issuer_kinds: Mapping[bytes, str]
    generations: Mapping[Group, Sequence[Generation]]
    _stores: "OrderedDict[tuple[bytes, ...], TrustStore]" = field(default_factory=OrderedDict)

    def in_force(self, at: datetime) -> list[Generation]:
        """As of a moment, of each group the newest generation issued before it."""
        found: list[Generation] = []
        for known in self.generations.values():
            place = bisect_right(known, at, key=lambda one: one.this_update)
            found += known[place - 1 : place] if place else []
        return found

    def store(self, at: datetime) -> TrustStore:
        """The store as of a moment, with the lists then in force and no other."""
        key = tuple(sorted(one.sha256 for one in self.in_force(at)))
        store = self._stores.get(key)
        if store is None:
            store = TrustStore(self.anchors, self.intermediates, lists_of(key))
            self._stores[key] = store
            if len(self._stores) > _STORES_MAX:
                self._stores.popitem(last=False)
        return store

    def issuer_kind(self, authority: CertificateFacts) -> str:
        """GCA, XCA, MOICA, or nothing for an authority that issues no cards."""
        return self.issuer_kinds.get(authority.fingerprint, "")


def anchors_named() -> frozenset[str]:
    """The SHA-256 fingerprints that TRUST_ANCHORS allows, in small hexadecimal digits; empty when it names none."""
    return fingerprints_of(settings.TRUST_ANCHORS) - {""}


def archive() -> Archive:
    """The archive as of now, in one statement when nothing was imported since the last call.

    Where TRUST_ANCHORS names fingerprints, an anchor of another one is none, whoever wrote it into the table.
    """
    rows = fetch_all(_STAMP)
    if not rows:
        return Archive([], [], {}, {})
    authority_id, fingerprint, list_id, sha256 = rows[0]
    return _archive((authority_id, bytes(fingerprint), list_id, bytes(sha256 or b"")), anchors_named())


@lru_cache(maxsize=8)
def _archive(stamp: tuple[int, bytes, int | None, bytes], allowed: frozenset[str]) -> Archive:
    """Reads authorities and list numbers; the stamp only names what is read (two databases never share one)."""
    anchors, intermediates = [], []
    kinds = {}
    for row in Authority.objects.order_by("id"):
        facts = certificate_read(bytes(row.der))
        kinds[facts.fingerprint] = row.issuer_kind
        if not row.is_anchor:
            intermediates.append(facts)
        elif not allowed or facts.fingerprint.hex() in allowed:
            anchors.append(facts)
    generations = defaultdict(list)
    columns = ("sha256", "authority_id", "scope", "number", "this_update", "next_update")
    for sha256, authority_id, scope, number, *times in CrlGeneration.objects.order_by(
        "this_update", "number"
    ).values_list(*columns):
        group = (authority_id, bytes(scope))
        generations[group].append(Generation(bytes(sha256), group, int(number), *times))
    return Archive(anchors, intermediates, kinds, dict(generations))


_known_lists: "OrderedDict[bytes, RevocationList]" = OrderedDict()


def lists_of(digests: Sequence[bytes]) -> list[RevocationList]:
    """The lists by their SHA-256, from memory or in one statement; those used last stay in memory."""
    # Other threads put lists in and out meanwhile: what is asked for here is held here.
    known = {digest: one for digest in digests if (one := _known_lists.get(digest)) is not None}
    missing = [one for one in digests if one not in known]
    if missing:
        for der in CrlGeneration.objects.filter(sha256__in=missing).values_list("der", flat=True):
            one = RevocationList(bytes(der))
            known[one.sha256] = one
    found = [known[one] for one in digests]
    for one in found:
        _known_lists.pop(one.sha256, None)
        _known_lists[one.sha256] = one
    while len(_known_lists) > _STORES_MAX:
        _known_lists.popitem(last=False)
    return found
