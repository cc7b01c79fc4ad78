"""The log's part of an evidence file: entries under heads, and timestamps renewed before they ended."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from signing.canonical import read
from signing.log import merkle
from signing.log.entries import DAY_TYPE, HEAD_TOKEN_TYPE
from signing.log.notes import CheckKey, Checkpoint, note_read, note_signers
from signing.paths import TrustStore
from signing.refusals import Refused
from signing.timestamps.tokens import TokenFacts, token_check

Entries = Mapping[int, Sequence[tuple[str, dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class StampedHead:
    """A head whose signature and token hold."""

    head: Checkpoint
    note: bytes
    token: bytes
    stamped: TokenFacts


def heads_check(parts: Mapping[str, bytes], keys: Collection[CheckKey], store: TrustStore) -> list[StampedHead]:
    """The heads in the file in the order of their sizes; Refused `evidence_log` when none of the keys signed one, or
    there is none."""
    found = [_head(name, parts, keys, store) for name in sorted(parts) if name.startswith("log/heads/")]
    heads = sorted((one for one in found if one is not None), key=lambda one: one.head.size)
    if not heads:
        raise Refused("evidence_log", "not in the log yet, or its part was taken out")
    return heads


def _head(name: str, parts: Mapping[str, bytes], keys: Collection[CheckKey], store: TrustStore) -> StampedHead | None:
    if not name.endswith(".note"):
        return None
    note, token = parts[name], parts[name.removesuffix("note") + "tst"]
    head = note_read(note)
    if not note_signers(note, keys) or name != f"log/heads/{head.size}.note":
        raise Refused("evidence_log", f"the head of {head.size} is not signed by a key of the log, or misnamed")
    return StampedHead(head, note, token, token_check(token=token, data=note, store=store))


def entries_check(parts: Mapping[str, bytes], heads: Sequence[StampedHead]) -> Entries:
    """By the size of a head, the entries (part, value) proved to stand under it; Refused `evidence_log` for a proof
    that does not lead to the head's root."""
    roots = {one.head.size: one.head.root for one in heads}
    found: dict[int, list[tuple[str, dict[str, Any]]]] = {size: [] for size in roots}
    for name in sorted(parts):
        if not name.startswith("log/proofs/"):
            continue
        proof = read(parts[name])
        body, size = parts[proof["entry"]], proof["size"]
        hashes = [bytes.fromhex(one) for one in proof["hashes"]]
        leaf = merkle.leaf_hash(body)
        if merkle.inclusion_root(index=proof["index"], size=size, leaf=leaf, proof=hashes) != roots[size]:
            raise Refused("evidence_log", f"{proof['entry']} is not under the head of {size}")
        found[size].append((proof["entry"], read(body)))
    return found


def logged_check(entries: Entries, heads: Sequence[StampedHead], digests: Mapping[str, str]) -> None:
    """Refused `evidence_log` unless the document is under the first head and every day's digest under one of them."""
    if "document.json" not in [name for name, _ in entries[heads[0].head.size]]:
        raise Refused("evidence_log", "the document is not under the first head")
    days = {one["digest"]: one["on"] for found in entries.values() for _, one in found if one["typ"] == DAY_TYPE}
    for digest, on in digests.items():
        if days.get(digest) != on:
            raise Refused("evidence_log", f"the digest of {on or 'a later day'} is not under a head")


def renewal_check(
    entries: Entries, heads: Sequence[StampedHead], tokens: Sequence[TokenFacts], store: TrustStore, at: datetime
) -> datetime:
    """Until when the last stamp holds; Refused `evidence_renewal` unless each stamp was covered by the next one, and
    logged under its head, while every certificate on its own path was valid and unrevoked."""
    for stamped in tokens:
        _covered(stamped, heads[0].stamped.generated_at, store)
    for one, following in pairwise(heads):
        _covered(one.stamped, following.stamped.generated_at, store)
        _logged(one, entries[following.head.size])
    _covered(heads[-1].stamped, at, store)
    return heads[-1].stamped.stands_until


def _covered(one: TokenFacts, until: datetime, store: TrustStore) -> None:
    if not one.generated_at <= until <= one.stands_until:
        raise Refused("evidence_renewal", f"{one.generated_at.isoformat()} – {one.stands_until} / {until.isoformat()}")
    for certificate, issuer in pairwise(one.way):
        serial = certificate.parsed.serial_number
        for found in store.lists:
            entry = found.parsed.get_revoked_certificate_by_serial_number(serial)
            if entry is not None and entry.revocation_date_utc <= until and found.is_signed_by(issuer):
                raise Refused("evidence_renewal", f"{certificate.subject}: revoked {entry.revocation_date_utc}")


def _logged(one: StampedHead, entries: Sequence[tuple[str, dict[str, Any]]]) -> None:
    wanted = {
        "typ": HEAD_TOKEN_TYPE,
        "size": one.head.size,
        "root": one.head.root.hex(),
        "note_sha256": hashlib.sha256(one.note).hexdigest(),
        "token_sha256": hashlib.sha256(one.token).hexdigest(),
    }
    used = {found.fingerprint.hex() for found in one.stamped.way}
    used |= {found.sha256.hex() for found in one.stamped.path.lists}
    if not any(wanted.items() <= entry.items() and used <= _named(entry) for _, entry in entries):
        raise Refused("evidence_renewal", f"the stamp of the head of {one.head.size} is not under the next head")


def _named(entry: dict[str, Any]) -> set[str]:
    """Every certificate and list that the entry of a head's token names."""
    return {*entry["certificates"], *entry["lists"]}
