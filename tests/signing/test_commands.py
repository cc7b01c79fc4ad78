"""`verify_signature` and `verify_path` from the command line."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from signing.verification import Outcome, Verifier
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


def test_whatever_a_case_does_the_others_are_answered(
    case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given cases with names that are none, a moment before all clocks, and one at which our own code stumbles
    relative = {key: Path(str(value)).name if key != "at" else value for key, value in case.items()}
    hostile = [{"content": "a\0b"}, {"trust": "x" * 5000}, {"crls": {}}, {"at": "0001-01-01T00:00:00Z"}, {"policy": 1}]
    cases = [{"id": number, **relative, **given} for number, given in enumerate(hostile)]
    stumbles = {"id": "stumbles", **relative, "content": "stumble"}
    (tmp_path / "stumble").write_bytes(b"x")
    file = tmp_path / "batch.jsonl"
    lines = [*cases, stumbles, {"id": ["last", {"é": None}], **relative}]
    file.write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    whole = Verifier.signature

    def stumbling(verifier: Verifier, given: dict[str, Any]) -> Outcome:
        if given["content"] == "stumble":
            raise RecursionError("too deep")
        return whole(verifier, given)

    monkeypatch.setattr(Verifier, "signature", stumbling)

    code, answers, _ = run("verify_signature", "--batch", str(file), "--json")

    assert code == 1
    assert [one["id"] for one in answers] == [0, 1, 2, 3, 4, "stumbles", ["last", {"é": None}]]
    assert [one["valid"] for one in answers] == [False] * 6 + [True]
    assert answers[5]["code"] == "internal_error"
    assert all(set(one) == {"id", "valid", "code", "detail"} for one in answers)


def test_a_line_of_the_answer_is_json_whatever_a_file_is_called(tmp_path: Path) -> None:
    code, _, errors = run("verify_path", "--batch", str(tmp_path / "\udcff"), "--json")

    assert code == 2
    assert json.loads(errors.encode())["code"] == "cannot_read"


def test_a_batch_that_cannot_be_read_exits_2(tmp_path: Path) -> None:
    code, _, errors = run("verify_path", "--batch", str(tmp_path / "nowhere"), "--json")

    assert code == 2
    assert json.loads(errors)["code"] == "cannot_read"
