import csv
import time
from pathlib import Path

from treasury.core.glyphs import missing_glyphs

SAMPLE_DAY = Path(__file__).parent.parent / "sample_day"


def test_ordinary_text_can_be_printed() -> None:
    assert missing_glyphs("王小明　股份有限公司（臺北）ABC 123，、。\n第二行") == ()


def test_it_names_what_cannot_be_printed_once_and_in_order() -> None:
    assert missing_glyphs("陳\U0002b81a😀王😀\u200d") == ("\U0002b81a", "😀", "\u200d")


def test_characters_outside_big5_that_the_fonts_have_are_printed() -> None:
    assert missing_glyphs("藥粧堃喆") == ()


def test_the_names_of_the_sample_can_be_printed() -> None:
    with (SAMPLE_DAY / "budget.csv").open(encoding="utf-8-sig", newline="") as lines:
        names = "".join(row["account_name"] + row["agency_name"] for row in csv.DictReader(lines))

    assert missing_glyphs(names) == ()


def test_twenty_thousand_names_are_checked_at_once() -> None:
    missing_glyphs("")
    names = [f"王小明{number}股份有限公司" for number in range(20_000)]

    begun = time.perf_counter()
    missing = [name for name in names if missing_glyphs(name)]

    assert missing == []
    assert time.perf_counter() - begun < 1
