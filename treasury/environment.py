"""Reading the environment: database, broker, flags. Knows nothing of Django beyond its settings' shapes."""

import os
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


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


def parse_database_url(url: str) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name?host=/socket/dir`."""
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "NAME": unquote(parts.path.lstrip("/")) or "epay",
        "USER": unquote(parts.username or query.get("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or parts.hostname or "",
        "PORT": str(parts.port or query.get("port", "")),
    }


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
