"""Tokens are asked for so many times a minute, by address and by client; what has ended is forgotten."""

import base64
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from pytest_django import Settings

from agencies.services import address_register
from tests.api.system import Answer, System
from tests.factories import CABINET, Desk
from treasury.celery import clean
from treasury.core import clock
from treasury.core.models import RateCount
from treasury.core.rates import rate_count


@pytest.fixture(autouse=True)
def three_a_minute(settings: Settings) -> None:
    """So that four tell."""
    settings.API_TOKENS_PER_MINUTE = 3


def test_an_address_asks_so_often_and_then_waits(system: System, settings: Settings) -> None:
    statuses = [system.ask_token(secret="wrong").status for _ in range(3)]

    refused = system.ask_token()
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        later = system.ask_token()

    assert statuses == [401, 401, 401]
    assert (refused.status, refused.code) == (429, "too_many_requests")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert later.status == 200


def test_a_client_is_counted_wherever_it_asks_from(system: System, desk: Desk) -> None:
    address_register(agency_code=CABINET, network="203.0.113.0/28", actor=desk.treasurer("treasury_admin"))
    basic = base64.b64encode(f"{system.client.client_id}:x".encode()).decode()

    for last in range(3):
        Client().post(
            "/api/oauth2/token",
            {"grant_type": "client_credentials"},
            headers={"Authorization": f"Basic {basic}"},
            REMOTE_ADDR=f"203.0.113.{last}",
        )

    assert system.ask_token(address="203.0.113.9").status == 429


@pytest.mark.parametrize("way", ["percent", "spaced", "small", "broken", "other"])
def test_a_client_is_counted_however_it_is_named(system: System, desk: Desk, way: str) -> None:
    address_register(agency_code=CABINET, network="203.0.113.0/28", actor=desk.treasurer("treasury_admin"))
    name = system.client.client_id
    escaped = base64.b64encode(f"%{ord(name[0]):02x}{name[1:]}:x".encode()).decode()
    header = {
        "percent": f"Basic {escaped}",
        "spaced": f"Basic {escaped[:8]}~{escaped[8:]}",
        "small": f"basic {base64.b64encode(b'somebody:x').decode()}",
        "broken": "Basic %%%",
        "other": f"Basic {base64.b64encode(b'somebody:x').decode()}",
    }[way]
    form = {"client_id": name, "client_secret": "x"} if way in ("small", "broken", "other") else {}

    for last in range(3):
        Client().post(
            "/api/oauth2/token",
            {"grant_type": "client_credentials", **form},
            headers={"Authorization": header},
            REMOTE_ADDR=f"203.0.113.{last}",
        )

    assert system.ask_token(address="203.0.113.9").status == 429


@pytest.mark.parametrize("header", ["Basic %%%", "Basic AAAA", "Bearer x", ""])
def test_whoever_does_not_exist_is_counted_by_address_alone(db: None, header: str) -> None:
    for name in ("a", "b\x00", "c" * 5000):
        Client().post("/api/oauth2/token", {"client_id": name}, headers={"Authorization": header} if header else {})

    refused = Answer(Client().post("/api/oauth2/token", {"client_id": "d"}))

    assert refused.status == 429
    assert list(RateCount.objects.values_list("who", "count")) == [("token address 127.0.0.1", 4)]


def test_what_has_ended_is_forgotten_every_night(system_with: Callable[..., System]) -> None:
    system = system_with("tables:read")
    assert system.ask_token().status == system.ask_token().status == 200
    tokens = get_access_token_model().objects
    tokens.filter(pk=tokens.earliest("pk").pk).update(expires=timezone.now() - timedelta(days=1, seconds=1))
    Session.objects.create(session_key="ended", expire_date=timezone.now() - timedelta(seconds=1))
    RateCount.objects.create(who="before", minute=clock.now() - timedelta(hours=2), count=1)

    clean()

    assert tokens.count() == 1
    assert not Session.objects.filter(pk="ended").exists()
    assert not RateCount.objects.filter(who="before").exists()
    assert rate_count("before") == 1
