"""`manage.py log`, as operators and auditors use it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from signing.log.heads import head_make
from signing.log.notes import check_key_read, note_read, sign_key_read
from signing.models import ElectronicPaymentDocument, LogEntry, LogHead
from tests.signing.conftest import Desk
from tests.signing.log.conftest import KEY, OLD_KEY, REFERENCE, days_close
from tests.signing.log.test_tampering import tool


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output, standard error."""
    out, errors = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("log", *arguments, stdout=out, stderr=errors)
    except SystemExit as ended:
        code = int(str(ended.code))
    return code, out.getvalue(), errors.getvalue()


def told(*arguments: str) -> dict[str, Any]:
    """The one JSON line of a command that went well."""
    code, out, errors = run(*arguments, "--json")
    assert (code, errors, out.count("\n")) == (0, "", 1)
    found: dict[str, Any] = json.loads(out)
    return found


def test_a_head_is_made_and_shown_as_the_note_to_keep(sealed: ElectronicPaymentDocument) -> None:
    code, note, _ = run("head", "--make")

    assert (code, note.encode()) == (0, bytes(LogHead.objects.get().note))
    assert told("head")["note"] == told("head", "--size", "1")["note"] == note
    assert run("head", "--size", "7")[0] == 2


def test_an_empty_log_has_nothing_to_show(desk: Desk) -> None:
    for arguments in (("head",), ("head", "--make"), ("consistency", "--old", "1"), ("inclusion", "0")):
        code, _, errors = run(*arguments)
        assert (code, json.loads(errors)["code"]) in {(2, "log_size_unknown"), (2, "log_entry_unknown")}


def test_proofs_are_files_that_the_stand_alone_tool_takes(sealed: ElectronicPaymentDocument, tmp_path: Path) -> None:
    kept = head_make()
    days_close(3)
    head_make()
    files = {
        "kept.note": bytes(kept.note).decode() if kept else "",
        "new.note": run("head")[1],
        "inclusion.json": run("inclusion", REFERENCE)[1],
        "place.json": run("inclusion", "0", "--revision", "1")[1],
        "consistency.json": run("consistency", "--old", "1", "--json")[1],
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    assert tool("inclusion", tmp_path / "inclusion.json", "--head", tmp_path / "new.note") == (0, "ok")
    assert files["inclusion.json"] == files["place.json"]
    both = ("--old", tmp_path / "kept.note", "--new", tmp_path / "new.note")
    assert tool("consistency", tmp_path / "consistency.json", *both) == (0, "ok")


def test_an_export_is_the_whole_log_with_what_its_tokens_rest_on(
    sealed: ElectronicPaymentDocument, tmp_path: Path
) -> None:
    head = head_make()
    days_close(1)
    head_make()
    assert head is not None

    said = told("export", "--out", str(tmp_path / "out"))

    assert (said["entries"], said["heads"]) == (LogEntry.objects.count(), 2)
    assert tool("export", tmp_path / "out") == (0, "ok")
    assert (tmp_path / "out" / "keys.txt").read_text() == f"{KEY.check.line}\n"
    assert (tmp_path / "out" / "heads" / "1.tst").read_bytes() == bytes(head.token)
    assert (tmp_path / "out" / "authorities.pem").read_text().count("BEGIN CERTIFICATE") >= 1
    assert {path.stem for path in (tmp_path / "out" / "lists").iterdir()} == set(head.token_facts["lists"])


def test_a_kept_head_is_judged_by_exit_code(sealed: ElectronicPaymentDocument, tmp_path: Path) -> None:
    head = head_make()
    path = tmp_path / "kept.note"
    path.write_bytes(bytes(head.note) if head else b"")

    assert told("check", "--kept", str(path))["code"] == "holds"
    path.write_bytes(path.read_bytes().replace(b"\n1\n", b"\n9\n"))
    code, out, _ = run("check", "--kept", str(path), "--json")
    assert (code, json.loads(out)["code"]) == (1, "not_signed")


@pytest.mark.parametrize("action", ["check", "export"])
def test_what_it_needs_is_asked_for(desk: Desk, action: str) -> None:
    code, _, errors = run(action)

    assert (code, json.loads(errors)["code"]) == (2, "bad_arguments")


def test_keys_are_made_and_the_public_ones_shown(desk: Desk, settings: Settings) -> None:
    made = told("key", "--name", "log.example/new")
    days_close(1)
    settings.LOG_KEY = OLD_KEY.line
    head_make()
    settings.LOG_KEY = KEY.line

    assert check_key_read(made["public"]) == sign_key_read(made["secret"]).check
    assert told("key")["public"] == [OLD_KEY.check.line, KEY.check.line]


def test_an_old_key_still_vouches_for_the_heads_it_signed(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    days_close(1)
    settings.LOG_KEY = OLD_KEY.line
    head = head_make()
    settings.LOG_KEY = KEY.line
    (tmp_path / "kept.note").write_bytes(bytes(head.note) if head else b"")

    assert told("check", "--kept", str(tmp_path / "kept.note"))["code"] == "holds"
    assert note_read(bytes(head.note) if head else b"").size == 1
