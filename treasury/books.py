"""Books: a database of their own for a named run (`run_NAME`), made from a migrated template."""

import fcntl
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from treasury.core.errors import Problem
from treasury.core.parameters import profile_seed
from treasury.embedded.places import Places
from treasury.environment import format_database_url, is_production

_NAME = re.compile(r"[a-z0-9_]{1,40}")
_LOCK = 7002
_held: list[IO[str]] = []


def database_name(name: str) -> str:
    """`run_NAME`; Problem `bad_books_name` unless NAME is of a-z, 0-9 and _ only, at most 40 characters."""
    if not _NAME.fullmatch(name):
        raise Problem("bad_books_name", f"{name!r}: only a-z, 0-9 and _ (at most 40 characters)")
    return f"run_{name}"


def hold(name: str) -> None:
    """Keeps everybody else from playing a day in the named books, or making them anew, until this process ends.

    Problem `books_in_use` (409) when another process holds them. The kernel lets go of the hold with the process.
    """
    path = Places.here().root / "books" / f"{database_name(name)}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Problem("books_in_use", f"another process plays a day in the books {name!r}", status=409) from None
    _held.append(file)


def use(name: str | None, *, profile: str = "nta", fresh: bool = False) -> None:
    """Turns the default connection to the named books (None: the served database), making them when missing.

    `fresh` drops and makes them anew. In production the served database is migrated by hand, never here.
    """
    if name is None:
        if not is_production():
            _make_served(profile)
        return
    database = database_name(name)
    with _maintenance() as admin:
        if fresh:
            _drop(admin, database)
        if not _exists(admin, database):
            template = _template(admin)
            _create(admin, database, template)
        connection.settings_dict["NAME"] = database
    connection.close()
    profile_seed_once(profile)


def profile_seed_once(profile: str) -> None:
    """Gives books without a profile theirs; books made with another keep it."""
    from treasury.core.models import Parameter

    if not Parameter.objects.filter(name="profile").exists():
        profile_seed(profile)


def url() -> str:
    """The URL of the database in use, for psql and for child processes."""
    connection.ensure_connection()
    return format_database_url(connection.settings_dict)


def template() -> str:
    """The name of a migrated, empty database, made when there is none of the present migrations."""
    with _maintenance() as admin:
        return _template(admin)


def _make_served(profile: str) -> None:
    """Makes the served database of a development machine when it is missing, or brings it up to date."""
    params = connection.get_connection_params()
    with _maintenance() as admin:
        if not _exists(admin, params["dbname"]):
            _create(admin, params["dbname"], _template(admin))
        call_command("migrate", verbosity=0)
    profile_seed_once(profile)


@contextmanager
def _maintenance() -> Iterator[psycopg.Connection[Any]]:
    """A connection to the server's own database, one maker of books at a time."""
    params = connection.get_connection_params()
    keys = ("user", "password", "host", "port", *connection.settings_dict["OPTIONS"])
    address = {key: params[key] for key in keys if params.get(key)}
    with psycopg.connect(dbname="postgres", autocommit=True, **address) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        yield admin


def _exists(admin: psycopg.Connection[Any], database: str) -> bool:
    found = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone()
    return found is not None


def _drop(admin: psycopg.Connection[Any], database: str) -> None:
    connection.close()
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


def _create(admin: psycopg.Connection[Any], database: str, template: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    admin.execute(statement.format(sql.Identifier(database), sql.Identifier(template)))


def _template(admin: psycopg.Connection[Any]) -> str:
    """The name of a migrated, empty database of the present migrations; those of older migrations are dropped.

    The server may be shared: only names of exactly our pattern are ours to drop.
    """
    guard = int(settings.GUARD_TRUNCATE)
    name = f"epay_template_{_migrations_digest()}_{guard}"
    if _exists(admin, name):
        return name
    ours = f"^epay_template_[0-9a-f]{{16}}_{guard}(_making)?$"
    for (database,) in admin.execute("SELECT datname FROM pg_database WHERE datname ~ %s", (ours,)).fetchall():
        _drop(admin, database)
    making = f"{name}_making"
    _create(admin, making, "template0")
    served = connection.settings_dict["NAME"]
    try:
        connection.close()
        connection.settings_dict["NAME"] = making
        call_command("migrate", verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = served
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    admin.execute(rename.format(sql.Identifier(making), sql.Identifier(name)))
    return name


def _migrations_digest() -> str:
    """Changes whenever a migration of an installed app does, ours or a library's."""
    digest = hashlib.sha256()
    for app in apps.get_app_configs():
        for path in sorted(Path(app.path).glob("migrations/*.py")):
            digest.update(f"{app.label} {path.name} ".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
