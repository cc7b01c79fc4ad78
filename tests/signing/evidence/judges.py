"""Both who check evidence: the product's own command and the stand-alone tool, asked alike."""

import importlib
import sys
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.certificates import certificate_read
from signing.evidence.examination import Examination, Pinned
from tests.signing.evidence.workshop import KEY

TOOLS = Path(__file__).parents[3] / "tools"


@cache
def tool() -> Any:
    """The stand-alone verifier, imported as it runs: from its own folder."""
    sys.path.insert(0, str(TOOLS))
    return importlib.import_module("verify_evidence")


def product(data: bytes, anchors: list[x509.Certificate], at: datetime, *, with_log: bool = True) -> dict[str, str]:
    """What the product finds: code by check (`signature head`), nothing when everything holds."""
    trusted = tuple(certificate_read(one.public_bytes(Encoding.DER)) for one in anchors)
    examination = Examination(data, Pinned(anchors=trusted, keys=[KEY.check] if with_log else []), at)
    found = {f"{one.check} {one.about}".strip(): one.code for one in examination.run() if not one.ok}
    assert examination.holds == (not found)
    return found


def stranger(data: bytes, anchors: list[x509.Certificate], at: datetime, *, with_log: bool = True) -> dict[str, str]:
    """What the stand-alone tool finds: its words by check."""
    pinned = tool().Pinned("", ["00"], [KEY.check.line])
    pinned.certificates = anchors
    verdict = tool().Evidence(data, pinned, at=at, needs_log=with_log).examine()
    found = {f"{one['check']} {one['about']}".strip(): one["detail"] for one in verdict.lines if not one["ok"]}
    assert verdict.is_good == (not found)
    return found
