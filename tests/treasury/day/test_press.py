"""The press: many files side by side, each whole or not at all, and what cannot be printed is told."""

import json
from pathlib import Path

import pytest

from tests.core.documents import examples
from tests.core.documents.reading import pages
from treasury.core.documents import render
from treasury.day.press import Press


def test_every_document_lies_under_its_name_with_the_bytes_of_a_single_print(tmp_path: Path) -> None:
    with Press(tmp_path) as press:
        press.put("cheques/1.pdf", [examples.cheque()])
        press.put("cheques/all.pdf", [examples.cheque(serial="0000001"), examples.cheque(serial="0000002")])
        press.write("registers/1.csv", b"1")

    assert (tmp_path / "cheques" / "1.pdf").read_bytes() == render(examples.cheque())
    assert len(pages((tmp_path / "cheques" / "all.pdf").read_bytes())) == 2
    assert (tmp_path / "registers" / "1.csv").read_bytes() == b"1"
    files = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert files == ["1.csv", "1.pdf", "all.pdf"]


def test_what_cannot_be_printed_stops_nothing_else_and_is_told(tmp_path: Path) -> None:
    with Press(tmp_path) as press:
        press.put("bad.pdf", [examples.cheque(payee_name="\U0001f600")])
        press.flush()
        press.put("good.pdf", [examples.cheque()])

    assert [problem.code for problem in press.problems] == ["missing_glyph"]
    (line,) = (tmp_path / "unprinted.jsonl").read_text("utf-8").splitlines()
    assert (json.loads(line)["code"], json.loads(line)["file"]) == ("missing_glyph", "bad.pdf")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["good.pdf", "unprinted.jsonl"]


def test_a_later_run_without_a_problem_takes_the_news_back(tmp_path: Path) -> None:
    (tmp_path / "unprinted.jsonl").write_text("{}\n")

    with Press(tmp_path):
        pass

    assert list(tmp_path.iterdir()) == []


def test_an_error_outside_ends_the_press_and_goes_on(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="broken"), Press(tmp_path) as press:
        press.put("1.pdf", [examples.cheque()])
        raise RuntimeError("broken")

    assert press.problems == []
