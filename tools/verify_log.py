#!/usr/bin/env python3
"""Checks the treasury's transparency log without the treasury: heads, proofs, and exported logs.

Needs Python 3.10 and the `cryptography` package, nothing of the server. See README.md beside it.
Exit codes: 0 it holds, 1 it does not (somebody changed the past, or these papers do not belong together),
2 it could not be judged (a file is missing or unreadable).
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ALGORITHM = b"\x01"  # Ed25519, in the numbering of C2SP signed-note
Key = tuple[str, bytes, Ed25519PublicKey]
Command = Callable[[Any, list[Key]], dict[str, Any]]


class Unreadable(Exception):
    """Something is not of the form it should have: exit 2."""


class Broken(Exception):
    """Something does not hold: exit 1, with a code that stays the same."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class Head(NamedTuple):
    """A signed tree head: whose, of how many entries, with which root."""

    origin: str
    size: int
    root: bytes


def sha(data: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(data).digest()


def leaf(body: bytes) -> bytes:
    """The hash of an entry (RFC 9162, 2.1.1)."""
    return sha(b"\x00" + body)


def parent(left: bytes, right: bytes) -> bytes:
    """The hash of a node."""
    return sha(b"\x01" + left + right)


# ---- heads -----------------------------------------------------------------------------------------------------------


def read_key(text: str) -> Key:
    """`name+number+base64` as (name, number, public key)."""
    try:
        name, number, encoded = text.strip().split("+", 2)
        data = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise Unreadable(f"no key of a log: {text.strip()[:60]!r}") from None
    expected = sha(name.encode() + b"\n" + data)[:4]
    if len(data) != 33 or data[:1] != ALGORITHM or number != expected.hex():
        raise Unreadable(f"no key of a log: {text.strip()[:60]!r}")
    return name, expected, Ed25519PublicKey.from_public_bytes(data[1:])


def read_head(note: bytes, keys: Sequence[Key]) -> Head:
    """What a note says, once one of the keys of that very log has signed it."""
    try:
        text, signatures = note.decode("utf-8").split("\n\n")
        origin, size, root = text.split("\n")
        head = Head(origin, int(size), base64.b64decode(root, validate=True))
        if not re.fullmatch("0|[1-9][0-9]{0,17}", size) or len(head.root) != 32:
            raise ValueError
    except ValueError:
        raise Unreadable("this is not the note of a tree head") from None
    for line in signatures.splitlines():
        if any(key[0] == origin and signed(text + "\n", line, key) for key in keys):
            return head
    raise Broken("head_not_signed", f"no key of {origin} that you trust has signed the head of {head.size} entries")


def signed(text: str, line: str, key: Key) -> bool:
    """Whether a line under a note is a key's signature over its text."""
    name, number, public = key
    mark, _, rest = line.partition(" ")
    named, _, encoded = rest.partition(" ")
    try:
        data = base64.b64decode(encoded, validate=True)
        if mark != "\u2014" or named != name or data[:4] != number:
            return False
        public.verify(data[4:], text.encode())
    except (ValueError, InvalidSignature):
        return False
    return True


# ---- proofs (the procedures of RFC 9162, 2.1.3.2 and 2.1.4.2) --------------------------------------------------------


def check_inclusion(index: int, size: int, body_hash: bytes, path: Sequence[bytes], root: bytes) -> None:
    """Broken unless the path leads from an entry's hash to the root."""
    if not 0 <= index < size:
        raise Broken("not_included", f"there is no entry {index} among {size}")
    place, last, found = index, size - 1, body_hash
    for step in path:
        if last == 0:
            raise Broken("not_included", "the proof is too long")
        if place % 2 or place == last:
            found = parent(step, found)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            found = parent(found, step)
        place, last = place // 2, last // 2
    if last or found != root:
        raise Broken("not_included", f"the proof does not lead from entry {index} to the head of {size}")


def check_consistency(old: Head, new: Head, path: Sequence[bytes]) -> None:
    """Broken unless the tree of the new head begins with the whole tree of the old one."""
    if old.origin != new.origin:
        raise Broken("other_log", f"{old.origin} and {new.origin} are two logs")
    if new.size < old.size:
        raise Broken("log_shortened", f"the log had {old.size} entries, now it says {new.size}")
    if new.size == old.size:
        if path or old.root != new.root:
            raise Broken("log_forked", f"two heads of {old.size} entries have different roots")
        return
    if old.size == 0:
        return
    steps = list(path)
    if old.size & (old.size - 1) == 0:
        steps.insert(0, old.root)
    if not steps:
        raise Broken("past_changed", "the proof is empty")
    place, last = old.size - 1, new.size - 1
    while place % 2:
        place, last = place // 2, last // 2
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise Broken("past_changed", "the proof is too long")
        if place % 2 or place == last:
            before, after = parent(step, before), parent(step, after)
            while place % 2 == 0 and place:
                place, last = place // 2, last // 2
        else:
            after = parent(after, step)
        place, last = place // 2, last // 2
    if last or before != old.root or after != new.root:
        raise Broken(
            "past_changed", f"the log of {new.size} entries does not begin with the {old.size} of the old head"
        )


# ---- exported logs ---------------------------------------------------------------------------------------------------


def roots_at(entries: Iterable[bytes], sizes: Iterable[int]) -> tuple[dict[int, bytes], int]:
    """The roots of the tree at some sizes and how many entries there are, reading the entries once."""
    wanted, count = set(sizes), 0
    found: dict[int, bytes] = {}
    edge: list[bytes] = []
    if 0 in wanted:
        found[0] = sha(b"")
    for body in entries:
        edge.append(leaf(body))
        count += 1
        rest = count
        while rest % 2 == 0:
            right = edge.pop()
            edge.append(parent(edge.pop(), right))
            rest //= 2
        if count in wanted:
            root = edge[-1]
            for part in reversed(edge[:-1]):
                root = parent(part, root)
            found[count] = root
    return found, count


def lines_of(path: Path) -> Iterator[bytes]:
    """The entries of an export, one a line."""
    with path.open("rb") as file:
        for line in file:
            yield line[:-1] if line.endswith(b"\n") else line


# ---- commands --------------------------------------------------------------------------------------------------------


def read(path: str | Path) -> bytes:
    """The bytes of a file; `-` is standard input."""
    try:
        return sys.stdin.buffer.read() if str(path) == "-" else Path(path).read_bytes()
    except OSError as error:
        raise Unreadable(str(error)) from None


def read_proof(path: str, *names: str) -> tuple[list[int], list[bytes], dict[str, Any]]:
    """A proof as the server gives it: JSON with hexadecimal hashes."""
    try:
        proof = json.loads(read(path))
        hashes = [read_hash(one) for one in proof["hashes"]]
        numbers = [proof[name] for name in names]
        if any(type(one) is not int for one in numbers) or not isinstance(proof.get("body"), str | None):
            raise ValueError
        return numbers, hashes, proof
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unreadable(f"{path} is not a proof") from None


def read_hash(text: Any) -> bytes:
    """The 32 bytes of a hash in hexadecimal."""
    if not isinstance(text, str) or not re.fullmatch("[0-9a-f]{64}", text):
        raise Unreadable(f"{str(text)[:70]!r} is not the hash of an entry or node")
    return bytes.fromhex(text)


def read_entry(body: bytes) -> Any:
    """What an entry says."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("the entry is there, but it is not JSON") from None


def head_command(options: Any, keys: list[Key]) -> dict[str, Any]:
    """A head is signed by the log."""
    head = read_head(read(options.note), keys)
    return {"origin": head.origin, "size": head.size, "root": head.root.hex()}


def inclusion_command(options: Any, keys: list[Key]) -> dict[str, Any]:
    """An entry is in the log of a head, and files are the ones that it names."""
    (index, size), hashes, proof = read_proof(options.proof, "index", "size")
    head = read_head(read(options.head), keys)
    if size != head.size:
        raise Broken("other_head", f"the proof is for {size} entries, the head has {head.size}")
    body = read(options.entry).removesuffix(b"\n") if options.entry else (proof.get("body") or "").encode()
    if not body and not proof.get("leaf_hash"):
        raise Unreadable("neither the entry nor its hash is here")
    check_inclusion(index, size, leaf(body) if body else read_hash(proof["leaf_hash"]), hashes, head.root)
    for path in options.file:
        if sha(read(path)).hex() not in body.decode():
            raise Broken("file_not_named", f"entry {index} does not name {path} (SHA-256 {sha(read(path)).hex()})")
    return {"index": index, "size": size, "entry": read_entry(body) if body else None}


def consistency_command(options: Any, keys: list[Key]) -> dict[str, Any]:
    """A log still holds all that an older head of it held, unchanged and in the same order."""
    old, new = read_head(read(options.old), keys), read_head(read(options.new), keys)
    hashes: list[bytes] = []
    if options.proof:
        (first, size), hashes, _ = read_proof(options.proof, "old", "size")
        if (first, size) != (old.size, new.size):
            raise Broken("other_head", f"the proof is for {first} and {size}, the heads are {old.size} and {new.size}")
    check_consistency(old, new, hashes)
    return {"old": old.size, "size": new.size}


def export_command(options: Any, keys: list[Key]) -> dict[str, Any]:
    """An exported log fits every head in it and every head that was kept elsewhere."""
    folder = Path(options.folder)
    notes = [*sorted(folder.glob("heads/*.note")), *map(Path, options.kept)]
    heads = [(path, read_head(read(path), keys)) for path in notes]
    if not heads:
        raise Unreadable(f"{folder} has no head, and none was kept")
    try:
        found, count = roots_at(lines_of(folder / "entries.jsonl"), [head.size for _, head in heads])
    except OSError as error:
        raise Unreadable(str(error)) from None
    for path, head in heads:
        if head.origin != heads[0][1].origin:
            raise Broken("other_log", f"{path} is of the log {head.origin}")
        if head.size > count:
            raise Broken("log_shortened", f"{path} has {head.size} entries, the log has {count}")
        if found[head.size] != head.root:
            raise Broken("past_changed", f"the first {head.size} entries are not those of {path}")
    return {"size": count, "heads": len(heads), "kept": len(options.kept)}


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Command) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=(run.__doc__ or "").strip(), description=run.__doc__)
        added.add_argument("--key", action="append", required=True, help="a key of the log, or a file with one a line")
        added.set_defaults(run=run)
        return added

    command("head", head_command).add_argument("note")
    added = command("inclusion", inclusion_command)
    added.add_argument("proof")
    added.add_argument("--head", required=True, help="the head's note")
    added.add_argument("--entry", help="the entry's bytes, when they are not in the proof")
    added.add_argument("--file", action="append", default=[], help="a file whose SHA-256 the entry must name")
    added = command("consistency", consistency_command)
    added.add_argument("proof", nargs="?", help="not needed for two heads of the same size")
    added.add_argument("--old", required=True, help="the note that you kept")
    added.add_argument("--new", required=True, help="a newer note")
    added = command("export", export_command)
    added.add_argument("folder")
    added.add_argument("--kept", action="append", default=[], help="a note that you kept")
    return parser


def keys_given(values: Iterable[str]) -> list[Key]:
    """Every key that was named, in itself or by a file."""
    lines = []
    for value in values:
        path = Path(value)
        is_file = len(value) < 1000 and path.is_file()
        lines += path.read_text().split() if is_file else [value]
    return [read_key(line) for line in lines]


def main() -> int:
    """Runs a command and says what it found."""
    options = arguments().parse_args()
    try:
        found, code = options.run(options, keys_given(options.key)), 0
        answer = {"valid": True, "code": "ok", **found}
    except Broken as broken:
        answer, code = {"valid": False, "code": broken.code, "detail": str(broken)}, 1
    except (Unreadable, UnicodeDecodeError, OSError) as error:
        answer, code = {"valid": None, "code": "unreadable", "detail": str(error)}, 2
    if options.json:
        print(json.dumps(answer, ensure_ascii=False))
    else:
        told = ", ".join(f"{name} {value}" for name, value in answer.items() if name not in ("valid", "code", "entry"))
        print(f"{'HOLDS' if code == 0 else 'DOES NOT HOLD' if code == 1 else 'NOT JUDGED'} ({answer['code']}): {told}")
    return code


if __name__ == "__main__":
    sys.exit(main())
