"""What production must be told, and what it refuses, each in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GIVEN = {
    "ENV": "production",
    "SECRET_KEY": "never used",
    "ALLOWED_HOSTS": "epay.example.gov.tw",
    "DATABASE_URL": "postgresql://epay@db.example/epay",
    "REDIS_URL": "redis://queue.example/0",
    "BANK_URL": "https://bank.example",
    "TIMESTAMP_URL": "https://timestamps.example",
    "LOG_KEY": "never used",
    "MASTER_ACCOUNT_NO": "00400000000026",
}
ASK = """
from django.conf import settings
from treasury.celery import app
print(settings.DEBUG, settings.GUARD_TRUNCATE, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE)
print(settings.SECURE_HSTS_SECONDS > 0, settings.SECURE_SSL_REDIRECT, app.conf.broker_url)
"""


def start(*arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
    """Reads the settings, or runs what is given, in a process that knows nothing but these variables."""
    inherited = {name: os.environ[name] for name in ("PATH", "PYTEST_VERSION") if name in os.environ}
    environment = {**inherited, "DJANGO_SETTINGS_MODULE": "treasury.settings", **GIVEN, **changed}
    return subprocess.run(
        [sys.executable, *(arguments or ("-c", ASK))],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_is_closed_whatever_else_is_set() -> None:
    done = start(PYTEST_VERSION="8")

    assert done.stdout.split() == ["False", "True", "True", "True", "True", "True", "redis://queue.example/0"]


@pytest.mark.parametrize("name", sorted(GIVEN.keys() - {"ENV"}))
def test_production_does_not_start_without(name: str) -> None:
    done = start(**{name: ""})

    assert done.returncode == 1
    assert f"{name} must be set when ENV=production" in done.stderr


def test_production_plays_no_other_day() -> None:
    done = start(CLOCK="2025-03-07T09:00:00+08:00@1763760000.0")

    assert done.returncode == 1
    assert "CLOCK is refused when ENV=production" in done.stderr


def test_a_command_says_what_is_missing_as_a_problem_object() -> None:
    done = start("manage.py", "check_books", DATABASE_URL="")

    assert (done.returncode, done.stdout) == (2, "")
    assert json.loads(done.stderr)["code"] == "not_configured"
