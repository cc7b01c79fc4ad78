"""What goes over the wire to a timestamp authority, and what comes back (RFC 3161, sections 2.4 and 3.4)."""

from typing import Final

from cryptography.hazmat import asn1
from cryptography.hazmat.asn1 import TLV
from cryptography.x509 import ObjectIdentifier

from signing.der import element
from signing.refusals import Refused
from signing.timestamps import schema
from treasury.core.errors import Problem

QUERY_TYPE: Final = "application/timestamp-query"
REPLY_TYPE: Final = "application/timestamp-reply"
_SHA256: Final = bytes.fromhex("300d06096086480165030402010500")
_GRANTED: Final = (0, 1)
_FAILURES: Final = {
    0: "badAlg",
    2: "badRequest",
    5: "badDataFormat",
    14: "timeNotAvailable",
    15: "unacceptedPolicy",
    16: "unacceptedExtension",
    17: "addInfoNotAvailable",
    25: "systemFailure",
}


def query_build(*, imprint: bytes, nonce: int, policy: str = "") -> bytes:
    """The DER of a query for a token over a SHA-256, with the authority's certificate in it."""
    return asn1.encode_der(
        schema.Query(
            version=1,
            imprint=schema.Imprint(algorithm=asn1.decode_der(TLV, _SHA256), digest=imprint),
            policy=ObjectIdentifier(policy) if policy else None,
            nonce=nonce,
            wants_certificate=True,
        )
    )


def reply_token(reply: bytes) -> bytes:
    """The token (DER) of a reply.

    Problem `timestamp_unavailable` (503) with the authority's reason when it gives none; Refused
    `timestamp_malformed` for a reply that is none.
    """
    try:
        granted = asn1.decode_der(schema.Granted, reply)
    except ValueError:
        raise _denied(reply) from None
    if granted.status.status not in _GRANTED:
        raise Refused("timestamp_malformed", f"a token with status {granted.status.status}")
    return element(granted.token.tag_bytes, granted.token.data)


def timestamp_unavailable(why: str) -> Problem:
    """What a person is told while no timestamp can be had: nothing was signed, try again later."""
    return Problem("timestamp_unavailable", f"時戳服務沒有提供時戳，簽章沒有存入：{why}", status=503)


def _denied(reply: bytes) -> Problem:
    try:
        status = asn1.decode_der(schema.Denied, reply).status
    except ValueError as error:
        return Refused("timestamp_malformed", str(error)[:200])
    failure = status.failure.as_bytes() if status.failure is not None else b""
    bits = "".join(f"{one:08b}" for one in failure)
    named = [name for bit, name in _FAILURES.items() if bits[bit : bit + 1] == "1"]
    return timestamp_unavailable(" ".join((f"status {status.status}", *named)))
