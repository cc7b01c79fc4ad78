"""The signing windows that are open: each takes one package once, and only one waits for a PIN at a time.

What was handed to a window is never taken again, by no window (`handed`): a page that repeats a package is refused.
"""

import base64
import binascii
import hashlib
import secrets
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from signing.refusals import Refused
from signing.simulation import codes
from signing.simulation.handed import Handed
from signing.simulation.statements import statement_of

CONTENTS_MAX: Final = 500
_WINDOWS_MAX: Final = 64
_ID_MAX: Final = 200


class PackageRefused(Exception):
    """A window does not take a package, or has none to sign; `ret_code` says why."""

    def __init__(self, ret_code: int) -> None:
        super().__init__(f"0x{ret_code:08X}")
        self.ret_code = ret_code


@dataclass
class _Window:
    heard_at: float
    contents: dict[str, bytes] = field(default_factory=dict)
    nonce: str = ""
    origin: str = ""


class Windows:
    """All windows of one agent; safe to use from several threads.

    A window with a package that was not heard of for `silent_seconds` is gone; `remembered_max` is how many of the
    newest contents and nonces are known again, across restarts where there is a file for them.
    """

    def __init__(
        self, *, silent_seconds: float = 90.0, remembered_max: int = 20_000, handed: Path | None = None
    ) -> None:
        self.silent_seconds = silent_seconds
        self._windows: dict[str, _Window] = {}
        self._handed = Handed(handed, remembered_max=remembered_max)
        self._guard = threading.Lock()

    def open(self, origin: str = "") -> str:
        """A new window for the pages of one origin; the token proves it in what follows."""
        token = secrets.token_urlsafe(24)
        with self._guard:
            self._forget_silent()
            idle = [known for known, window in self._windows.items() if not window.contents]
            for known in idle[: max(0, len(self._windows) - _WINDOWS_MAX + 1)]:
                del self._windows[known]
            self._windows[token] = _Window(time.monotonic(), origin=origin)
        return token

    def take(self, token: str, packages: Any, nonce: Any, *, origin: str = "") -> list[dict[str, Any]]:
        """Takes the one package of a window; returns what is to be shown of each content.

        PackageRefused for an unknown window, one opened for another origin, a second package, one that was here
        before, contents that are not ours, and while another window waits for its PIN.
        """
        contents = _contents(packages)
        shown = [{"id": key, **_statement(content)} for key, content in contents.items()]
        if not isinstance(nonce, str) or not 8 <= len(nonce) <= 200:
            raise PackageRefused(codes.BAD_JSON)
        marks = [hashlib.sha256(part).digest() for part in (b"nonce " + nonce.encode(), *contents.values())]
        with self._guard:
            self._forget_silent()
            window = self._window(token)
            if window.origin != origin:
                raise PackageRefused(codes.FORBIDDEN)
            is_busy = any(other.contents for other in self._windows.values())
            if window.contents or not self._handed.take(marks, only_look=is_busy):
                raise PackageRefused(codes.REPLAYED)
            if is_busy:
                raise PackageRefused(codes.WINDOW_BUSY)
            window.contents, window.nonce = contents, nonce
        return shown

    def content(self, token: str, key: Any) -> bytes:
        """The content that a window showed under an id."""
        with self._guard:
            window = self._window(token)
            window.heard_at = time.monotonic()
            if not isinstance(key, str) or key not in window.contents:
                raise PackageRefused(codes.NO_CONTENT)
            return window.contents[key]

    def heard(self, token: str) -> None:
        """A window says that it is still there."""
        with self._guard:
            self._window(token).heard_at = time.monotonic()

    def close(self, token: str) -> None:
        """A window is done, with or without signatures; nothing more is signed for it."""
        with self._guard:
            self._windows.pop(token, None)

    def _window(self, token: str) -> _Window:
        window = self._windows.get(token)
        if window is None:
            raise PackageRefused(codes.WINDOW_CLOSED)
        return window

    def _forget_silent(self) -> None:
        """Windows that hold a package and were not heard of for long are gone: a browser that crashed says no word."""
        before = time.monotonic() - self.silent_seconds
        for token in [one for one, window in self._windows.items() if window.contents and window.heard_at < before]:
            del self._windows[token]


def _contents(packages: Any) -> dict[str, bytes]:
    """The contents of a package by id, in their order."""
    if not isinstance(packages, list) or not 1 <= len(packages) <= CONTENTS_MAX:
        raise PackageRefused(codes.NO_CONTENT)
    found: dict[str, bytes] = {}
    for one in packages:
        if not isinstance(one, dict) or not isinstance(one.get("id"), str | int) or not isinstance(one.get("tbs"), str):
            raise PackageRefused(codes.BAD_JSON)
        if one.get("signatureType", "PKCS7") != "PKCS7":
            raise PackageRefused(codes.BAD_FUNCTION)
        if one.get("hashAlgorithm", "SHA256") != "SHA256" or one.get("tbsEncoding") != "base64":
            raise PackageRefused(codes.REFUSED_CONTENT)
        if len(str(one["id"])) > _ID_MAX:
            raise PackageRefused(codes.BAD_JSON)
        found[str(one["id"])] = _decoded(one["tbs"])
    if len(found) != len(packages) or len(set(found.values())) != len(packages):
        raise PackageRefused(codes.BAD_JSON)
    return found


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise PackageRefused(codes.REFUSED_CONTENT) from None


def _statement(content: bytes) -> dict[str, Any]:
    try:
        return statement_of(content)
    except Refused:
        raise PackageRefused(codes.REFUSED_CONTENT) from None
