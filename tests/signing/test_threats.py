"""The table of threats: every row has its test, every mark its row, every check is there, the page is up to date."""

from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings

from signing.refusals import REFUSALS
from signing.threats import GROUPS, THREATS, Threat
from treasury import threats_document

TESTS = Path(settings.BASE_DIR) / "tests"


def test_every_threat_has_a_test_and_every_mark_a_row() -> None:
    marked = threats_document.tests_by_threat(TESTS)

    assert set(marked) == {one.slug for one in THREATS}
    assert len({one.slug for one in THREATS}) == len(THREATS)


def test_threats_stand_in_their_group_by_slug() -> None:
    places = [(list(GROUPS).index(one.group), one.slug) for one in THREATS]

    assert places == sorted(places)


@pytest.mark.parametrize("threat", THREATS, ids=lambda one: one.slug)
def test_what_stands_in_the_way_is_there(threat: Threat) -> None:
    module, _, name = threat.check.partition(":")

    found = import_module(module)
    for part in name.split("."):
        found = getattr(found, part)

    assert callable(found)
    assert set(threat.codes) <= set(REFUSALS)
    assert threat.title_zh != threat.title_en


def test_marks_are_found_on_tests_and_their_parameters(tmp_path: Path) -> None:
    (tmp_path / "test_marks.py").write_text(
        "@pytest.mark.threat('a', 'b')\n"
        "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.threat('c')), 2])\n"
        "def test_one(): ...\n"
        "@pytest.mark.threat('a')\n"
        "def made(): ...\n"
    )
    (tmp_path / "test_without.py").write_text("def test_two(): ...\n")

    found = threats_document.tests_by_threat(tmp_path)

    assert found == {slug: ["test_marks.py::test_one"] for slug in "abc"}


def test_a_mark_is_written_out(tmp_path: Path) -> None:
    (tmp_path / "test_marks.py").write_text("@pytest.mark.threat(SLUG)\ndef test_one(): ...\n")

    with pytest.raises(ValueError, match="written out"):
        threats_document.tests_by_threat(tmp_path)


def test_the_page_is_up_to_date() -> None:
    assert (Path(settings.BASE_DIR) / "docs" / "threats.md").read_text("utf-8") == threats_document.document()
