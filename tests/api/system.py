"""An accounting system in tests: it gets a token, asks, and reads the answer as JSON."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.test import Client

from agencies.models import AgencyAddress, ApiClient
from agencies.scopes import SCOPES
from agencies.services import address_register, client_create
from tests.factories import CABINET, Desk

V1 = "/api/v1"


class Answer:
    """An answer: status, headers, the JSON in it."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.headers = response.headers
        self.bytes = b"".join(response.streaming_content) if response.streaming else response.content
        self.kind = response.headers.get("Content-Type", "")

    @property
    def json(self) -> Any:
        """The body."""
        return json.loads(self.bytes)

    @property
    def code(self) -> str:
        """The code of a problem."""
        assert self.kind == "application/problem+json", (self.status, self.kind, self.bytes[:300])
        assert self.json["status"] == self.status
        assert self.json["title"] and self.json["title_en"] and self.json["detail"] and self.json["detail_en"]
        return str(self.json["code"])


class System:
    """A client of the API with its secret."""

    def __init__(self, client: ApiClient, secret: str) -> None:
        self.client = client
        self.secret = secret
        self.http = Client()
        self._token = ""

    @property
    def token(self) -> str:
        """An access token, asked for once."""
        self._token = self._token or str(self.ask_token().json["access_token"])
        return self._token

    def ask_token(self, *, scope: str = "", secret: str = "", address: str = "127.0.0.1") -> Answer:
        """Asks for a token."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client.client_id,
            "client_secret": secret or self.secret,
            **({"scope": scope} if scope else {}),
        }
        return Answer(self.http.post("/api/oauth2/token", form, REMOTE_ADDR=address))

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = "fresh",
        match: str = "",
        kind: str = "application/json",
        address: str = "127.0.0.1",
        **headers: str,
    ) -> Answer:
        """Asks; every POST has a key of its own unless one is given (None: none)."""
        sent = {"Authorization": f"Bearer {self.token}", **headers}
        if method == "POST" and key is not None:
            sent["Idempotency-Key"] = str(uuid4()) if key == "fresh" else key
        if match:
            sent["If-Match"] = match
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return Answer(self.http.generic(method, V1 + path, data, content_type=kind, headers=sent, REMOTE_ADDR=address))

    def get(self, path: str, **options: Any) -> Answer:
        """Reads."""
        return self.ask("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Answer:
        """Does something."""
        return self.ask("POST", path, body, **options)


def system_of(desk: Desk, agency_code: str = CABINET, *, scopes: Iterable[str] = SCOPES) -> System:
    """A new accounting system of an agency, which has registered the address of this machine."""
    made = client_create(
        agency_code=agency_code, name="會計系統", scopes=scopes, actor=desk.actor("admin", agency_code)
    )
    if not AgencyAddress.objects.filter(agency__code=agency_code).exists():
        admin = desk.treasurer("treasury_admin")
        address_register(agency_code=agency_code, network="127.0.0.1/32", actor=admin)
    return System(made.client, made.secret)
