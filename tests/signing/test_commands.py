"""`verify_signature` and `verify_path` from the command line."""

import io
import json
from pathlib import Path
from typing import Any

from django.core.management import call_command

from tests.signing.test_verification import AT, case, path_case

__all__ = ["case"]


def run(name: str, *arguments: str) -> tuple[int, list[dict[str, Any]], str]:
    """Exit code, JSON lines of standard output, standard error."""
    out, errors = io.StringIO(), io.StringIO()
    try:
        call_command(name, *arguments, stdout=out, stderr=errors)
        code = 0
    except SystemExit as ended:
        code = int(str(ended.code))
    lines = out.getvalue().splitlines()
    return code, [json.loads(line) for line in lines if line.startswith("{")], errors.getvalue() + out.getvalue()


def options(wanted: dict[str, Any]) -> list[str]:
    return [f"--{key.replace('_', '-')}={value}" for key, value in wanted.items()]


def test_a_single_signature_exits_0_or_1(case: dict[str, Any]) -> None:
    code, lines, _ = run("verify_signature", "--json", *options(case))
    assert (code, lines[0]["valid"], lines[0]["code"]) == (0, True, "ok")

    code, lines, _ = run("verify_signature", "--json", *options({**case, "policy": "1.2.3"}))
    assert (code, lines[0]["valid"], lines[0]["code"]) == (1, False, "policy_missing")


def test_without_json_it_speaks_to_people(case: dict[str, Any]) -> None:
    assert run("verify_signature", *options(case))[2].strip() == "valid"
    assert "policy_missing" in run("verify_path", *options(path_case(case, policy="1.2")), "--explicit-policy")[2]


def test_a_missing_option_exits_2_with_a_problem() -> None:
    code, _, errors = run("verify_path", "--json", f"--at={AT}")

    assert code == 2
    assert json.loads(errors)["code"] == "option_missing"


def test_a_batch_answers_every_case_in_order(case: dict[str, Any], tmp_path: Path) -> None:
    relative = {key: Path(str(value)).name if key != "at" else value for key, value in case.items()}
    cases = [
        {"id": "good", **relative},
        {"id": "good", **relative, "policy": ["1.2.3"]},
        {"id": 3, **relative, "content": "nowhere"},
    ]
    file = tmp_path / "batch.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in cases), encoding="utf-8")

    code, lines, _ = run("verify_signature", "--batch", str(file), "--json")

    assert code == 1, "one of them could not be run"
    assert [(one["id"], one["valid"], one["code"]) for one in lines] == [
        ("good", True, "ok"),
        ("good", False, "policy_missing"),
        (3, False, "cannot_read"),
    ]

    file.write_text(json.dumps(cases[1]) + "\n", encoding="utf-8")
    assert run("verify_signature", "--batch", str(file), "--json")[0] == 0


def test_a_batch_that_cannot_be_read_exits_2(tmp_path: Path) -> None:
    code, _, errors = run("verify_path", "--batch", str(tmp_path / "nowhere"), "--json")

    assert code == 2
    assert json.loads(errors)["code"] == "cannot_read"
