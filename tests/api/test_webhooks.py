"""Webhooks: told to a real receiver, signed as Standard Webhooks says, tried again, replayed; never led astray."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pytest_django import Settings
from standardwebhooks import Webhook

from agencies.models import WebhookDelivery
from agencies.services import webhooks
from agencies.services.clients import client_revoke
from agencies.webhook_sending import message_send, signatures_of
from tests.api.system import System, system_of
from tests.factories import Desk
from treasury.core import clock, outbox
from treasury.core.errors import Problem
from treasury.core.models import OutboxEvent
from vouchers.services.news import changes_tell

_SECRET = "whsec_" + base64.b64encode(b"x" * 32).decode()


class Receiver:
    """An accounting system's own server: it keeps what it is sent and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], str]] = []
        self.statuses: list[int] = []
        self.seconds_a_byte = 0.0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                for byte in b"HTTP/1.1 204 " * bool(receiver.seconds_a_byte):
                    self.wfile.write(bytes((byte,)))
                    time.sleep(receiver.seconds_a_byte)
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 204)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks?from=treasury"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A real HTTP server."""
    server = Receiver()
    yield server
    server.server.shutdown()
    server.server.server_close()


@pytest.fixture
def subscribed(shared_desk: Desk, receiver: Receiver) -> tuple[System, int, str]:
    """A system that has subscribed to every step of its vouchers, with the subscription's secret."""
    system = system_of(shared_desk)
    made = system.post("/webhooks", {"url": receiver.url, "events": ["voucher.changed"]})
    assert made.status == 201, made.json
    secret = system.post(f"/webhooks/{made.json['id']}/secret").json["secret"]
    return system, made.json["id"], secret


def _tell(at_least: int = 1) -> int:
    """Tells what has changed; a transaction of the server's own housekeeping may hold the feed back for a moment."""
    told, until = changes_tell(), time.monotonic() + 20
    while told < at_least and time.monotonic() < until:
        time.sleep(0.05)
        told += changes_tell()
    return told


def _deliver() -> None:
    for event in OutboxEvent.objects.filter(topic=webhooks.TOPIC, done_at__isnull=True).order_by("pk"):
        outbox.deliver(event.pk)


