"""The document against the running service: whatever it says is so, and nothing else happens."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.api.system import system_of
from tests.factories import Desk
from treasury.core.api.openapi import document

CONFIG = Path(__file__).with_name("schemathesis.toml")
SECONDS = 600


@pytest.mark.django_db(transaction=True)
def test_the_service_does_what_its_document_says(shared_desk: Desk, live_server: LiveServer, tmp_path: Path) -> None:
    system = system_of(shared_desk)
    shared_desk.draft()
    (tmp_path / "openapi.json").write_text(json.dumps(document()))
    command = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(CONFIG), "--no-color", "run"]
    options = [
        "--url",
        live_server.url,
        "--checks",
        "all",
        "--continue-on-failure",
        "--header",
        f"Authorization: Bearer {system.token}",
    ]

    with (tmp_path / "told.txt").open("w") as told:
        done = subprocess.run(
            [*command, str(tmp_path / "openapi.json"), *options],
            cwd=tmp_path,
            stdout=told,
            stderr=subprocess.STDOUT,
            timeout=SECONDS,
            check=False,
        )

    assert done.returncode == 0, (tmp_path / "told.txt").read_text()[-30_000:]
