"""What the runbook tells an operator to type works on the tables as they are."""

import re
from pathlib import Path

import pytest

from treasury.core.sql import fetch_all

RUNBOOK = Path(__file__).resolve().parents[2] / "docs" / "runbook.md"
QUERIES = re.findall(r"`(SELECT [^`]+);`", RUNBOOK.read_text())


def test_the_runbook_has_queries() -> None:
    assert len(QUERIES) == 4


@pytest.mark.django_db
@pytest.mark.parametrize("query", QUERIES)
def test_every_query_runs(query: str) -> None:
    assert fetch_all(query) == []
