"""The colours can be read: the contrast of every text with every ground it stands on, light and dark (WCAG)."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
TOKENS = dict(
    (name, (light, dark))
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", (CSS / "epay.css").read_text("utf-8")
    )
)
LOOKS = {"light": 0, "dark": 1}
GROUNDS = ("paper", "wash", "accent-wash", "good-wash", "wait-wash", "stop-wash", "note-wash")


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str, look: str) -> float:
    dark, light = sorted(_luminance(TOKENS[name][LOOKS[look]]) for name in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", ["ink", "quiet", "accent", "good", "wait", "stop", "note"])
def test_text_stands_out_by_seven_to_one(text: str, ground: str, look: str) -> None:
    assert _contrast(text, ground, look) >= 7


@pytest.mark.parametrize("look", LOOKS)
def test_buttons_and_the_edges_of_fields_stand_out(look: str) -> None:
    assert _contrast("on-accent", "accent", look) >= 7
    assert _contrast("ink", "deep", look) >= 7 and _contrast("quiet", "deep", look) >= 7
    assert _contrast("edge", "paper", look) >= 4.5
    assert _contrast("edge", "wash", look) >= 3


@pytest.mark.parametrize("sheet", sorted(path.name for path in CSS.glob("*.css")))
def test_no_style_sheet_has_colours_of_its_own(sheet: str) -> None:
    text = re.sub(r"/\*.*?\*/", "", (CSS / sheet).read_text("utf-8"), flags=re.DOTALL)
    used = set(re.findall(r"var\((--[\w-]+)", text))
    declared = set(re.findall(r"(--[\w-]+):", text + (CSS / "epay.css").read_text("utf-8")))

    assert used <= declared
    if sheet not in ("epay.css", "print.css"):
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", text)
