"""Having the timestamp authority vouch for the moment at which something existed (design: step 9)."""

import hashlib
import secrets

from django.conf import settings

from signing.archive import Archive, archive
from signing.binding import token_moment_check
from signing.refusals import Refused
from signing.timestamps.client import client_of
from signing.timestamps.protocol import query_build, reply_token
from signing.timestamps.tokens import Token, facts_check, token_read
from treasury.core import clock


def timestamp_obtain(*, data: bytes, trusted: Archive | None = None) -> Token:
    """A fresh token over data from the authority at TIMESTAMP_URL, verified before anybody rests on it (A-1.2).

    Asks over the network: never within a transaction that holds a lock. `trusted` may hand in the archive read before.
    Problem `timestamp_unavailable` (503) when the authority gives none in time; Refused `timestamp_of_other_request`,
    `timestamp_time_off` (more than a minute off our clock), `timestamp_policy`, and what `token_check` refuses.
    """
    imprint, nonce = hashlib.sha256(data).digest(), secrets.randbits(63)
    asked_at = clock.now()
    client = client_of(settings.TIMESTAMP_URL, settings.TIMESTAMP_TIMEOUT_SECONDS)
    token = reply_token(client.ask(query_build(imprint=imprint, nonce=nonce, policy=settings.TIMESTAMP_POLICY)))
    read = token_read(token)
    if read.nonce != nonce:
        raise Refused("timestamp_of_other_request")
    token_moment_check(token_at=read.generated_at, received_at=asked_at)
    if settings.TIMESTAMP_POLICY not in ("", read.policy):
        raise Refused("timestamp_policy", read.policy)
    known = archive() if trusted is None else trusted
    facts = facts_check(read, data=data, store=known.store(read.generated_at))
    return Token(der=token, generated_at=read.generated_at, imprint=imprint, facts=facts)
