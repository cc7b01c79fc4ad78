"""The gate against bare RSA-2048 verification on one core: warm, and cold with a new card every hundred messages.

Ours is everything a message passes before anything is believed (steps 1 to 6: strict DER, attributes, certificate,
digest, signature, path, policy, revocation) over the content of a voucher; the baseline is the cryptography package's
`verify` over the same signed bytes, and nothing else. Cold means that certificate and path are seen for the first
time, with a revocation list of 2,000 entries. Both take turns, and the ratio is that of the medians. Cards and
signatures come from the simulated authorities and the card service. Prints one JSON line per measurement.
"""

import json
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from signing.card_client import CardClient
from signing.certificates import certificate_read, certificates_load, crls_load
from signing.content import content_build
from signing.crls import RevocationList
from signing.gate import gate_pass, signature_check
from signing.paths import TrustStore
from treasury.core import clock
from treasury.embedded import Child

CARDS, ROUNDS, MESSAGES, ENTRIES = 24, 24, 100, 2000
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
    """Measures warm, then cold."""
    with tempfile.TemporaryDirectory() as folder:
        messages = _messages(Path(folder))
        store = _store(Path(folder) / "pki")
        _line("signature gate, warm", 0.25, *_warm(store, messages))
        _line("signature gate, cold", 0.05, *_cold(_store(Path(folder) / "pki"), messages))


def _warm(store: TrustStore, messages: Sequence[bytes]) -> tuple[float, float]:
    """Messages a second of cards seen before, and bare verifications a second."""
    at = clock.now()
    for message in messages:
        gate_pass(store=store, content=CONTENT, message=message, at=at)

    def ours() -> None:
        for index in range(MESSAGES * 5):
            gate_pass(store=store, content=CONTENT, message=messages[index % CARDS], at=at)

    return _in_turns([ours] * ROUNDS, _bare(messages), MESSAGES * 5)


def _cold(store: TrustStore, messages: Sequence[bytes]) -> tuple[float, float]:
    """The same with a card never seen before in every hundred messages; a card serves once."""
    at = clock.now()
    certificate_read.cache_clear()

    def hundred(message: bytes) -> Callable[[], None]:
        def ours() -> None:
            for _ in range(MESSAGES):
                gate_pass(store=store, content=CONTENT, message=message, at=at)

        return ours

    gate_pass(store=store, content=CONTENT, message=messages[0], at=at)
    return _in_turns([hundred(message) for message in messages[1:]], _bare(messages), MESSAGES)


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
    """One signature of each of many cards, by the card service."""
    requests = [
        {"agency_code": f"{number:010}", "agency_name": "某機關", "capacity": "head", "holder": "某", "pin": PIN}
        for number in range(CARDS)
    ]
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    out = _simulate("issue", "--pki", str(folder / "pki"), "--cards", str(folder / "cards"), given=lines)
    numbers = [json.loads(line)["card_no"] for line in out.splitlines()]
    _fill_lists(folder / "pki")
    arguments = ["--test-mode", "--cards", str(folder / "cards"), "--port", "0", "--ready-file", str(folder / "ready")]
    command = [sys.executable, "-m", "signing.simulation.card_service", *arguments]
    with Child("card-service", command, ready_file=folder / "ready", log=folder / "log") as service:
        client = CardClient(service.wait_ready())
        return [client.sign(card_no=number, pin=PIN, content=CONTENT) for number in numbers]


def _fill_lists(pki: Path) -> None:
    """Has the agencies' authority revoke as many cards as a real list names."""
    state: dict[str, Any] = json.loads((pki / "state.json").read_text())
    at = clock.now().isoformat()
    state["revoked"]["gca"] = [
        {"serial": secrets.randbits(120), "at": at, "reason": "superseded"} for _ in range(ENTRIES)
    ]
    (pki / "state.json").write_text(json.dumps(state))
    _simulate("pki", "--pki", str(pki), "refresh-crls")


def _simulate(module: str, *arguments: str, given: str = "") -> str:
    command = [sys.executable, "-m", f"signing.simulation.{module}", *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout


def _store(pki: Path) -> TrustStore:
    anchors, below = ([facts for _, facts in certificates_load(pki / part)] for part in ("anchors", "intermediates"))
    return TrustStore(anchors, below, [RevocationList(one) for one in crls_load(pki / "crls")])


def _line(name: str, aim: float, ours: float, baseline: float) -> None:
    row = {"name": name, "ours": round(ours), "baseline": round(baseline), "ratio": round(ours / baseline, 3)}
    print(json.dumps(row | {"aim": aim, "unit": "messages/s"}), flush=True)


if __name__ == "__main__":
    main()
