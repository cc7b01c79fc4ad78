"""The whole log as files, for whoever wants to check it all: `tools/verify_log.py export` reads them."""

from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.log.checking import chunks
from signing.log.kept import check_keys
from signing.models import Authority, CrlGeneration, LogEntry, LogHead


def log_export(folder: Path) -> dict[str, int]:
    """Writes the log into a folder; returns how many entries and heads.

    `entries.jsonl` (an entry a line: the line without its end is what was hashed), `heads/<size>.note` and `.tst` (the
    token, DER), `keys.txt` (public keys), and what the tokens rest on: `authorities.pem`, `lists/<sha256>.crl`.
    """
    heads = list(LogHead.objects.order_by("size"))
    for name in ("heads", "lists"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for head in heads:
        (folder / "heads" / f"{head.size}.note").write_bytes(bytes(head.note))
        (folder / "heads" / f"{head.size}.tst").write_bytes(bytes(head.token))
    (folder / "keys.txt").write_text("".join(f"{key.line}\n" for key in check_keys()))
    _write_trust(folder, heads)
    return {"entries": _write_entries(folder / "entries.jsonl"), "heads": len(heads)}


def _write_entries(path: Path) -> int:
    count = 0
    with path.open("wb") as file:
        for chunk in chunks(LogEntry.objects.order_by("index").values_list("body", flat=True)):
            file.writelines(bytes(body) + b"\n" for body in chunk)
            count += len(chunk)
    return count


def _write_trust(folder: Path, heads: Iterable[LogHead]) -> None:
    """The authorities' certificates and lists that the heads' tokens name."""
    named = {bytes.fromhex(one) for head in heads for one in head.token_facts["certificates"]}
    lists = {bytes.fromhex(one) for head in heads for one in head.token_facts["lists"]}
    authorities = Authority.objects.filter(fingerprint__in=named).order_by("pk").values_list("der", flat=True)
    certificates = [x509.load_der_x509_certificate(bytes(der)) for der in authorities]
    (folder / "authorities.pem").write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in certificates))
    for sha256, der in CrlGeneration.objects.filter(sha256__in=lists).values_list("sha256", "der"):
        (folder / "lists" / f"{bytes(sha256).hex()}.crl").write_bytes(bytes(der))