def _verified(secret: str, headers: dict[str, str], body: str) -> bool:
    """What a receiver does, by the letter of the specification."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body}".encode()
    wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return wanted in headers["webhook-signature"].split(" ")


def test_a_step_is_told_once_and_signed(
    subscribed: tuple[System, int, str], shared_desk: Desk, receiver: Receiver
) -> None:
    system, webhook_id, secret = subscribed
    row = shared_desk.brought("in_review")

    assert _tell(2) == 2
    assert changes_tell() == 0
    assert outbox.due(lane=webhooks.LANE) == list(
        OutboxEvent.objects.filter(topic=webhooks.TOPIC).order_by("pk").values_list("pk", flat=True)
    )
    assert not set(outbox.due()) & set(outbox.due(lane=webhooks.LANE))
    _deliver()

    assert [json.loads(body)["data"]["verb"] for _, body in receiver.got] == ["create", "submit"]
    headers, body = receiver.got[1]
    assert json.loads(body)["data"]["voucher_id"] == row.pk
    assert _verified(secret, headers, body) and not _verified(secret, headers, body + " ")
    assert abs(int(headers["webhook-timestamp"]) - clock.now().timestamp()) < 60
    states = [item["state"] for item in system.get(f"/webhooks/{webhook_id}/deliveries").json["items"]]
    assert states == ["delivered", "delivered"]


def test_what_a_receiver_does_not_take_is_tried_again(
    subscribed: tuple[System, int, str], shared_desk: Desk, receiver: Receiver
) -> None:
    shared_desk.draft()
    _tell()
    receiver.statuses = [500, 302]
    now = clock.now()
    for wait in (timedelta(0), webhooks.WAITS[0], webhooks.WAITS[0] + webhooks.WAITS[1]):
        with clock.frozen(now + wait + timedelta(seconds=1)):
            _deliver()
            _deliver()

    assert len(receiver.got) == 3
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    row = WebhookDelivery.objects.get()
    assert (row.state, row.attempts, row.last_status) == ("delivered", 3, 204)


def test_a_message_given_up_is_replayed_under_its_own_id(
    subscribed: tuple[System, int, str], shared_desk: Desk, receiver: Receiver
) -> None:
    system, webhook_id, _ = subscribed
    shared_desk.draft()
    _tell()
    receiver.statuses = [410]
    _deliver()
    (item,) = system.get(f"/webhooks/{webhook_id}/deliveries?state=failed").json["items"]

    answer = system.post(f"/webhooks/{webhook_id}/deliveries/{item['id']}/replay")
    _deliver()

    assert (answer.status, answer.json["state"]) == (202, "waiting")
    assert [headers["webhook-id"] for headers, _ in receiver.got] == [item["message_id"]] * 2
    assert WebhookDelivery.objects.get().state == "delivered"


def test_nothing_more_goes_to_a_client_that_was_revoked(
    subscribed: tuple[System, int, str], shared_desk: Desk, receiver: Receiver
) -> None:
    system, _, _ = subscribed
    shared_desk.draft()
    _tell()

    client_revoke(client_id=system.client.pk, actor=shared_desk.actor("admin"))
    _deliver()

    row = WebhookDelivery.objects.get()
    assert (receiver.got, row.state) == ([], "failed")
    with pytest.raises(Problem, match="ended"):
        webhooks.delivery_replay(delivery_id=row.pk, agency_code=system.client.agency_id)


def test_a_receiver_that_answers_byte_by_byte_keeps_nobody_waiting(receiver: Receiver, settings: Settings) -> None:
    settings.WEBHOOK_DEADLINE_SECONDS = 0.5
    receiver.seconds_a_byte = 0.3
    begun = time.monotonic()

    outcome = message_send(url=receiver.url, secrets=[_SECRET], message_id="chg_1", at=clock.now(), body="{}")

    assert (outcome.status, outcome.error) == (None, "no answer in time")
    assert time.monotonic() - begun < 2
    assert len(receiver.got) == 1


def test_the_waits_grow_and_end() -> None:
    assert list(webhooks.WAITS) == sorted(webhooks.WAITS)
    assert timedelta(hours=24) < sum(webhooks.WAITS, timedelta()) < timedelta(hours=72)


def test_while_a_secret_is_replaced_both_count_and_each_is_shown_once(
    subscribed: tuple[System, int, str], shared_desk: Desk, receiver: Receiver
) -> None:
    system, webhook_id, old = subscribed
    first = system.post(f"/webhooks/{webhook_id}/secret", key="rotate")
    new = first.json["secret"]
    assert system.post(f"/webhooks/{webhook_id}/secret", key="rotate").code == "secret_shown_already"
    shared_desk.draft()
    _tell()
    _deliver()
    assert _verified(old, *receiver.got[0]) and _verified(new, *receiver.got[0])

    with clock.frozen(clock.now() + webhooks.ROTATION + timedelta(seconds=1)):
        shared_desk.draft()
        _tell()
        _deliver()

    assert not _verified(old, *receiver.got[1]) and _verified(new, *receiver.got[1])


def test_an_ended_subscription_hears_nothing_more(
    subscribed: tuple[System, int, str], shared_desk: Desk, receiver: Receiver
) -> None:
    system, webhook_id, _ = subscribed
    shared_desk.draft()
    _tell()

    assert system.ask("DELETE", f"/webhooks/{webhook_id}").status == 204
    shared_desk.draft()
    assert changes_tell() == 0
    _deliver()

    assert receiver.got == []
    assert system.get(f"/webhooks/{webhook_id}").status == 404


def test_a_client_that_may_not_read_changes_is_not_told_them(system_with: Callable[..., System]) -> None:
    answer = system_with("webhooks").post(
        "/webhooks", {"url": "https://accounting.example/", "events": ["voucher.changed"]}
    )

    assert (answer.status, answer.code) == (403, "scope_missing")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://accounting.example/",
        "http://accounting.example/",
        "https://user@accounting.example/",
        "https://accounting.example/#x",
        "https://accounting.example:99999/",
        "https:///hooks",
    ],
)
def test_an_address_that_is_none_is_refused(system: System, url: str) -> None:
    answer = system.post("/webhooks", {"url": url, "events": ["voucher.changed"]})

    assert (answer.status, answer.code, answer.json["errors"][0]["pointer"]) == (422, "webhook_address_refused", "/url")


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "10.0.0.8", "169.254.169.254", "0.0.0.0", "224.0.0.1"),
        # IPv6 that a translator or a tunnel turns into an address inside, and the old site-local ones.
        *("[::1]", "[::ffff:10.0.0.8]", "[64:ff9b::a00:8]", "[2002:a00:8::]", "[::10.0.0.8]", "[fec0::8]"),
    ],
)
def test_in_production_no_private_address_is_told(system: System, settings: Settings, host: str) -> None:
    settings.WEBHOOK_PRIVATE_ADDRESSES = False

    answer = system.post("/webhooks", {"url": f"https://{host}/", "events": ["voucher.changed"]})

    assert (answer.status, answer.code) == (422, "webhook_address_refused")


def test_an_address_is_judged_again_when_a_message_is_sent(
    subscribed: tuple[System, int, str], shared_desk: Desk, receiver: Receiver, settings: Settings
) -> None:
    shared_desk.draft()
    _tell()
    settings.WEBHOOK_PRIVATE_ADDRESSES = False

    _deliver()

    assert receiver.got == []
    assert "https" in WebhookDelivery.objects.get().last_error


def test_the_library_verifies_what_we_sign_whatever_our_time_zone() -> None:
    secret = _SECRET
    at = datetime.now(UTC).astimezone(clock.ZONE)
    headers = {
        "webhook-id": "chg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signatures_of([secret], message_id="chg_1", at=at, body="{}"),
    }

    assert Webhook(secret).verify("{}", headers) == {}
    assert _verified(secret, headers, "{}")
