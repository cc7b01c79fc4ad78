"""Checking an evidence file from itself and what its reader trusts: no database, no network, no clock but the moment
given. The stand-alone tool makes the same checks with other code."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.canonical import read
from signing.certificates import CertificateFacts, certificate_read, pem_or_der
from signing.crls import RevocationList
from signing.evidence import money, papers, stamps
from signing.evidence.container import container_read
from signing.gate import Signer
from signing.log.notes import CheckKey
from signing.paths import TrustStore
from signing.refusals import Refused
from signing.timestamps.tokens import TokenFacts
from treasury.core.errors import Problem

Found = TypeVar("Found")
PEM: Final = Encoding.PEM
_TOP: Final = frozenset({"document.json", "ledger.json", "bank.json", "history.json"})
_FREE: Final = ("certificates/", "crls/", "log/heads/", "log/proofs/")
# What parts of other shapes than expected bring about when they are read.
_MALFORMED: Final = (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError, OverflowError)


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, whether it holds, the stable code and words when it does not."""

    check: str
    about: str
    ok: bool
    code: str
    detail: str

    def as_dict(self) -> dict[str, Any]:
        """As a JSON line shows it."""
        return {"check": self.check, "about": self.about, "ok": self.ok, "code": self.code, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Pinned:
    """What the reader trusts: certificates of anchors or their fingerprints (SHA-256, hexadecimal), keys of the log
    (none: the log is not looked at)."""

    anchors: tuple[CertificateFacts, ...] = ()
    fingerprints: frozenset[str] = frozenset()
    keys: Collection[CheckKey] = ()


@dataclass
class Examination:
    """A file under examination; `findings` in the order of the checks, each made as far as those before allow."""

    data: bytes
    pinned: Pinned
    at: datetime
    findings: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether every check holds."""
        return all(one.ok for one in self.findings)

    def run(self) -> list[Finding]:
        """Makes every check; what is found first stops only what rests on it."""
        opened = self._check("container", "", lambda: container_read(self.data))
        if opened is None:
            return self.findings
        manifest, parts = opened
        store = self._check("material", "", lambda: self._store(parts))
        paper = self._check("document", "", lambda: papers.paper_read(manifest, parts))
        if store is not None and paper is not None:
            self._examine(parts, paper, store)
        return self.findings

    def _examine(self, parts: dict[str, bytes], paper: papers.Paper, store: TrustStore) -> None:
        self._check("parts", "", lambda: _parts_check(parts, paper))
        tokens, signers = [], []
        for one in paper.parts:
            stamped, signer = self._signature(one, paper, store)
            tokens += [stamped] if stamped is not None else []
            signers += [signer] if signer is not None else []
        voucher: dict[str, Any] = self._check("together", "", lambda: papers.together_check(paper, signers)) or {}
        digests = self._money(parts, paper, voucher)
        if self.pinned.keys:
            self._log(parts, store, tokens, digests)

    def _signature(
        self, one: papers.SignedPart, paper: papers.Paper, store: TrustStore
    ) -> tuple[TokenFacts | None, Signer | None]:
        stamped = self._check("time", one.capacity, lambda: papers.time_check(one, store))
        if stamped is None:
            return None, None
        check = self._check("signature", one.capacity, lambda: papers.signature_check(one, paper, store, stamped))
        return stamped, check

    def _money(self, parts: dict[str, bytes], paper: papers.Paper, voucher: dict[str, Any]) -> dict[str, str]:
        """The digests that seal the postings, by digest the day."""
        name = f"{paper.document_ref}#{paper.revision}"
        told = self._check("ledger", "", lambda: money.ledger_check(read(parts["ledger.json"])))
        self._check("bank", "", lambda: money.bank_check(read(parts["bank.json"]), voucher))
        self._check("history", "", lambda: money.history_check(read(parts["history.json"])))
        if told is None:
            return {}
        postings, digests = told
        bank: Callable[[], Any] = lambda: read(parts["bank.json"])  # noqa: E731
        self._check("postings", "", lambda: money.postings_check(postings, bank(), name, voucher["total_twd"]))
        return digests

    def _log(
        self, parts: dict[str, bytes], store: TrustStore, tokens: list[TokenFacts], digests: dict[str, str]
    ) -> None:
        heads = self._check("heads", "", lambda: stamps.heads_check(parts, self.pinned.keys, store))
        if heads is None:
            return
        entries = self._check("proofs", "", lambda: stamps.entries_check(parts, heads))
        if entries is None:
            return
        self._check("logged", "", lambda: stamps.logged_check(entries, heads, digests))
        self._check("renewal", "", lambda: stamps.renewal_check(entries, heads, tokens, store, self.at))

    def _store(self, parts: dict[str, bytes]) -> TrustStore:
        """The pinned anchors with the certificates and lists of the file, each named by its SHA-256."""
        certificates, lists = [], []
        for name, part in parts.items():
            folder, _, rest = name.partition("/")
            if folder == "certificates":
                certificate = certificate_read(pem_or_der(part))
                certificates.append(certificate)
                is_own = (rest, part) == (f"{certificate.fingerprint.hex()}.pem", certificate.parsed.public_bytes(PEM))
                _require(is_own, name)
            elif folder == "crls":
                found = RevocationList(x509.load_pem_x509_crl(part).public_bytes(Encoding.DER))
                lists.append(found)
                _require((rest, part) == (f"{found.sha256.hex()}.pem", found.parsed.public_bytes(PEM)), name)
        own = {one.fingerprint for one in self.pinned.anchors}
        named = [one for one in certificates if one.fingerprint.hex() in self.pinned.fingerprints]
        anchors = [*self.pinned.anchors, *(one for one in named if one.fingerprint not in own)]
        known = {one.fingerprint for one in anchors}
        below = [one for one in certificates if one.is_authority and one.fingerprint not in known]
        return TrustStore(anchors, below, lists)

    def _check(self, check: str, about: str, call: Callable[[], Found]) -> Found | None:
        """Makes one check and notes it: its result, None when it found something."""
        try:
            found = call()
        except Problem as problem:
            code = problem.code
            detail = problem.detail
        except _MALFORMED as error:
            code, detail = "evidence_part", f"{type(error).__name__}: {error}"[:200]
        else:
            self.findings.append(Finding(check, about, True, "ok", ""))
            return found
        self.findings.append(Finding(check, about, False, code, detail))
        return None


def _parts_check(parts: dict[str, bytes], paper: papers.Paper) -> None:
    """Refused `evidence_part` for a part that is missing, or that no check reads."""
    proved = {read(part)["entry"] for name, part in parts.items() if name.startswith("log/proofs/")}
    known = _TOP | {name for one in paper.parts for name in papers.part_names(one.capacity)}
    strange = sorted(name for name in set(parts) - known - proved if not name.startswith(_FREE))
    missing = sorted(known - set(parts))
    _require(not strange and not missing, ", ".join([*strange[:5], *missing]))


def _require(is_so: bool, what: str) -> None:
    if not is_so:
        raise Refused("evidence_part", what)
