"""The card agent as a process, with the cards of one agency, spoken to over HTTP as browsers and programs do."""

import base64
import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from signing.content import content_build
from signing.simulation.authorities import Pki
from signing.simulation.backends import CardBackend, backend_of
from tests.signing.documents import document
from treasury.core import clock
from treasury.embedded.children import Child

START = datetime.fromisoformat("2025-03-07T09:00:00+08:00")
PIN = "135790"
SITE = "http://127.0.0.1:8000"
CLOCK = clock.env_for(START)


def content(number: str = "P0307-002", capacity: str = "head", *, payees: int = 1, nonce: str = "N" * 43) -> bytes:
    """A content of ours to be signed."""
    named = document(payees, number=number)
    return content_build(document=named, capacity=capacity, nonce=nonce, statement_version="1")


def package(*contents: bytes, nonce: str = "page-nonce-1") -> dict[str, Any]:
    """What a page hands to the window."""
    packages = [
        {"id": str(index), "tbs": base64.b64encode(one).decode(), "tbsEncoding": "base64", "signatureType": "PKCS7"}
        for index, one in enumerate(contents, 1)
    ]
    return {"packages": packages, "nonce": nonce}


_numbers = count(1)


def fresh(capacity: str = "head", **given: Any) -> bytes:
    """A content that was never handed over before."""
    return content(capacity=capacity, nonce=f"{next(_numbers):043d}", **given)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def found(self) -> dict[str, Any]:
        """The JSON object in it."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def ret_code(self) -> int:
        """The agent's own code."""
        return int(self.found["ret_code"])


@dataclass(frozen=True)
class RunningAgent:
    """An agent that listens; `own` is the origin of its windows."""

    url: str
    stand: "CardStand"
    child: Child
    opened: list[str] = field(default_factory=list)

    @property
    def own(self) -> str:
        """The origin of its own pages."""
        return self.url

    @property
    def port(self) -> int:
        """Where it listens, on both addresses."""
        return int(urlsplit(self.url).port or 0)

    def ask(
        self,
        path: str,
        body: Any = None,
        *,
        method: str = "",
        host: str = "127.0.0.1",
        **headers: str,
    ) -> Answer:
        """One request on a connection of its own; header names with `_` for `-`."""
        connection = http.client.HTTPConnection(host, self.port, timeout=20)
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method or ("GET" if body is None else "POST"), path, data, named)
        answer = connection.getresponse()
        found = Answer(answer.status, answer.headers, answer.read())
        connection.close()
        return found

    def window(self, **given: str) -> str:
        """Opens a window for the site; returns its token."""
        page = self.ask(f"/popupForm?origin={given.get('origin', SITE)}").body.decode()
        token = page.partition('data-popup="')[2].partition('"')[0]
        self.opened.append(token)
        return token

    def take(self, token: str, given: dict[str, Any], origin: str = SITE) -> Answer:
        """The window says which package it was given, and by whom."""
        return self.ask("/popup/package", {"popup": token, "origin": origin, **given}, Origin=self.own)

    def sign(self, token: str, key: str, card_no: str, pin: str = PIN, **given: Any) -> Answer:
        """The window asks for one signature."""
        wanted = {"func": "MakeSignature", "popup": token, "id": key, "slotDescription": card_no, "pin": pin}
        return self.ask("/sign", wanted | given, Origin=self.own)

    def close(self, token: str) -> None:
        """The window says that it is done."""
        self.ask("/popup/close", {"popup": token}, Origin=self.own)

    def handed(self, *contents: bytes) -> str:
        """A window that has taken a package."""
        token = self.window()
        assert self.take(token, package(*contents, nonce=f"nonce of {token}")).ret_code == 0
        return token

    def card_of(self, holder: str) -> str:
        """The number of somebody's card."""
        slots = self.ask("/pkcs11info").found["slots"]
        return str(next(one["slotDescription"] for one in slots if one["token"]["label"] == holder))

    def close_all(self) -> None:
        """Every window that was opened here is done."""
        while self.opened:
            self.close(self.opened.pop())


@dataclass(frozen=True)
class CardStand:
    """A folder of cards with the authorities that issue them; `module` where the keys are on tokens."""

    pki: Path
    cards: Path
    module: str = ""

    def issue(self, *requests: dict[str, Any], at: str = CLOCK, options: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        """Cards of the cabinet, made by the simulated authorities."""
        given = {"agency_code": "0003010000", "agency_name": "行政院", "capacity": "head", "pin": PIN}
        lines = "".join(json.dumps(given | request) + "\n" for request in requests)
        command = [sys.executable, "-m", "signing.simulation.issue", "--module", self.module, *options]
        done = subprocess.run(
            [*command, "--pki", str(self.pki), "--cards", str(self.cards)],
            input=lines.encode(),
            env={**os.environ, "CLOCK": at},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        if at != CLOCK:
            Pki(self.pki).refresh_crls(START)  # another day has its own lists: those of ours again
        return [json.loads(line) for line in done.stdout.splitlines()]

    def backend(self) -> CardBackend:
        """What keeps the keys, in this process."""
        return backend_of(self.cards, self.module)

    def fill(self) -> None:
        """Every counter full and every card in."""
        for tries in self.cards.glob("*.tries"):
            tries.write_text(" 3 10\n")
        for out in self.cards.glob("*.out"):
            out.unlink()

    def slots(self, *arguments: str) -> str:
        """What the reader's own command says: `list`, `insert`, `remove`."""
        command = [sys.executable, "-m", "signing.simulation.slots", "--cards", str(self.cards), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    @contextmanager
    def running(self, *options: str, origins: tuple[str, ...] = (SITE,)) -> Iterator[RunningAgent]:
        """An agent with these cards on any free port."""
        ready = self.cards / f"agent-{next(_numbers)}.ready"
        given = [part for origin in origins for part in ("--origin", origin)]
        command = [sys.executable, "-m", "signing.simulation.card_service", "--cards", str(self.cards)]
        child = Child(
            "agent",
            [*command, "--module", self.module, "--port", "0", "--ready-file", str(ready), *given, *options],
            env={"CLOCK": CLOCK},
            ready_file=ready,
            log=self.cards / "agent.log",
        )
        with child:
            yield RunningAgent(child.wait_ready(), self, child)
