"""Who uses the servers, and for how long they live."""

import os
import signal
from pathlib import Path

import psycopg
import redis

from tests.embedded.homes import Home, eventually, is_alive


def test_it_gives_a_durable_postgres_18_and_a_valkey(home: Home) -> None:
    client = home.client()

    with psycopg.connect(client.database_url) as connection:
        asked = "server_version_num", "data_checksums", "fsync", "synchronous_commit", "listen_addresses"
        answers = [connection.execute(f"SHOW {name}").fetchone() for name in asked]
        locale = connection.execute(
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    broker = redis.from_url(client.redis_url)

    assert [value for (value,) in answers][1:] == ["on", "on", "on", ""]  # type: ignore[misc]
    assert str(answers[0]).startswith("('18")
    assert locale == ("b", "C.UTF-8")
    assert broker.ping()
    assert broker.config_get("port") == {"port": "0"}
    assert broker.config_get("appendonly") == {"appendonly": "yes"}


def test_it_shares_one_keeper_between_clients(home: Home) -> None:
    meili = home.client()
    first = meili.facts

    daming = home.client()

    assert daming.facts == first


def test_it_starts_one_keeper_for_ten_clients_at_once(home: Home) -> None:
    clients = [home.client() for _ in range(10)]

    keepers = {client.pids["keeper"] for client in clients}

    assert len(keepers) == 1


def test_it_keeps_the_servers_when_the_client_that_started_them_leaves(home: Home) -> None:
    meili = home.client()
    assert meili.facts
    daming = home.client()
    assert daming.facts

    meili.leave()

    assert home.pids() == daming.pids
    with psycopg.connect(daming.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_it_has_ended_everything_when_the_last_client_has_left(home: Home) -> None:
    client = home.client()
    pids = client.pids.values()

    client.leave()

    assert not any(map(is_alive, pids))
    assert not list(home.root.glob("keeper.json"))
    assert not Path(home.root.joinpath("runtime").read_text().strip()).exists()


def test_it_ends_everything_when_the_last_client_is_killed(home: Home) -> None:
    client = home.client()
    pids = client.pids.values()

    client.kill()

    assert eventually(lambda: not any(map(is_alive, pids)))


def test_it_keeps_the_data_from_one_life_to_the_next(home: Home) -> None:
    client = home.client()
    with psycopg.connect(client.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
    redis.from_url(client.redis_url).set("kept", "42")
    client.leave()

    again = home.client()

    with psycopg.connect(again.database_url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (42,)
    assert redis.from_url(again.redis_url).get("kept") == b"42"
    assert again.database_url == client.database_url


def test_two_homes_do_not_disturb_each_other(home: Home, tmp_path: Path) -> None:
    neighbour = Home(tmp_path / "next" / "var")
    ours, theirs = home.client(), neighbour.client()
    assert ours.database_url != theirs.database_url

    os.kill(theirs.pids["postgres"], signal.SIGKILL)
    neighbour.close()

    assert home.pids() == ours.pids
    with psycopg.connect(ours.database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_forked_child_holds_on_by_itself(home: Home) -> None:
    client = home.client()
    assert client.facts
    client.say("os.fork(); print(os.getpid(), flush=True)")
    child = {int(client.hear()), int(client.hear())} - {client.process.pid}

    client.process.kill()

    (pid,) = child
    assert is_alive(pid)
    assert not eventually(lambda: not is_alive(client.pids["postgres"]), seconds=1)
    os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: not is_alive(client.pids["keeper"]))


def test_it_refuses_production(home: Home) -> None:
    error = home.refused(ENV="production")

    assert "refused when ENV=production" in error
    assert not home.root.exists()
