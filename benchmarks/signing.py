"""The gate against bare RSA-2048 verification on one core: warm, cold with a new card every hundred messages, and cold
with ever longer revocation lists.

Ours is everything a message passes before anything is believed (steps 1 to 6: strict DER, attributes, certificate,
digest, signature, path, policy, revocation) over the content of a voucher; the baseline is the cryptography package's
`verify` over the same signed bytes, and nothing else. Cold means that certificate and path are seen for the first
time. Both take turns, and the ratio is that of the medians. A longer list shall cost once, when its generation is
taken in: the lines after that compare cold messages under long lists with those under one of 2,000 entries, and
taking in the longest list (parsed, verified, indexed) with what the package needs to read its serial numbers. Cards and
signatures come from the simulated authorities and the card agent. Prints one JSON line per measurement.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from benchmarks.long_lists import lengthened
from signing.card_client import CardClient
from signing.certificates import certificates_forget, certificates_load, crls_load
from signing.content import content_build
from signing.crls import RevocationList
from signing.gate import gate_pass, signature_check
from signing.paths import TrustStore
from treasury.core import clock
from treasury.embedded import Child

CARDS, ROUNDS, MESSAGES = 24, 24, 100
ENTRIES = (2_000, 50_000, 300_000)
PIN = "135790"
CONTENT = content_build(
    document={
        "treasury": "NTA",
        "agency_code": "0003010000",
        "fiscal_year": 114,
        "number": "P0307-001",
        "revision": 1,
        "voucher": {"kind": "payment", "total_twd": 13895, "payee_lines": [{"name": "禾穹晟文具行"}] * 10},
    },
    capacity="head",
    nonce="N" * 43,
    statement_version="certification/1",
)


def main() -> None:
    """Measures warm, cold, and cold under longer lists."""
    with tempfile.TemporaryDirectory() as folder:
        messages, pki = _messages(Path(folder)), Path(folder) / "pki"
        lists = {entries: _long_list(pki, entries) for entries in ENTRIES}
        _line("signature gate, warm", 0.25, *_warm(_store(pki, lists[ENTRIES[0]]), messages))
        _line("signature gate, cold", 0.05, *_cold(_store(pki, lists[ENTRIES[0]]), messages))
        for entries in ENTRIES[1:]:
            short, long = (_store(pki, lists[one]) for one in (ENTRIES[0], entries))
            _line(f"signature gate, cold, list of {entries:,} to 2,000", 0.8, *_beside(long, short, messages))
        _line("revocation list of 300,000 taken in", 0.1, *_taken_in(lists[ENTRIES[-1]], pki), unit="entries/s")


def _warm(store: TrustStore, messages: Sequence[bytes]) -> tuple[float, float]:
    """Messages a second of cards seen before, and bare verifications a second."""
    at = clock.now()
    certificates_forget()
    for message in messages:
        gate_pass(store=store, content=CONTENT, message=message, at=at)

    def ours() -> None:
        for index in range(MESSAGES * 5):
            gate_pass(store=store, content=CONTENT, message=messages[index % CARDS], at=at)

    return _in_turns([ours] * ROUNDS, _bare(messages), MESSAGES * 5)


def _cold(store: TrustStore, messages: Sequence[bytes]) -> tuple[float, float]:
    """The same with a card never seen before in every hundred messages; a card serves once."""
    bare = _bare(messages)  # before the gate forgets, because it reads the certificates
    return _in_turns(_hundreds(store, messages), bare, MESSAGES)


def _beside(long: TrustStore, short: TrustStore, messages: Sequence[bytes]) -> tuple[float, float]:
    """Cold messages a second under a long list and under a short one."""
    mine: list[float] = []
    theirs: list[float] = []
    for ours, baseline in zip(_hundreds(long, messages), _hundreds(short, messages), strict=True):
        for call, seconds in ((ours, mine), (baseline, theirs)):
            certificates_forget()
            seconds.append(_seconds(call))
    return MESSAGES / statistics.median(mine), MESSAGES / statistics.median(theirs)


def _hundreds(store: TrustStore, messages: Sequence[bytes]) -> list[Callable[[], None]]:
    """A call per card that sends a hundred of its messages; the first card has warmed the store."""
    at = clock.now()
    certificates_forget()

    def hundred(message: bytes) -> Callable[[], None]:
        def ours() -> None:
            for _ in range(MESSAGES):
                gate_pass(store=store, content=CONTENT, message=message, at=at)

        return ours

    gate_pass(store=store, content=CONTENT, message=messages[0], at=at)
    return [hundred(message) for message in messages[1:]]


def _taken_in(der: bytes, pki: Path) -> tuple[float, float]:
    """Entries a second: a generation parsed, verified and indexed; and only read by the cryptography package."""
    authorities = [facts for _, facts in certificates_load(pki / "intermediates")]

    def ours() -> None:
        one = RevocationList(der)
        if not any(one.is_signed_by(known) for known in authorities) or one.lists_any({1}):
            raise SystemExit("the list is not what it was made")

    def theirs() -> None:
        _ = frozenset(entry.serial_number for entry in x509.load_der_x509_crl(der))

    mine, bare = (statistics.median(_seconds(call) for _ in range(3)) for call in (ours, theirs))
    return ENTRIES[-1] / mine, ENTRIES[-1] / bare


def _bare(messages: Sequence[bytes]) -> Callable[[int], None]:
    """Bare verification of what these messages sign."""
    scheme, digest = padding.PKCS1v15(), hashes.SHA256()
    ready = []
    for message in messages:
        read, certificate = signature_check(content=CONTENT, message=message)
        ready.append((certificate.public_key, read.signature, read.signed_bytes))

    def run(count: int) -> None:
        for index in range(count):
            key, signature, signed = ready[index % len(ready)]
            key.verify(signature, signed, scheme, digest)  # type: ignore[union-attr, call-arg, arg-type]

    return run


def _in_turns(ours: Sequence[Callable[[], None]], bare: Callable[[int], None], count: int) -> tuple[float, float]:
    """Median figures a second of ours and of the baseline, measured one after the other."""
    mine, theirs = [], []
    for one in ours:
        mine.append(_seconds(one))
        theirs.append(_seconds(lambda: bare(count)))
    return count / statistics.median(mine), count / statistics.median(theirs)


def _seconds(call: Callable[[], None]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def _messages(folder: Path) -> list[bytes]:
    """One signature of each of many cards, by the card agent."""
    requests = [
        {"agency_code": f"{number:010}", "agency_name": "某機關", "capacity": "head", "holder": "某", "pin": PIN}
        for number in range(CARDS)
    ]
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    out = _simulate("issue", "--pki", str(folder / "pki"), "--cards", str(folder / "cards"), given=lines)
    numbers = [json.loads(line)["card_no"] for line in out.splitlines()]
    arguments = ["--test-mode", "--cards", str(folder / "cards"), "--port", "0", "--ready-file", str(folder / "ready")]
    command = [sys.executable, "-m", "signing.simulation.card_service", *arguments]
    with Child("card-service", command, ready_file=folder / "ready", log=folder / "log") as service:
        client = CardClient(service.wait_ready())
        return [client.sign(card_no=number, pin=PIN, content=CONTENT) for number in numbers]


def _long_list(pki: Path, entries: int) -> bytes:
    """The list of the agencies' authority, with as many cards revoked as asked for."""
    key = serialization.load_pem_private_key((pki / "keys" / "gca.pem").read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return lengthened((pki / "crls" / "gca.crl").read_bytes(), key, entries)


def _simulate(module: str, *arguments: str, given: str = "") -> str:
    command = [sys.executable, "-m", f"signing.simulation.{module}", *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout


def _store(pki: Path, of_agencies: bytes) -> TrustStore:
    """All authorities and lists, with this one of the agencies' authority."""
    anchors, below = ([facts for _, facts in certificates_load(pki / part)] for part in ("anchors", "intermediates"))
    short = (pki / "crls" / "gca.crl").read_bytes()
    lists = [of_agencies if one == short else one for one in crls_load(pki / "crls")]
    return TrustStore(anchors, below, [RevocationList(one) for one in lists])


def _line(name: str, aim: float, ours: float, baseline: float, *, unit: str = "messages/s") -> None:
    row = {"name": name, "ours": round(ours), "baseline": round(baseline), "ratio": round(ours / baseline, 3)}
    print(json.dumps(row | {"aim": aim, "unit": unit}), flush=True)


if __name__ == "__main__":
    main()
