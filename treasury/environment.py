"""Reading the environment: database, broker, flags. Knows nothing of Django beyond its settings' shapes."""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

_SCHEMES = ("postgresql", "postgres")
_ADDRESS = ("host", "port", "user")


class NotConfigured(RuntimeError):
    """A variable that production demands is unset; the message names it."""


def is_production() -> bool:
    """Whether ENV says production."""
    return os.environ.get("ENV") == "production"


def flag(name: str) -> bool:
    """Whether the variable is set to 1, true or yes."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes"}


def required_in_production(name: str, otherwise: str) -> str:
    """The variable's value; in production it must be set (NotConfigured), elsewhere there is a stand-in."""
    value = os.environ.get(name, "")
    if not value and is_production():
        raise NotConfigured(f"{name} must be set when ENV=production")
    return value or otherwise


def refuse_in_production(name: str) -> None:
    """NotConfigured when production has a variable that is for trying out only."""
    if is_production() and os.environ.get(name):
        raise NotConfigured(f"{name} is refused when ENV=production")


def database_url() -> str:
    """DATABASE_URL, or the embedded server's URL, which starts it when nobody has yet."""
    url = os.environ.get("DATABASE_URL", "")
    if url:
        return url
    if is_production():
        raise NotConfigured("DATABASE_URL must be set when ENV=production")
    from treasury import embedded

    return embedded.ensure().database_url


def redis_url() -> str:
    """REDIS_URL, or the embedded broker's URL, which starts it when nobody has yet."""
    url = os.environ.get("REDIS_URL", "")
    if url:
        return url
    if is_production():
        raise NotConfigured("REDIS_URL must be set when ENV=production")
    from treasury import embedded

    return embedded.ensure().redis_url


def broker_url(url: str) -> str:
    """A Redis URL as Celery spells it: `unix:///path?db=1` becomes `redis+socket:///path?virtual_host=1`."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    number = parse_qs(parts.query).get("db", ["0"])[-1]
    return f"redis+socket://{parts.path}?virtual_host={number}"


def parse_database_url(url: str) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name?host=/socket/dir`.

    Whatever else the query says (`sslmode=verify-full`) becomes an option of every connection. NotConfigured when
    it is the address of something else.
    """
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES:
        raise NotConfigured("DATABASE_URL must begin with postgresql://")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "NAME": unquote(parts.path.lstrip("/")) or "epay",
        "USER": unquote(parts.username or query.get("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": str(parts.port or query.get("port", "")),
        "OPTIONS": {key: value for key, value in query.items() if key not in _ADDRESS},
    }


def format_database_url(settings: Mapping[str, Any]) -> str:
    """The URL of Django's settings of a database, for psql and child processes; `parse_database_url` reads it back."""
    user = quote(settings["USER"], safe="")
    if settings["PASSWORD"]:
        user += ":" + quote(settings["PASSWORD"], safe="")
    host, port, query = str(settings["HOST"]), str(settings["PORT"]), dict(settings["OPTIONS"])
    if host.startswith("/"):
        query = {"host": host, **({"port": port} if port else {}), **query}
        place = ""
    else:
        place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    asked = "?" + urlencode(query, safe="/", quote_via=quote) if query else ""
    return f"postgresql://{user}@{place}/{quote(settings['NAME'], safe='')}{asked}"


def database_settings() -> dict[str, Any]:
    """The default database: DATABASE_URL when given, else the backend asks for the embedded server when it connects."""
    common: dict[str, Any] = {
        "ENGINE": "treasury.database",
        "NAME": "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": f"test_{os.getpid()}"},
    }
    if os.environ.get("DATABASE_URL") or is_production():
        return common | parse_database_url(database_url())
    return common
