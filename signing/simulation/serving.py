"""The card agent over HTTP: who may ask what, by Host, Origin and the browser's own word on the request."""

import html
import json
import string
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, urlsplit

from signing.simulation import codes
from signing.simulation.agent import OPEN_FUNCTIONS, VERSION, Agent, answer
from signing.simulation.plain_http import PACKAGE_MAX_BYTES, WORDS_MAX_BYTES, PlainHandler, answered
from signing.simulation.windows import PackageRefused

_FOLDER: Final = Path(__file__).parent / "popup"
_FILES: Final = {
    "/popup/popup.js": ("popup.js", "text/javascript; charset=utf-8"),
    "/popup/contents.js": ("contents.js", "text/javascript; charset=utf-8"),
    "/popup/texts.js": ("texts.js", "text/javascript; charset=utf-8"),
    "/popup/popup.css": ("popup.css", "text/css; charset=utf-8"),
}
# Where a page of a known origin may read the answer.
_SHARED: Final = frozenset({"/pkcs11info", "/sign"})


class Listening(Protocol):
    """What the handler needs of the server: the agent, whom it serves, and under which names."""

    agent: Agent
    origins: frozenset[str]
    hosts: frozenset[str]
    is_test: bool


class Handler(PlainHandler):
    """One connection. `self.server` is a `Listening`."""

    @property
    def listening(self) -> Listening:
        """The server, as what it is to us."""
        return self.server  # type: ignore[return-value]

    @answered
    def do_GET(self) -> None:
        """Readers, the window, its files, the self test."""
        address = urlsplit(self.path)
        asked = parse_qs(address.query)
        if not self._is_known() or self._comes_from_elsewhere(address.path):
            self.refuse(403, codes.FORBIDDEN)
        elif address.path == "/pkcs11info":
            wanted = asked.get("withcert") == ["true"]
            self.say(200, self.listening.agent.readers(with_certificates=wanted))
        elif address.path == "/popupForm":
            self._popup(asked)
        elif address.path == "/selfTest.htm":
            self._page("selftest.html", "zh-Hant", version=VERSION)
        elif address.path == "/favicon.ico":
            self.send(204, b"", "")
        elif address.path in _FILES:
            name, kind = _FILES[address.path]
            self.send(200, (_FOLDER / name).read_bytes(), kind)
        else:
            self.refuse(404, codes.BAD_JSON)

    @answered
    def do_OPTIONS(self) -> None:
        """A preflight: known pages may read the list of cards, nothing else."""
        is_listed = self._is_known() and self.headers.get("Origin") in self.listening.origins
        if not is_listed or urlsplit(self.path).path != "/pkcs11info":
            self.refuse(403, codes.FORBIDDEN)
            return
        allowed = {"Access-Control-Allow-Methods": "GET", "Access-Control-Max-Age": "600"}
        if self.headers.get("Access-Control-Request-Private-Network") == "true":
            allowed["Access-Control-Allow-Private-Network"] = "true"
        self.send(204, b"", "", allowed)

    @answered
    def do_POST(self) -> None:
        """A package to sign, or a word of a window; who asks is looked at before what is said."""
        steps = {"/popup/package": self._take, "/popup/alive": self._heard, "/popup/close": self._close}
        if not self._is_known() or (self.path in steps and not self._is_own()):
            self.leave_unread(403, codes.FORBIDDEN)
        elif self.path == "/sign":
            body = self.body(PACKAGE_MAX_BYTES if self.listening.is_test else WORDS_MAX_BYTES)
            if body is not None:
                self._sign(body)
        elif self.path in steps:
            body = self.body(PACKAGE_MAX_BYTES if self.path == "/popup/package" else WORDS_MAX_BYTES)
            if body is not None:
                self.say(200, steps[self.path](_object(body)))
        else:
            self.leave_unread(404, codes.BAD_JSON)

    # Who asks

    def _is_known(self) -> bool:
        """Whether Host is loopback with our port and Origin, where given, is one we know (never `*` or `null`)."""
        origin = self.headers.get("Origin")
        hosts = self.headers.get_all("Host", [])
        return hosts in ([one] for one in self.listening.hosts) and (
            origin is None or self._is_own() or origin in self.listening.origins
        )

    def _is_own(self) -> bool:
        """Whether a page of the agent's itself asks."""
        return self.headers.get("Origin") == f"http://{self.headers.get('Host')}"

    def _comes_from_elsewhere(self, path: str) -> bool:
        """Whether a browser asks without naming an origin, for a page that is not ours or in a frame."""
        site, into = self.headers.get("Sec-Fetch-Site"), self.headers.get("Sec-Fetch-Dest")
        if path in ("/popupForm", "/selfTest.htm"):
            return into not in (None, "document")
        is_named = self.headers.get("Origin") is not None
        return not is_named and site not in (None, "same-origin", "none")

    def _may_sign(self, package: Any) -> bool:
        """PINs come from a window of ours, or in test mode from a program that is no browser."""
        if self._is_own():
            return isinstance(package, dict) and isinstance(package.get("popup"), str)
        if not isinstance(package, dict) or str(package.get("func")) in OPEN_FUNCTIONS:
            return True
        return self.headers.get("Origin") is None and self.listening.is_test

    # What is asked

    def _sign(self, body: bytes) -> None:
        package = self._package(body)
        agent = self.listening.agent
        if package is None:
            self.say(200, answer(codes.BAD_JSON))
        elif not self._may_sign(package):
            self.refuse(403, codes.FORBIDDEN)
        else:
            self.say(200, agent.handle_window(package) if self._is_own() else agent.handle(package))

    def _package(self, body: bytes) -> Any:
        """The JSON of a body, or of its form field `tbsPackage`; None for what is neither."""
        try:
            if self.headers.get_content_type() == "application/x-www-form-urlencoded":
                body = parse_qs(body.decode(), strict_parsing=True, max_num_fields=8)["tbsPackage"][0].encode()
            return json.loads(body)
        except (ValueError, KeyError, RecursionError):
            return None

    def _popup(self, asked: dict[str, list[str]]) -> None:
        """The window, for the page of one known origin."""
        (origin,) = asked.get("origin", [""])[:1]
        lang = "en" if asked.get("lang") == ["en"] else "zh-Hant"
        if origin not in self.listening.origins:
            self._page("forbidden.html", lang, status=403)
            return
        self._page("popup.html", lang, origin=origin, token=self.listening.agent.windows.open(origin))

    def _take(self, found: dict[str, Any]) -> dict[str, Any]:
        windows, origin = self.listening.agent.windows, str(found.get("origin"))
        if origin not in self.listening.origins:
            return answer(codes.FORBIDDEN)
        try:
            shown = windows.take(str(found.get("popup")), found.get("packages"), found.get("nonce"), origin=origin)
        except PackageRefused as refused:
            return answer(refused.ret_code)
        return answer(codes.OK, contents=shown)

    def _heard(self, found: dict[str, Any]) -> dict[str, Any]:
        try:
            self.listening.agent.windows.heard(str(found.get("popup")))
        except PackageRefused as refused:
            return answer(refused.ret_code)
        return answer(codes.OK)

    def _close(self, found: dict[str, Any]) -> dict[str, Any]:
        self.listening.agent.windows.close(str(found.get("popup")))
        return answer(codes.OK)

    # What is answered

    def _page(self, name: str, lang: str, *, status: int = 200, **values: str) -> None:
        text = string.Template((_FOLDER / name).read_text("utf-8"))
        escaped = {key: html.escape(value, quote=True) for key, value in values.items()}
        self.send(status, text.substitute(escaped, lang=lang).encode(), "text/html; charset=utf-8")

    def is_shared(self) -> bool:
        """Whether the page that asks may read the answer; a request that could not be read has no headers."""
        headers = getattr(self, "headers", {})
        return headers.get("Origin") in self.listening.origins and urlsplit(self.path).path in _SHARED


def _object(body: bytes) -> dict[str, Any]:
    """The JSON object of a body, empty for anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
