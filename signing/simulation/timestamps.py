"""The timestamp authority itself: what it answers to a query, and numbers that it gives no token twice."""

import json
import threading
from datetime import datetime
from typing import Final

from asn1crypto import tsp

from signing.simulation.authorities import Pki, write_atomic
from signing.simulation.time_certificates import TimeCertificates
from signing.simulation.time_tokens import content_make, denied, granted, token_make
from treasury.core import clock

POLICY: Final = "2.16.886.101.999.1"
ACCURACY_SECONDS: Final = 1
_BAD_ALGORITHM, _BAD_REQUEST, _BAD_FORMAT, _NO_TIME, _OTHER_POLICY, _EXTENSION = 0, 2, 5, 14, 15, 16
_DIGEST_BYTES: Final = {"sha256": 32, "sha384": 48, "sha512": 64}
_BLOCK: Final = 1000


class Denial(Exception):
    """Why no token is given; `failure` is the bit of PKIFailureInfo."""

    def __init__(self, failure: int, why: str) -> None:
        super().__init__(why)
        self.failure = failure


class TimestampAuthority:
    """Gives tokens by the product's clock (`CLOCK` moves it); the folder of the authorities holds keys and numbers.

    `is_ordered` says of tokens that their moments are in the order of their making; then a clock that was set back
    gives none.
    """

    def __init__(self, pki: Pki, *, is_ordered: bool = False) -> None:
        self._certificates = TimeCertificates(pki)
        self._certificates.provide(clock.now())
        self._serials = _Serials(pki)
        self._is_ordered = is_ordered
        self._lock = threading.Lock()
        self._last: datetime | None = None

    def answer(self, query: bytes) -> bytes:
        """The reply (DER) to a query (DER), whatever the query is."""
        try:
            asked = _read(query)
            return granted(self._token(asked))
        except Denial as denial:
            return denied(denial.failure, str(denial))

    def _token(self, asked: tsp.TimeStampReq) -> bytes:
        with self._lock:
            at = clock.now()
            if self._is_ordered and self._last is not None and at < self._last:
                raise Denial(_NO_TIME, "the clock was set back")
            self._last = at
            serial = self._serials.next()
        generation = self._certificates.current(at)
        if generation is None:
            raise Denial(_NO_TIME, "no certificate is valid now")
        content = content_make(
            imprint=asked["message_imprint"].dump(),
            policy=POLICY,
            serial=serial,
            at=at,
            nonce=asked["nonce"].native,
            accuracy_seconds=ACCURACY_SECONDS,
            is_ordered=self._is_ordered,
        )
        return token_make(content, generation, with_certificate=asked["cert_req"].native)


def _read(query: bytes) -> tsp.TimeStampReq:
    """A query that can be answered; Denial otherwise."""
    try:
        asked = tsp.TimeStampReq.load(query, strict=True)
        version, imprint = asked["version"].native, asked["message_imprint"]
        hash_name, digest = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
        policy, extensions = asked["req_policy"].native, asked["extensions"].native
        asked["nonce"].native, asked["cert_req"].native
    except (ValueError, TypeError, KeyError) as error:
        raise Denial(_BAD_FORMAT, str(error)[:200]) from None
    if hash_name not in _DIGEST_BYTES:
        raise Denial(_BAD_ALGORITHM, f"{hash_name} is not accepted")
    if version != "v1" or len(digest) != _DIGEST_BYTES[hash_name]:
        raise Denial(_BAD_REQUEST, "version or length of the hash is wrong")
    if policy not in (None, POLICY):
        raise Denial(_OTHER_POLICY, f"tokens are made under {POLICY} only")
    if extensions:
        raise Denial(_EXTENSION, "no extension is known")
    return asked


class _Serials:
    """Numbers by the thousand: a block is on disk before its first is given, so that none comes twice."""

    def __init__(self, pki: Pki) -> None:
        self._pki, self._path = pki, pki.folder / "timestamps" / "serials.json"
        self._next = self._end = 0

    def next(self) -> int:
        """The next number; not for two threads at once."""
        if self._next == self._end:
            with self._pki.locked():
                taken = json.loads(self._path.read_bytes())["taken"] if self._path.exists() else 0
                write_atomic(self._path, json.dumps({"taken": taken + _BLOCK}).encode())
            self._next, self._end = taken, taken + _BLOCK
        self._next += 1
        return self._next
