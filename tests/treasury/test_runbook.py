"""What the runbook tells an operator to type works on the tables as they are."""

import ast
import re
from pathlib import Path
from textwrap import dedent

import pytest
from django.core.management import get_commands

from treasury.core.sql import fetch_all

RUNBOOK = Path(__file__).resolve().parents[2] / "docs" / "runbook.md"
QUERIES = re.findall(r"`(SELECT [^`]+);`", RUNBOOK.read_text())
SNIPPETS = re.findall(r'shell -c "\n(.+?)"\n', RUNBOOK.read_text(), re.DOTALL)
COMMANDS = set(re.findall(r"manage\.py ([a-z_]+)", RUNBOOK.read_text())) - {"shell"}


def test_the_runbook_has_queries() -> None:
    assert len(QUERIES) == 7


@pytest.mark.django_db
@pytest.mark.parametrize("query", QUERIES)
def test_every_query_runs(query: str) -> None:
    assert fetch_all(query) == []


def test_the_runbook_has_snippets() -> None:
    assert len(SNIPPETS) == 3


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_every_snippet_is_python_and_names_what_is_there(snippet: str) -> None:
    tree = ast.parse(dedent(snippet))
    exec("\n".join(ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)), {})


def test_every_command_is_there() -> None:
    assert set(get_commands()) >= COMMANDS
