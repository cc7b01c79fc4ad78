"""Other judges of a token: what we accept they must accept as well."""

import asyncio
import hashlib
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

from asn1crypto import cms
from cryptography.hazmat.primitives import serialization
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from signing.paths import TrustStore
from signing.timestamps.tokens import token_read

DER = serialization.Encoding.DER
_PEM = serialization.Encoding.PEM


def pyhanko(token: bytes, data: bytes, store: TrustStore) -> datetime | None:
    """The moment that pyhanko believes, with path and revocation as of it; None when it does not."""
    context = ValidationContext(
        moment=token_read(token).generated_at,
        trust_roots=[one.for_path for one in store.anchors],
        other_certs=[one.for_path for one in store.intermediates],
        crls=[one.der for one in store.lists],
        revocation_mode="require",
        allow_fetching=False,
    )
    signed = cms.ContentInfo.load(token)["content"]
    found: dict[str, Any] = asyncio.run(
        validate_tst_signed_data(signed, context, lambda algorithm: hashlib.new(algorithm, data).digest())
    )
    believed = found["intact"] and found["valid"] and found["trust_problem_indic"] is None
    moment: datetime | None = found["timestamp"] if believed else None
    return moment


def openssl(token: bytes, data: bytes, store: TrustStore, *, at: datetime, folder: Path) -> bool:
    """Whether `openssl ts -verify` accepts a token over data as of a moment."""
    parts = {"token": token, "data": data}
    parts["anchors"] = b"".join(one.parsed.public_bytes(_PEM) for one in store.anchors)
    parts["below"] = b"".join(one.parsed.public_bytes(_PEM) for one in store.intermediates)
    for name, content in parts.items():
        (folder / name).write_bytes(content)
    command = ["openssl", "ts", "-verify", "-token_in", "-in", "token", "-data", "data", "-CAfile", "anchors"]
    command += ["-untrusted", "below", "-attime", str(int(at.timestamp()))]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode == 0 and "Verification: OK" in done.stdout + done.stderr
