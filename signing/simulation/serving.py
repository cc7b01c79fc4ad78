"""The card agent over HTTP: who may ask what, by Host, Origin and the browser's own word on the request."""

import html
import json
import string
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import parse_qs, urlsplit

from signing.simulation import codes
from signing.simulation.agent import OPEN_FUNCTIONS, VERSION, Agent, answer
from signing.simulation.windows import PackageRefused

_BODY_MAX_BYTES: Final = 64 * 1024 * 1024
_FOLDER: Final = Path(__file__).parent / "popup"
_FILES: Final = {
    "/popup/popup.js": ("popup.js", "text/javascript; charset=utf-8"),
    "/popup/contents.js": ("contents.js", "text/javascript; charset=utf-8"),
    "/popup/texts.js": ("texts.js", "text/javascript; charset=utf-8"),
    "/popup/popup.css": ("popup.css", "text/css; charset=utf-8"),
}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
# Every answer says so: nothing of the agent is framed, guessed, stored or told onward.
_ALWAYS: Final = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": _POLICY,
}


class Listening(Protocol):
    """What the handler needs of the server: the agent, whom it serves, and under which names."""

    agent: Agent
    origins: frozenset[str]
    hosts: frozenset[str]
    is_test: bool


class Handler(BaseHTTPRequestHandler):
    """One connection. `self.server` is a `Listening`."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    @property
    def listening(self) -> Listening:
        """The server, as what it is to us."""
        return self.server  # type: ignore[return-value]

    def do_GET(self) -> None:
        """Readers, the window, its files, the self test."""
        address = urlsplit(self.path)
        asked = parse_qs(address.query)
        if not self._is_known() or self._comes_from_elsewhere(address.path):
            self._answer(403, answer(codes.FORBIDDEN))
        elif address.path == "/pkcs11info":
            wanted = asked.get("withcert") == ["true"]
            self._answer(200, self.listening.agent.readers(with_certificates=wanted))
        elif address.path == "/popupForm":
            self._popup(asked)
        elif address.path == "/selfTest.htm":
            self._page("selftest.html", "zh-Hant", version=VERSION)
        elif address.path == "/favicon.ico":
            self._send(204, b"", "")
        elif address.path in _FILES:
            name, kind = _FILES[address.path]
            self._send(200, (_FOLDER / name).read_bytes(), kind)
        else:
            self._answer(404, answer(codes.BAD_JSON))

    def do_OPTIONS(self) -> None:
        """A preflight: known pages may read the list of cards, nothing else."""
        is_listed = self._is_known() and self.headers.get("Origin") in self.listening.origins
        if not is_listed or urlsplit(self.path).path != "/pkcs11info":
            self._answer(403, answer(codes.FORBIDDEN))
            return
        allowed = {"Access-Control-Allow-Methods": "GET", "Access-Control-Max-Age": "600"}
        if self.headers.get("Access-Control-Request-Private-Network") == "true":
            allowed["Access-Control-Allow-Private-Network"] = "true"
        self._send(204, b"", "", allowed)

    def do_POST(self) -> None:
        """A package to sign, or a word of a window."""
        body = self._body()
        if body is None:
            return
        steps = {"/popup/package": self._take, "/popup/alive": self._heard, "/popup/close": self._close}
        if not self._is_known():
            self._answer(403, answer(codes.FORBIDDEN))
        elif self.path == "/sign":
            self._sign(body)
        elif self.path in steps:
            if self._is_own():
                self._answer(200, steps[self.path](_object(body)))
            else:
                self._answer(403, answer(codes.FORBIDDEN))
        else:
            self._answer(404, answer(codes.BAD_JSON))

    def log_message(self, format: str, *args: Any) -> None:
        """Keeps quiet: a PIN must never reach a log."""

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
            self._answer(200, answer(codes.BAD_JSON))
        elif not self._may_sign(package):
            self._answer(403, answer(codes.FORBIDDEN))
        else:
            self._answer(200, agent.handle_window(package) if self._is_own() else agent.handle(package))

    def _package(self, body: bytes) -> Any:
        """The JSON of a body, or of its form field `tbsPackage`; None for what is neither."""
        try:
            if self.headers.get_content_type() == "application/x-www-form-urlencoded":
                body = parse_qs(body.decode(), strict_parsing=True)["tbsPackage"][0].encode()
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
        self._page("popup.html", lang, origin=origin, token=self.listening.agent.windows.open())

    def _take(self, found: dict[str, Any]) -> dict[str, Any]:
        if found.get("origin") not in self.listening.origins:
            return answer(codes.FORBIDDEN)
        windows = self.listening.agent.windows
        try:
            shown = windows.take(str(found.get("popup")), found.get("packages"), found.get("nonce"))
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

    def _body(self) -> bytes | None:
        """The body; None, with the answer sent, for one without a sensible length."""
        size = self.headers.get("Content-Length") or "0"
        if not size.isdecimal() or len(size) > 12 or int(size) > _BODY_MAX_BYTES:
            self.close_connection = True
            self._answer(413, answer(codes.BAD_JSON))
            return None
        return self.rfile.read(int(size))

    def _page(self, name: str, lang: str, *, status: int = 200, **values: str) -> None:
        text = string.Template((_FOLDER / name).read_text("utf-8"))
        escaped = {key: html.escape(value, quote=True) for key, value in values.items()}
        self._send(status, text.substitute(escaped, lang=lang).encode(), "text/html; charset=utf-8")

    def _answer(self, status: int, value: dict[str, Any]) -> None:
        data = json.dumps(value, ensure_ascii=False).encode()
        # A refusal tells nothing, so that a page we do not know may find out that it is one, not silence.
        more = {"Cross-Origin-Resource-Policy": "cross-origin"} if status == 403 else {}
        self._send(status, data, "application/json; charset=utf-8", more)

    def _send(self, status: int, data: bytes, kind: str, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (_ALWAYS | (more or {})).items():
            self.send_header(name, value)
        origin = self.headers.get("Origin")
        if origin in self.listening.origins:
            self.send_header("Access-Control-Allow-Origin", origin)
            self.send_header("Vary", "Origin")
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()


def _object(body: bytes) -> dict[str, Any]:
    """The JSON object of a body, empty for anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
