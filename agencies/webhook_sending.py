"""Sending a message to an address that a client named, without being led anywhere it should not go.

The name is resolved once, every address it has is judged, and the connection goes to the address that was judged: a
name that resolves differently a moment later changes nothing. Redirects are not followed.
"""

import socket
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv6Address, IPv6Network
from urllib.parse import SplitResult, urlsplit

import urllib3
from django.conf import settings
from standardwebhooks import Webhook
from urllib3.exceptions import HTTPError

from agencies.networks import address_of_text
from treasury.core.errors import Problem

# Where IPv6 addresses of the public network are; beside it lie those that carry an IPv4 address to a translator.
_PUBLIC_V6 = IPv6Network("2000::/3")
_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: the receiver's status (None when it gave none), and what went wrong, empty for nothing."""

    status: int | None
    error: str

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has taken the message."""
        return self.status is not None and 200 <= self.status < 300


def url_require(url: str) -> None:
    """Problem `webhook_address_refused` for a URL that messages may not be sent to.

    HTTPS, and in development HTTP to this machine; no user name, no fragment; in production public addresses only.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused("it is no URL") from None
    host = parts.hostname or ""
    is_trial = settings.WEBHOOK_PRIVATE_ADDRESSES and parts.scheme == "http" and host in _LOOPBACK_NAMES
    if parts.scheme != "https" and not is_trial:
        raise _refused("it does not begin with https://")
    if not host or parts.username is not None or parts.fragment or port == 0 or not url.isascii():
        raise _refused("it holds no host, a user name, a fragment or letters beyond ASCII")
    if not settings.WEBHOOK_PRIVATE_ADDRESSES:
        addresses_of(host, port or 443)


def addresses_of(host: str, port: int) -> list[str]:
    """The addresses of a host; Problem `webhook_address_refused` when there are none, or one is not public."""
    try:
        found = sorted({str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)})
    except (OSError, UnicodeError):
        raise _refused(f"{host} has no address") from None
    if not settings.WEBHOOK_PRIVATE_ADDRESSES and not all(map(_is_public, found)):
        raise _refused(f"{host} is no public address")
    return found


def _is_public(text: str) -> bool:
    address = address_of_text(text)
    if isinstance(address, IPv6Address) and (address not in _PUBLIC_V6 or address.sixtofour is not None):
        return False
    return address is not None and address.is_global and not address.is_multicast


def signatures_of(secrets: list[str], *, message_id: str, at: datetime, body: str) -> str:
    """The header `webhook-signature`: one signature for each secret that counts now (Standard Webhooks)."""
    # The library takes the clock's digits as UTC whatever their zone, so they are UTC before it sees them.
    moment = at.astimezone(UTC)
    return " ".join(Webhook(secret).sign(msg_id=message_id, timestamp=moment, data=body) for secret in secrets)


def message_send(*, url: str, secrets: list[str], message_id: str, at: datetime, body: str) -> Outcome:
    """Sends a message once and says how that went; it never raises for what the receiver does.

    A receiver that answers byte by byte, each within the limit of one read, keeps nobody waiting beyond the limit of
    the whole.
    """
    ended: list[Outcome] = []

    def attempt() -> None:
        ended.append(_attempted(url, secrets, message_id, at, body))

    sender = threading.Thread(target=attempt, daemon=True)
    sender.start()
    sender.join(settings.WEBHOOK_DEADLINE_SECONDS)
    return ended[0] if ended else Outcome(None, "no answer in time")


def _attempted(url: str, secrets: list[str], message_id: str, at: datetime, body: str) -> Outcome:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    headers = {
        "content-type": "application/json",
        "user-agent": "treasury-epay-webhooks/1",
        "host": parts.netloc,
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signatures_of(secrets, message_id=message_id, at=at, body=body),
    }
    try:
        url_require(url)
        address = addresses_of(host, port)[0]
        with _pool(parts, host, address, port) as pool:
            answer = pool.urlopen(
                "POST", _target(parts), body=body.encode(), headers=headers, redirect=False, preload_content=False
            )
            answer.close()
    except Problem as problem:
        return Outcome(None, problem.detail[:200])
    except (HTTPError, OSError) as error:
        return Outcome(None, f"{type(error).__name__}: {error}"[:200])
    taken = 200 <= answer.status < 300
    return Outcome(answer.status, "" if taken else f"HTTP {answer.status}")


def _pool(parts: SplitResult, host: str, address: str, port: int) -> urllib3.HTTPConnectionPool:
    """One connection to the address that was judged; the certificate has to be the name's."""
    timeout = urllib3.Timeout(settings.WEBHOOK_TIMEOUT_SECONDS)
    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(address, port, maxsize=1, timeout=timeout, retries=False)
    return urllib3.HTTPSConnectionPool(
        address, port, maxsize=1, timeout=timeout, retries=False, server_hostname=host, assert_hostname=host
    )


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _refused(why: str) -> Problem:
    return Problem("webhook_address_refused", why, path="/url")
