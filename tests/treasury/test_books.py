"""Books of a name are a database of their own: made whole, guarded, found again, made anew.

They are made in processes of their own, as the commands do it: only there PostgreSQL is told to refuse TRUNCATE.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command

from tests.embedded.homes import CHECKOUT, Home
from treasury.books import database_name
from treasury.core.errors import Problem
from treasury.environment import format_database_url, parse_database_url

_USE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "treasury.settings"
import django
django.setup()
from treasury import books
from treasury.core.models import NumberSeries, Parameter
from treasury.core.numbers import next_number
"""


class Server:
    """An embedded server of this module's own, and processes that use books on it."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.url = home.client().database_url

    def run(self, code: str) -> str:
        """Runs lines of Python with Django set up, outside tests; returns what they print."""
        process = self.start(sys.executable, "-c", _USE + code)
        output, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        return output.strip()

    def sql(self, statement: str, *, database: str) -> list[tuple[object, ...]]:
        """Runs one statement on a database of the server."""
        url = format_database_url({**parse_database_url(self.url), "NAME": database})
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def databases(self) -> set[str]:
        return {str(name) for (name,) in self.sql("SELECT datname FROM pg_database", database="postgres")}

    def start(self, *command: str) -> subprocess.Popen[str]:
        """Starts a process that is no test: PostgreSQL guards what it makes."""
        environment = {name: value for name, value in os.environ.items() if name != "PYTEST_VERSION"}
        return subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env={**environment, "EMBEDDED_DIR": str(self.home.root)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that holds templates of earlier days and of strangers, and two books made on it."""
    home = Home(tmp_path_factory.mktemp("books") / "var")
    server = Server(home)
    for name in (f"epay_template_{'0' * 16}_1", f"epay_template_{'0' * 16}_1_making", "template_of_others_1"):
        server.sql(f"CREATE DATABASE {name}", database="postgres")
    server.run("for name in ('first', 'anew'): books.use(name); next_number('receipt/114')")
    yield server
    home.close()


def test_books_are_a_database_with_a_profile(server: Server) -> None:
    rows = server.sql("SELECT value FROM core_parameter WHERE name = 'profile'", database="run_first")

    assert rows == [("nta",)]


def test_books_are_found_again_as_they_were(server: Server) -> None:
    numbers = server.run(
        "books.use('first')\nprint(next_number('tested'))\nbooks.use('first', profile='taichung')\n"
        "print(next_number('tested'), Parameter.objects.get(name='profile').value)"
    )

    assert numbers.split() == ["1", "2", "nta"]


def test_books_are_made_from_one_template_and_stale_ones_go(server: Server) -> None:
    templates = {name for name in server.databases() if name.startswith("epay_template_")}

    assert len(templates) == 1
    assert templates.isdisjoint({f"epay_template_{'0' * 16}_1"})
    assert "template_of_others_1" in server.databases()


def test_fresh_books_have_no_past_even_when_somebody_still_looks(server: Server) -> None:
    url = format_database_url({**parse_database_url(server.url), "NAME": "run_anew"})

    with psycopg.connect(url):
        left = server.run(
            "books.use('anew', fresh=True, profile='taichung')\n"
            "print(NumberSeries.objects.count(), Parameter.objects.get(name='profile').value)"
        )

    assert left == "0 taichung"
    assert server.sql("SELECT last FROM core_numberseries WHERE name = 'receipt/114'", database="run_first") == [(1,)]


def test_the_served_database_is_made_by_itself_and_urls_lead_where_they_say(server: Server) -> None:
    served, first = server.run(
        "from django.core.management import call_command\n"
        "call_command('database_url', '--json')\ncall_command('database_url', '--books', 'first')"
    ).splitlines()

    assert parse_database_url(json.loads(served)["database_url"]) == parse_database_url(server.url)
    assert server.sql("SELECT count(*) FROM core_parameter WHERE name = 'profile'", database="epay") == [(1,)]
    with psycopg.connect(first) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("run_first",)


@pytest.mark.parametrize("name", ["", "Day", "a-b", "a b", "a;drop", "../x", "ä", "a" * 41, "a\n"])
def test_a_name_is_of_small_letters_digits_and_underscores(name: str) -> None:
    with pytest.raises(Problem) as refused:
        database_name(name)

    assert refused.value.code == "bad_books_name"


@pytest.mark.parametrize("name", ["day", "114_03", "a" * 40])
def test_a_good_name_names_a_database(name: str) -> None:
    assert database_name(name) == f"run_{name}"


def test_a_bad_name_is_a_problem_object_and_exit_code_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("database_url", "--books", "Bad Name")

    output, errors = capsys.readouterr()
    assert (ended.value.code, output) == (2, "")
    assert json.loads(errors)["code"] == "bad_books_name"


@pytest.mark.parametrize("table", ["core_history", "core_idempotencykey", "vouchers_intakefile, vouchers_intakeitem"])
def test_outside_tests_postgresql_refuses_to_empty_what_is_append_only(server: Server, table: str) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="is append-only"):
        server.sql(f"TRUNCATE {table} CASCADE", database="run_first")


def test_no_append_only_table_is_left_unguarded(server: Server) -> None:
    unguarded = server.sql(
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'pgtrigger_append_only%' EXCEPT "
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgtype & 32 > 0",
        database="run_first",
    )

    assert unguarded == []


def test_two_makers_at_once_make_books_once(server: Server) -> None:
    code = _USE + "books.use('shared'); next_number('receipt/114')"
    makers = [server.start(sys.executable, "-c", code) for _ in range(2)]

    errors = [maker.communicate(timeout=120)[1] for maker in makers]

    assert [maker.returncode for maker in makers] == [0, 0], errors
    assert server.sql("SELECT last FROM core_numberseries", database="run_shared") == [(2,)]


def test_help_and_check_start_no_server(tmp_path: Path) -> None:
    home = tmp_path / "var"
    code = "from django.core.management import call_command, execute_from_command_line as command\n" + (
        "call_command('check')\ncommand(['manage.py', 'help'])\ncommand(['manage.py', 'help', 'run_day'])"
    )

    done = subprocess.run(
        [sys.executable, "-c", _USE + code],
        cwd=CHECKOUT,
        env={**os.environ, "EMBEDDED_DIR": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "--vouchers DIR" in done.stdout
    assert not home.exists()
