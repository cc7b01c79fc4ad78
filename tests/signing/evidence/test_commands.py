"""`manage.py verify_evidence` and the stand-alone tool as they are run: no database, no network, exit codes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django import Settings

from tests.signing.evidence.judges import TOOLS, tool
from tests.signing.evidence.workshop import KEY, Workshop, sha

NOWHERE = "postgresql://nobody@/nothing?host=/nonexistent"
AT = "2025-03-08T10:00:00"


@pytest.fixture
def folder(tmp_path: Path, good: Workshop) -> Path:
    """The file, the anchors and the log's key as an auditor keeps them."""
    (tmp_path / "anchors").mkdir()
    (tmp_path / "anchors" / "root.crt").write_bytes(good.world.root.der)
    (tmp_path / "log.key").write_text(KEY.check.line + "\n")
    (tmp_path / "voucher.zip").write_bytes(good.sealed())
    return tmp_path


Judge = Callable[..., tuple[int, str, str]]


def alone(folder: Path, *words: object) -> tuple[int, str, str]:
    """A command in a process of its own, with nothing configured but a database that is not there."""
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": NOWHERE, "REDIS_URL": "redis://127.0.0.1:1"}
    done = subprocess.run(
        [sys.executable, *map(str, words)], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def judges(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[Judge]:
    """The product's command and the tool, each asked as from a shell in the auditor's folder."""
    monkeypatch.chdir(folder)

    def product(*arguments: str) -> tuple[int, str, str]:
        try:
            call_command("verify_evidence", *arguments)
            code = 0
        except SystemExit as exit_:
            code = int(str(exit_.code))
        return (code, *capsys.readouterr())

    def stranger(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["verify_evidence.py", *arguments])
        return (tool().main(), *capsys.readouterr())

    return [product, stranger]


def test_both_run_where_nothing_is_configured(folder: Path) -> None:
    arguments = ("voucher.zip", "--anchors", "anchors", "--log-key", "log.key", "--at", AT)
    manage = Path(settings.BASE_DIR) / "manage.py"

    for words in ((manage, "verify_evidence"), (TOOLS / "verify_evidence.py",)):
        code, out, problem = alone(folder, *words, *arguments)

        assert (code, problem) == (0, "") and out.endswith("HOLDS\n")


def test_both_say_line_by_line_what_holds_and_exit_with_0(judges: list[Judge]) -> None:
    for judge in judges:
        code, out, _ = judge("voucher.zip", "--anchors", "anchors", "--log-key", "log.key", "--at", AT)

        lines = out.splitlines()
        assert code == 0 and lines[-1] == "HOLDS" and all(line.startswith("ok   ") for line in lines[:-1])
        assert any("signature releaser" in line for line in lines)


def test_both_exit_with_1_and_name_what_does_not_hold(folder: Path, judges: list[Judge], good: Workshop) -> None:
    bank = good.parts["bank.json"].replace(b'_twd":100', b'_twd":999')
    (folder / "forged.zip").write_bytes(good.sealed(lambda parts: parts.update({"bank.json": bank})))

    for judge in judges:
        code, out, _ = judge("forged.zip", "--anchors", "anchors", "--log-key", KEY.check.line, "--at", AT)

        assert code == 1 and out.endswith("DOES NOT HOLD\n")
        assert [line for line in out.splitlines() if line.startswith("FAIL bank")]


def test_json_lines_end_with_the_verdict(judges: list[Judge], good: Workshop) -> None:
    pin = sha(good.world.root.der)

    for judge in judges:
        code, out, _ = judge("voucher.zip", "--pin", pin, "--without-log", "--json", "--at", "2025-03-08T02:00Z")

        lines = [json.loads(line) for line in out.splitlines()]
        assert code == 0 and lines[-1] == {"valid": True}
        assert {line["ok"] for line in lines[:-1]} == {True}
        assert not [line for line in lines[:-1] if line["check"] == "renewal"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("voucher.zip", "--log-key", "log.key"),
        ("voucher.zip", "--anchors", "anchors"),
        ("missing.zip", "--anchors", "anchors", "--log-key", "log.key"),
        ("voucher.zip", "--anchors", "anchors", "--log-key", "a+b+c"),
        ("voucher.zip", "--anchors", "anchors", "--log-key", "log.key", "--at", "yesterday"),
    ],
)
def test_what_cannot_be_judged_is_exit_2_with_one_object(judges: list[Judge], arguments: tuple[str, ...]) -> None:
    for judge in judges:
        code, out, problem = judge(*arguments)

        assert code == 2 and json.loads(problem)["code"] and not out


def test_the_treasurys_own_settings_serve_where_nothing_is_named(
    folder: Path, good: Workshop, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.TRUST_ANCHORS = [sha(good.world.root.der).upper(), ""]
    settings.LOG_KEY = KEY.line

    call_command("verify_evidence", str(folder / "voucher.zip"), "--at", AT)

    assert capsys.readouterr().out.endswith("HOLDS\n")


def test_the_tool_is_made_of_nothing_of_ours() -> None:
    script = "import sys; sys.path.insert(0, sys.argv[1]); import verify_evidence; print(*sys.modules)"

    done = subprocess.run([sys.executable, "-I", "-c", script, str(TOOLS)], capture_output=True, text=True, check=True)

    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert not loaded & {"signing", "treasury", "vouchers", "django", "asn1crypto", "pyhanko", "rfc8785"}
