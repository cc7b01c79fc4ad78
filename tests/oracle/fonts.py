"""What the packaged font can print: a day for comparing has no other characters."""

from collections.abc import Iterable
from pathlib import Path

from fontTools.ttLib import TTFont
from pylopdf_fonts_zh_tw import __file__ as font_package

from .undecided import texts


def unprintable(contents: Iterable[object]) -> set[str]:
    """Return the characters of voucher files that the font lacks; the full-width blank needs no glyph."""
    font = TTFont(Path(font_package).parent / "NotoSansTC-Regular.otf", lazy=True)
    glyphs = font.getBestCmap()
    used = {character for content in contents for text in texts(content) for character in text}
    return {character for character in used if ord(character) not in glyphs} - {"\u3000"}
