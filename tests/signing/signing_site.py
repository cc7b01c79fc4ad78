"""A small site with one form that asks for signatures: panel and card.js as they are shipped, under their policy."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.template.loader import render_to_string
from django.test.utils import override_settings
from django.utils import translation

_PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>site</title>
<link rel="stylesheet" href="/static/css/epay.css"><link rel="stylesheet" href="/static/css/forms.css">
<link rel="stylesheet" href="/static/css/parts.css"></head>
<body><form data-card-sign method="post" action="/results" data-contents-url="/contents">{panel}</form></body></html>"""


class SigningSite:
    """What it hands out (`contents`, or a `problem`) and what it was handed (`results`)."""

    def __init__(self, agent_url: str) -> None:
        self.agent_url = agent_url
        self.contents: list[bytes] = []
        self.card_no = ""
        self.card_nos: list[str] | None = None
        self.problem: dict[str, Any] | None = None
        self.results: list[dict[str, Any]] | None = None
        self.url = ""
        self.page = ""

    def asked(self) -> tuple[int, dict[str, Any]]:
        """What `POST /contents` answers."""
        if self.problem is not None:
            return 409, self.problem
        lines = [{"id": no, "tbs": base64.b64encode(one).decode()} for no, one in enumerate(self.contents, 1)]
        known = {} if self.card_nos is None else {"card_nos": self.card_nos}
        return 200, {"contents": lines, "card_no": self.card_no, "holder": "", **known}

    def shown(self, lang: str) -> str:
        """The page with the form."""
        if self.page:
            return self.page
        with override_settings(CARD_AGENT_ORIGIN=self.agent_url), translation.override(lang):
            return _PAGE.format(lang=lang, panel=render_to_string("signing/card_panel.html"))


@contextmanager
def site_running(agent_url: str) -> Iterator[SigningSite]:
    """The site on any free port."""
    site = SigningSite(agent_url)

    class Handler(_Handler):
        pass

    Handler.site = site
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


class _Handler(BaseHTTPRequestHandler):
    site: SigningSite

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/static/"):
            file = Path(settings.BASE_DIR) / path[1:]
            kind = "text/javascript" if path.endswith(".js") else "text/css"
            self._send(200, file.read_bytes() if file.is_file() else b"", kind)
        else:
            lang = "en" if "lang=en" in self.path else "zh-hant"
            self._send(200, self.site.shown(lang).encode(), "text/html; charset=utf-8")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/contents":
            status, found = self.site.asked()
            self._send(status, json.dumps(found).encode(), "application/json")
            return
        self.site.results = json.loads(_field(self.headers["Content-Type"], body, "signatures"))
        self._send(200, b"<title>done</title><h1>done</h1>", "text/html; charset=utf-8")

    def _send(self, status: int, data: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cross-Origin-Opener-Policy", "same-origin-allow-popups")
        connects = f"connect-src 'self' {self.site.agent_url}"
        policy = f"default-src 'none'; script-src 'self'; style-src 'self'; {connects}; form-action 'self'"
        if not self.site.page:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


def _field(kind: str, body: bytes, name: str) -> str:
    """One field of a posted form."""
    if kind.startswith("application/x-www-form-urlencoded"):
        return parse_qs(body.decode())[name][0]
    message = BytesParser().parsebytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + body)
    parts = message.get_payload()
    assert isinstance(parts, list)
    return next(
        str(part.get_payload()) for part in parts if part.get_param("name", header="content-disposition") == name
    )
