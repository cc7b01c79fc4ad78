#!/usr/bin/env python3
"""Checks one voucher's evidence without the treasury: from the file, anchors and the log's key that you trust.

Needs Python 3.11 and the `cryptography` package, `verify_log.py` and the folder `evidence` beside it; no server, no
database, no network. Everything is computed anew; what the file says of itself counts for nothing.
Exit codes: 0 everything holds, 1 something does not, 2 it could not be judged (no anchors, no key, no file).
"""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import verify_log
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from evidence import books, chains, container, documents, logs, payments
from evidence.wrong import Wrong

LEDGER = "epay-evidence-ledger/1"
KNOWN = frozenset({"document.json", "ledger.json", "bank.json", "history.json"})
FOLDERS = ("contents/", "signatures/", "tokens/", "certificates/", "crls/", "log/heads/", "log/proofs/", "log/entries/")


class Unjudged(Exception):
    """What is needed for judging is missing: exit 2."""


class Verdict:
    """The checks in their order; one that fails does not keep the others from being made."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def make(self, check: str, about: str, call: Callable[[], Any]) -> Any:
        """Makes one check: what it returns, None when it found something."""
        try:
            found = call()
        except (Wrong, verify_log.Broken, verify_log.Unreadable) as error:
            self._add(check, about, False, str(error))
            return None
        except Exception as error:  # hostile shapes: a missing key, a text for a number, a date that is none
            self._add(check, about, False, f"not of the form it should have ({type(error).__name__}: {error})"[:200])
            return None
        self._add(check, about, True, found if isinstance(found, str) else "")
        return found

    def _add(self, check: str, about: str, ok: bool, detail: str) -> None:
        self.lines.append({"check": check, "about": about, "ok": ok, "detail": detail})

    @property
    def is_good(self) -> bool:
        """Whether every check holds."""
        return all(line["ok"] for line in self.lines)


class Evidence:
    """One file under examination."""

    def __init__(self, data: bytes, pinned: "Pinned", *, at: datetime, needs_log: bool) -> None:
        self.data, self.pinned, self.at, self.needs_log = data, pinned, at, needs_log
        self.verdict = Verdict()

    def examine(self) -> Verdict:
        """Makes every check that the ones before it leave possible."""
        make = self.verdict.make
        opened = make("container", "", lambda: container.read(self.data))
        if opened is None:
            return self.verdict
        self.manifest, self.parts = opened
        self.store = make("material", "", self._store)
        read = make("document", "", lambda: documents.document_read(self.manifest, self.parts))
        if self.store is None or read is None:
            return self.verdict
        self.document, self.signatures = read
        make("parts", "", self._parts)
        for one in self.signatures:
            self._signature(one)
        self.voucher = make("together", "", lambda: documents.check_together(self.signatures))
        self._payment()
        if self.needs_log:
            self._log()
        return self.verdict

    def _store(self) -> chains.Store:
        """The pinned anchors, and the file's certificates and lists, each under the name of its own SHA-256."""
        certificates, lists = [], []
        for name, part in self.parts.items():
            if name.startswith("certificates/"):
                one = x509.load_pem_x509_certificate(part)
                _require_name(name, "certificates", one.fingerprint(hashes.SHA256()))
                _require_spelling(name, part, one)
                certificates.append(one)
            elif name.startswith("crls/"):
                found = x509.load_pem_x509_crl(part)
                _require_name(name, "crls", found.fingerprint(hashes.SHA256()))
                _require_spelling(name, part, found)
                lists.append(found)
        anchors = self.pinned.anchors(certificates)
        return chains.Store(anchors, [one for one in certificates if one not in anchors], lists)

    def _parts(self) -> str:
        """Wrong for a part that none of the checks reads."""
        own = KNOWN | {name for one in self.signatures for name in documents.names_of(one.capacity)}
        strange = [
            name
            for name in self.parts
            if name not in own and (name.startswith(FOLDERS[:3]) or not name.startswith(FOLDERS))
        ]
        missing = KNOWN - set(self.parts)
        entries = {json.loads(part)["entry"] for name, part in self.parts.items() if name.startswith("log/proofs/")}
        strange += [name for name in self.parts if name.startswith("log/entries/") and name not in entries]
        if strange or missing:
            raise Wrong(f"parts that do not belong: {strange[:5]}, that are missing: {sorted(missing)}")
        return f"{len(self.parts)} parts"

    def _signature(self, one: documents.Signature) -> None:
        make = self.verdict.make
        make("signature", one.capacity, lambda: documents.check_signature(one, self.document))
        make("time", one.capacity, lambda: documents.check_time(one, self.store))
        make("certificate", one.capacity, lambda: documents.check_certificate(one, self.store))

    def _payment(self) -> None:
        make = self.verdict.make
        ref = f"{self.document['document_ref']}#{self.document['revision']}"
        postings = make("ledger", "", lambda: self._ledger(ref))
        bank = make("bank", "", lambda: payments.check_bank(self._part("bank.json", payments.BANK), self.voucher))
        history = "history.json"
        make("history", "", lambda: payments.check_history(self._part(history, payments.HISTORY)))
        if postings is not None and bank is not None:
            bank_part = self._part("bank.json", payments.BANK)
            make("postings", "", lambda: payments.check_names(postings, bank_part, ref))

    def _ledger(self, ref: str) -> list[books.Posting]:
        postings, self.digests = books.check(self._part("ledger.json", LEDGER))
        books.check_totals(postings, ref, self.voucher["total_twd"])
        return postings

    def _log(self) -> None:
        make = self.verdict.make
        heads = make("heads", "", lambda: logs.heads_read(self.parts, self.pinned.keys, self.store))
        found = heads and make("proofs", "", lambda: logs.included(self.parts, heads))
        if not found:
            return
        make("logged", "document", lambda: logs.check_document(found, heads))
        make("logged", "days", lambda: self._days(found))
        stamped = [one.stamped for one in self.signatures if one.stamped is not None]
        make("renewal", "", lambda: logs.check_renewal(found, heads, stamped, self.store, self.at))

    def _days(self, found: dict[int, list[tuple[str, dict[str, Any]]]]) -> str:
        """Every posting is sealed by a digest of a day, and every such digest is in the log."""
        if any(not run["digest"] for run in container.json_read(self.parts["ledger.json"])["runs"]):
            raise Wrong("a posting is not sealed by a day's digest yet")
        return logs.check_days(found, self.digests)

    def _part(self, name: str, typ: str) -> dict[str, Any]:
        value: dict[str, Any] = container.json_read(self.parts[name])
        if value["typ"] != typ:
            raise Wrong(f"{name} is of another kind")
        return value


