"""The container files, read by a parser: no engine runs where these tests run."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
INSTRUCTIONS = {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE", "HEALTHCHECK", "CMD"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text()))


@pytest.fixture(scope="module")
def dockerfile() -> list[tuple[str, str]]:
    """Instructions with their arguments, continuation lines joined."""
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2].strip()) for line in lines]


def test_compose_has_every_part_of_the_product(compose: dict[str, Any]) -> None:
    parts = {name for name, one in compose["services"].items() if "profiles" not in one}
    assert parts == {"postgres", "redis", "migrate", "web", "worker", "webhooks", "beat"}
    assert set(compose["services"]) - parts == {"timestamps"}
    assert compose["services"]["postgres"]["image"].endswith(":18")


def test_compose_waits_only_for_services_it_has_and_that_can_say_they_are_ready(compose: dict[str, Any]) -> None:
    services = compose["services"]
    waits = [
        (needed, wait["condition"])
        for service in services.values()
        for needed, wait in service.get("depends_on", {}).items()
    ]

    assert waits
    for needed, condition in waits:
        if condition == "service_healthy":
            assert "test" in services[needed]["healthcheck"]
        else:
            assert condition == "service_completed_successfully"
            assert services[needed]["restart"] == "no"


def test_compose_keeps_its_data_in_named_volumes(compose: dict[str, Any]) -> None:
    used = {
        volume.partition(":")[0] for service in compose["services"].values() for volume in service.get("volumes", [])
    }

    assert used == set(compose["volumes"])


def test_compose_opens_no_port_to_the_world(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]

    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_image_is_made_of_files_that_exist(dockerfile: list[tuple[str, str]]) -> None:
    copied = [arguments.split()[:-1] for name, arguments in dockerfile if name == "COPY"]
    sources = [source for parts in copied if not parts[0].startswith("--from") for source in parts]

    assert {name for name, _ in dockerfile} <= INSTRUCTIONS
    assert sources
    assert all((ROOT / source).exists() for source in sources)


def test_the_image_does_not_run_as_root_and_takes_hashed_packages_only(dockerfile: list[tuple[str, str]]) -> None:
    names = [name for name, _ in dockerfile]
    installs = " ".join(arguments for name, arguments in dockerfile if name == "RUN" and "install" in arguments)

    assert names.index("USER") < names.index("CMD")
    assert installs.count("--require-hashes") == 2


def test_the_commands_of_the_image_are_json_arrays(dockerfile: list[tuple[str, str]]) -> None:
    commands = [arguments[arguments.index("[") :] for name, arguments in dockerfile if name in {"CMD", "HEALTHCHECK"}]

    assert [json.loads(command)[0] for command in commands] == ["python", "gunicorn"]
