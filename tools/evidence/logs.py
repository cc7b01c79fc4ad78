"""The log's part: document and day digests in the log, its heads, and timestamps renewed before they ended."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import verify_log
from cryptography.hazmat.primitives import hashes

from . import chains, container, tokens
from .wrong import Wrong

DAY, HEAD_TOKEN = "epay-log-day/1", "epay-log-head-token/1"


@dataclass(frozen=True)
class Head:
    """One signed head with its note and its time token, both checked."""

    head: Any
    note: bytes
    token: bytes
    stamped: tokens.Stamped


def heads_read(parts: dict[str, bytes], keys: list[Any], store: chains.Store) -> list[Head]:
    """The heads in the file in the order of their sizes, each signed by a key of the log and stamped."""
    found = []
    for name, note in parts.items():
        if name.startswith("log/heads/") and name.endswith(".note"):
            head = verify_log.read_head(note, keys)
            if name != f"log/heads/{head.size}.note":
                raise Wrong(f"{name} is a head of {head.size} entries")
            token = parts[f"log/heads/{head.size}.tst"]
            found.append(Head(head, note, token, tokens.check(token, note, store)))
    if not found:
        raise Wrong("the document is not in the log yet, or the log's part was taken out")
    return sorted(found, key=lambda one: int(one.head.size))


def included(parts: dict[str, bytes], heads: list[Head]) -> dict[int, list[tuple[str, dict[str, Any]]]]:
    """By the size of the head, the entries (part, value) that a proof in the file shows to be under it."""
    roots = {one.head.size: one.head.root for one in heads}
    found: dict[int, list[tuple[str, dict[str, Any]]]] = {size: [] for size in roots}
    for name, part in parts.items():
        if name.startswith("log/proofs/"):
            proof = container.json_read(part)
            body = parts[proof["entry"]]
            path = [bytes.fromhex(one) for one in proof["hashes"]]
            verify_log.check_inclusion(proof["index"], proof["size"], verify_log.leaf(body), path, roots[proof["size"]])
            found[proof["size"]].append((proof["entry"], container.json_read(body)))
    return found


def check_document(found: dict[int, list[tuple[str, dict[str, Any]]]], heads: list[Head]) -> str:
    """The document is under the first head."""
    first = heads[0]
    if "document.json" not in [name for name, _ in found[first.head.size]]:
        raise Wrong("the document is not under the first head of the file")
    return f"head of {first.head.size}, stamped {first.stamped.at.isoformat()}"


def check_days(found: dict[int, list[tuple[str, dict[str, Any]]]], digests: dict[str, str]) -> str:
    """Every digest (hexadecimal, with its day) that seals a posting is in the log."""
    logged = {entry["digest"]: entry["on"] for entries in found.values() for _, entry in entries if entry["typ"] == DAY}
    missing = [on for digest, on in digests.items() if logged.get(digest) != on]
    if missing:
        raise Wrong(f"the digest of {', '.join(missing)} is not in the log")
    return ", ".join(sorted(digests.values())) or "no postings"


def check_renewal(
    found: dict[int, list[tuple[str, dict[str, Any]]]],
    heads: list[Head],
    signatures: list[tokens.Stamped],
    store: chains.Store,
    at: datetime,
) -> str:
    """Every time token was covered by the next before its own authority's certificates ended, the last one holds at
    the moment of the check: what a signature rests on never was without a valid stamp."""
    for one in signatures:
        _check_covered(one, heads[0].stamped.at, store)
    for one, following in pairwise(heads):
        _check_covered(one.stamped, following.stamped.at, store)
        _check_logged(one, found[following.head.size])
    _check_covered(heads[-1].stamped, at, store)
    return f"{len(heads)} heads, the last stamp holds until {heads[-1].stamped.ends_at.isoformat()}"


def _check_covered(one: tokens.Stamped, until: datetime, store: chains.Store) -> None:
    """Wrong unless a stamp still held, unrevoked, when the next one took over."""
    if not one.at <= until <= one.ends_at:
        raise Wrong(f"the stamp of {one.at.isoformat()} ended {one.ends_at.isoformat()}, before {until.isoformat()}")
    store.check_unrevoked(one.way, until)


def _check_logged(one: Head, entries: list[tuple[str, dict[str, Any]]]) -> None:
    """Wrong unless a head's token, its certificates and its lists are themselves in the log under the next head."""
    wanted = {
        "typ": HEAD_TOKEN,
        "size": one.head.size,
        "root": one.head.root.hex(),
        "note_sha256": hashlib.sha256(one.note).hexdigest(),
        "token_sha256": hashlib.sha256(one.token).hexdigest(),
    }
    used = {_fingerprint(found) for found in (*one.stamped.way, *one.stamped.lists)}
    for _, entry in entries:
        named = {*entry.get("certificates", []), *entry.get("lists", [])}
        if all(entry.get(name) == value for name, value in wanted.items()) and used <= named:
            return
    raise Wrong(f"the stamp of the head of {one.head.size} is not in the log under the next head")


def _fingerprint(one: Any) -> str:
    return str(one.fingerprint(hashes.SHA256()).hex())
