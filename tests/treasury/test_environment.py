"""What the variables mean, and what production demands."""

import pytest

from treasury.celery import app
from treasury.environment import (
    NotConfigured,
    broker_url,
    database_settings,
    database_url,
    flag,
    format_database_url,
    is_production,
    parse_database_url,
    redis_url,
    required_in_production,
)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in which nothing of ours is set but the place of the embedded servers."""
    for name in ("ENV", "DATABASE_URL", "REDIS_URL", "SWITCH"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENV", "production")


@pytest.mark.parametrize(
    ("value", "meant"), [("1", True), ("TRUE", True), ("yes", True), ("", False), ("0", False), ("no", False)]
)
def test_a_flag_is_one_true_or_yes(monkeypatch: pytest.MonkeyPatch, value: str, meant: bool) -> None:
    monkeypatch.setenv("SWITCH", value)

    assert flag("SWITCH") is meant


def test_a_flag_that_is_not_set_is_down() -> None:
    assert flag("SWITCH") is False


def test_a_variable_has_a_stand_in_where_nobody_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_production()
    assert required_in_production("SWITCH", "stand-in") == "stand-in"
    monkeypatch.setenv("SWITCH", "set")
    assert required_in_production("SWITCH", "stand-in") == "set"


@pytest.mark.usefixtures("production")
def test_production_has_no_stand_ins() -> None:
    with pytest.raises(NotConfigured, match="SWITCH must be set when ENV=production"):
        required_in_production("SWITCH", "stand-in")
    with pytest.raises(NotConfigured, match="DATABASE_URL"):
        database_url()
    with pytest.raises(NotConfigured, match="DATABASE_URL"):
        database_settings()
    with pytest.raises(NotConfigured, match="REDIS_URL"):
        redis_url()


def test_addresses_given_are_taken(monkeypatch: pytest.MonkeyPatch, production: None) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://epay:geheim@db:5433/epay")
    monkeypatch.setenv("REDIS_URL", "redis://cache:6379/0")

    settings = database_settings()

    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db", "5433", "epay")
    assert settings["ENGINE"] == "treasury.database"
    assert redis_url() == "redis://cache:6379/0"


def test_without_addresses_the_embedded_servers_give_theirs() -> None:
    assert parse_database_url(database_url())["HOST"].startswith("/")
    assert redis_url().startswith("unix:///")
    assert database_settings()["NAME"] == ""


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        (
            "postgresql://epay:geheim@db.example:5433/books",
            ("books", "epay", "geheim", "db.example", "5433", {}),
        ),
        ("postgres:///books?host=/run/pg&port=5433&user=epay", ("books", "epay", "", "/run/pg", "5433", {})),
        ("postgresql://e%40pay:p%2Fw%3A@db/b%C3%A4", ("bä", "e@pay", "p/w:", "db", "", {})),
        ("postgresql://epay@[::1]:5432/epay", ("epay", "epay", "", "::1", "5432", {})),
        ("postgresql://db", ("epay", "", "", "db", "", {})),
        (
            "postgresql://db/epay?sslmode=verify-full&sslrootcert=/etc/ca.pem",
            ("epay", "", "", "db", "", {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"}),
        ),
    ],
)
def test_a_database_url_is_read_and_written_back(url: str, parts: tuple[object, ...]) -> None:
    settings = parse_database_url(url)

    assert tuple(settings[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")) == parts
    assert parse_database_url(format_database_url(settings)) == settings


def test_the_address_of_another_kind_of_database_is_refused() -> None:
    with pytest.raises(NotConfigured, match="postgresql://"):
        parse_database_url("mysql://epay@db/epay")


@pytest.mark.parametrize(
    ("url", "spelt"),
    [
        ("redis://cache:6379/0", "redis://cache:6379/0"),
        ("unix:///run/valkey.sock", "redis+socket:///run/valkey.sock?virtual_host=0"),
        ("unix:///run/valkey.sock?db=3", "redis+socket:///run/valkey.sock?virtual_host=3"),
    ],
)
def test_celery_has_its_own_spelling_of_a_socket(url: str, spelt: str) -> None:
    assert broker_url(url) == spelt


def test_celery_reaches_the_embedded_broker_by_that_spelling() -> None:
    with app.connection(broker_url(redis_url())) as connection:
        connection.ensure_connection(max_retries=1, timeout=10)

        assert connection.connected
