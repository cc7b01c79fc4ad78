"""What happens when a server or the keeper itself is killed."""

import contextlib
import os
import signal
from pathlib import Path

import psycopg
import redis

from tests.embedded.homes import Client, Home, eventually, is_alive


def can_query(client: Client) -> bool:
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(client.database_url) as connection:
        return connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)
    return False


def store_rows(client: Client) -> None:
    with psycopg.connect(client.database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")


def is_back(home: Home, name: str, before: dict[str, int]) -> bool:
    return home.pids().get(name) not in (None, before[name])


def test_a_killed_postgres_comes_back_with_every_committed_row(home: Home) -> None:
    client = home.client()
    store_rows(client)

    os.kill(client.pids["postgres"], signal.SIGKILL)

    assert eventually(lambda: is_back(home, "postgres", client.pids))
    assert can_query(client)
    assert home.pids()["keeper"] == client.pids["keeper"]


def test_a_busy_backend_does_not_outlive_a_killed_postgres(home: Home) -> None:
    client = home.client()
    store_rows(client)
    busy = psycopg.connect(client.database_url, autocommit=True)
    backend = busy.info.backend_pid
    busy.pgconn.send_query(b"DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$")

    os.kill(client.pids["postgres"], signal.SIGKILL)

    assert eventually(lambda: is_back(home, "postgres", client.pids))
    assert not is_alive(backend)
    assert can_query(client)
    busy.close()


def test_a_killed_backend_leaves_postgres_running(home: Home) -> None:
    client = home.client()
    store_rows(client)
    with psycopg.connect(client.database_url) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)

    assert eventually(lambda: can_query(client))
    assert home.pids() == client.pids


def test_a_killed_valkey_comes_back_with_what_it_had_written(home: Home) -> None:
    client = home.client()
    broker = redis.from_url(client.redis_url)
    broker.set("kept", "42")
    broker.execute_command("WAITAOF", 1, 0, 5000)

    os.kill(client.pids["valkey"], signal.SIGKILL)

    assert eventually(lambda: is_back(home, "valkey", client.pids))
    assert broker.get("kept") == b"42"


def test_an_unreadable_append_only_file_is_moved_away(home: Home) -> None:
    client = home.client()
    client.leave()
    files = sorted((home.root / "valkey" / "appendonlydir").glob("*.rdb"))
    files[0].write_bytes(b"not an RDB file at all")

    again = home.client()

    assert redis.from_url(again.redis_url).ping()
    assert (home.root / "valkey" / "appendonlydir.broken").is_dir()


def test_the_servers_do_not_outlive_a_killed_keeper(home: Home) -> None:
    client = home.client()
    pids = client.pids.values()

    os.kill(client.pids["keeper"], signal.SIGKILL)

    assert eventually(lambda: not any(map(is_alive, pids)))


def test_a_client_gets_the_same_addresses_after_the_keeper_was_killed(home: Home) -> None:
    client = home.client()
    store_rows(client)
    os.kill(client.pids["keeper"], signal.SIGKILL)
    assert eventually(lambda: not is_alive(client.pids["keeper"]))

    client.say("show()")

    assert client.database_url in client.hear()
    assert can_query(client)
    assert home.pids()["keeper"] != client.pids["keeper"]


def test_it_starts_after_everything_was_killed_at_once(home: Home) -> None:
    client = home.client()
    store_rows(client)
    for name in ("keeper", "postgres", "valkey"):
        os.kill(client.pids[name], signal.SIGKILL)
    client.kill()

    again = home.client()

    assert can_query(again)
    assert redis.from_url(again.redis_url).ping()


def test_a_stale_pid_file_that_names_a_living_process_is_no_obstacle(home: Home) -> None:
    client = home.client()
    store_rows(client)
    client.leave()
    stale = home.root / "postgres" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n/proc/self/cwd\n1700000000\n5432\n\n\n0 0\nready   \n")

    again = home.client()

    assert can_query(again)


def test_a_stale_pid_file_that_names_a_zombie_is_no_obstacle(home: Home) -> None:
    client = home.client()
    store_rows(client)
    client.leave()
    zombie = os.fork()
    if zombie == 0:
        os._exit(0)
    assert eventually(lambda: not is_alive(zombie))
    (home.root / "postgres" / "postmaster.pid").write_text(f"{zombie}\n/proc/self/cwd\n1\n5432\n\n\n0 0\n")

    again = home.client()

    assert can_query(again)
    os.waitpid(zombie, 0)


def test_an_initialisation_that_was_cut_short_is_done_anew(home: Home) -> None:
    half_made = home.root / "postgres.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")

    client = home.client()

    store_rows(client)
    assert can_query(client)
    assert not half_made.exists()


def test_data_of_another_version_are_refused_and_left_alone(home: Home) -> None:
    data = home.root / "postgres"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("15\n")

    error = home.refused()

    assert "was made by PostgreSQL 15" in error
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_it_stops_cleanly_when_told_to(home: Home) -> None:
    client = home.client()
    pids = client.pids.values()

    os.kill(client.pids["keeper"], signal.SIGTERM)

    assert eventually(lambda: not any(map(is_alive, pids)))
    assert "database system is shut down" in (home.root / "log" / "postgres.log").read_text()


def test_it_gives_up_on_a_server_that_keeps_ending(home: Home) -> None:
    client = home.client()
    pids = client.pids

    for _ in range(10):
        os.kill(pids["valkey"], signal.SIGKILL)
        eventually(lambda known=pids: not is_alive(known["keeper"]) or is_back(home, "valkey", known))
        if is_alive(pids["keeper"]):
            pids = home.pids()

    assert eventually(lambda: not is_alive(client.pids["keeper"]))
    assert not is_alive(pids["postgres"])
    assert "Valkey keeps ending" in Path(home.root / "log" / "keeper.log").read_text()
