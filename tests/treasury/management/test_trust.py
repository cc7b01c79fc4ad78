"""`import_trust` and `check_trust` from the command line."""

import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from signing.certificates import certificate_read
from signing.models import CrlGeneration
from tests.signing import forge
from tests.signing.forge import AT
from treasury.core import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return forge.pki().write(tmp_path / "trust")


@pytest.fixture(autouse=True)
def day() -> Any:
    with clock.frozen(AT) as at:
        yield at


def run(name: str, *arguments: object) -> tuple[int, list[dict[str, Any]], str]:
    """Exit code, JSON lines of standard output, standard output and error as they are."""
    out, errors = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command(name, *map(str, arguments), stdout=out, stderr=errors)
    except SystemExit as ended:
        code = int(str(ended.code))
    lines = out.getvalue().splitlines()
    return code, [json.loads(line) for line in lines if line.startswith("{")], out.getvalue() + errors.getvalue()


def test_it_takes_in_what_is_pinned_once(folder: Path) -> None:
    pin = certificate_read(forge.pki().root.der).fingerprint.hex()

    first = run("import_trust", folder, "--pin", pin, "--json")
    again = run("import_trust", folder, "--pin", pin, "--json")

    assert first[:2] == (0, [{"summary": {"authorities": 4, "lists": 4, "refused": 0}}])
    assert again[:2] == (0, [{"summary": {"authorities": 0, "lists": 0, "refused": 0}}])
    assert "0 authorities new, 0 lists new, 0 refused" in run("import_trust", folder)[2]


def test_a_root_that_is_not_pinned_is_a_problem_and_nothing_is_stored(folder: Path) -> None:
    code, _, errors = run("import_trust", folder, "--pin", "00" * 32, "--json")

    assert code == 2
    assert json.loads(errors)["code"] == "anchor_not_pinned"
    assert not CrlGeneration.objects.exists()


@pytest.mark.parametrize(("given", "problem"), [(["--pin", "x"], "bad_pin"), ([], "no_such_folder")])
def test_what_cannot_be_run_exits_2(tmp_path: Path, given: list[str], problem: str) -> None:
    if given:
        (tmp_path / "crls").mkdir()

    code, _, errors = run("import_trust", tmp_path, *given, "--json")

    assert code == 2
    assert json.loads(errors)["code"] == problem


def test_a_bad_list_exits_1_and_is_named_while_the_good_ones_come_in(folder: Path) -> None:
    (folder / "crls" / "gca.crl").write_bytes(b"<html>not found</html>")

    code, lines, _ = run("import_trust", folder, "--json")

    assert code == 1
    assert (lines[0]["file"], lines[0]["code"]) == ("gca.crl", "crl_malformed")
    assert lines[1] == {"summary": {"authorities": 4, "lists": 3, "refused": 1}}
    code, _, told = run("import_trust", folder)
    assert code == 1
    assert "refused gca.crl: crl_malformed" in told


def test_what_is_in_force_and_what_is_due(folder: Path, day: datetime) -> None:
    run("import_trust", folder)

    code, lines, _ = run("check_trust", "--json")
    gca = next(line["authority"] for line in lines if line["authority"]["issuer_kind"] == "GCA")
    assert code == 0
    assert gca["standing"] == "good" and gca["lists"][0]["number"] == 1 and gca["lists"][0]["age_seconds"] == 3600
    assert gca["lists"][0]["next_update"] == "2025-03-17T09:00:00+08:00"
    assert "no. 1, 2025-03-07T09:00+08:00 – 2025-03-17T09:00+08:00, 0 entries" in run("check_trust")[2]

    with clock.frozen(AT + timedelta(days=11)):
        code, lines, _ = run("check_trust", "--json")
        assert code == 1
        assert [line["warning"]["code"] for line in lines if "warning" in line] == ["list_stale"] * 4
        assert "list_stale CN=測試政府憑證,C=TW 2025-03-17T09:00+08:00" in run("check_trust")[2]


def test_an_authority_that_never_had_a_list_is_named_without_a_moment(folder: Path) -> None:
    (folder / "crls" / "gca.crl").unlink()
    run("import_trust", folder)

    assert "list_missing CN=測試政府憑證,C=TW\n" in run("check_trust")[2]