class Pinned:
    """What the reader trusts: certificates or fingerprints of anchors, keys of the log."""

    def __init__(self, folder: str, pins: list[str], keys: list[str]) -> None:
        self.fingerprints = {one.strip().lower().replace(":", "") for one in pins}
        self.certificates = [_certificate(path) for path in sorted(Path(folder).iterdir())] if folder else []
        self.keys = verify_log.keys_given(keys)
        if not self.fingerprints and not self.certificates:
            raise Unjudged("without --anchors or --pin there is nothing to trust")

    def anchors(self, certificates: list[x509.Certificate]) -> list[x509.Certificate]:
        """The anchors: the reader's own, and those in the file that a fingerprint of the reader's names."""
        named = [one for one in certificates if one.fingerprint(hashes.SHA256()).hex() in self.fingerprints]
        return [*self.certificates, *(one for one in named if one not in self.certificates)]


def _certificate(path: Path) -> x509.Certificate:
    data = path.read_bytes()
    read = x509.load_pem_x509_certificate if data.startswith(b"-----") else x509.load_der_x509_certificate
    return read(data)


def _require_name(name: str, folder: str, fingerprint: bytes) -> None:
    if name != f"{folder}/{fingerprint.hex()}.pem":
        raise Wrong(f"{name} is not named by its SHA-256")


def _require_spelling(name: str, part: bytes, one: Any) -> None:
    if one.public_bytes(Encoding.PEM) != part:
        raise Wrong(f"{name} holds more than its certificate or list")


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--anchors", default="", metavar="DIR", help="root certificates that you trust, DER or PEM")
    parser.add_argument("--pin", action="append", default=[], metavar="HEX", help="SHA-256 of a root that you trust")
    parser.add_argument("--log-key", action="append", default=[], metavar="KEY", help="a key of the log, or its file")
    parser.add_argument("--without-log", action="store_true", help="the file was exported before the day's head")
    parser.add_argument("--at", default="", metavar="TIME", help="judge as of this moment instead of now (ISO 8601)")
    parser.add_argument("--json", action="store_true", help="JSON Lines")
    return parser


def main() -> int:
    """Examines a file and says what it found, a line for each check."""
    options = arguments().parse_args()
    try:
        pinned = Pinned(options.anchors, options.pin, options.log_key)
        if not pinned.keys and not options.without_log:
            raise Unjudged("without --log-key (or --without-log) the log cannot be judged")
        at = datetime.fromisoformat(options.at) if options.at else datetime.now(UTC)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        data = Path(options.file).read_bytes()
    except (Unjudged, OSError, ValueError, verify_log.Unreadable) as error:
        print(json.dumps({"code": "unjudged", "detail": str(error)}, ensure_ascii=False), file=sys.stderr)
        return 2
    verdict = Evidence(data, pinned, at=at, needs_log=not options.without_log).examine()
    for line in verdict.lines:
        if options.json:
            print(json.dumps(line, ensure_ascii=False))
        else:
            name = " ".join(filter(None, (line["check"], line["about"])))
            print(f"{'ok  ' if line['ok'] else 'FAIL'} {name}{': ' if line['detail'] else ''}{line['detail']}")
    if options.json:
        print(json.dumps({"valid": verdict.is_good}))
    else:
        print("HOLDS" if verdict.is_good else "DOES NOT HOLD")
    return 0 if verdict.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
