"""Which characters the packaged Noto TC fonts can print.

Judged by these fonts alone, so that no outcome depends on the fonts a machine happens to have; a character
must be in both of them (documents use either). Asked when a text is entered, not when it is printed (B-9.9).
"""

from functools import cache
from typing import Final

import pylopdf_fonts_zh_tw
from fontTools.ttLib import TTFont

# Line breaks and tabs lay text out and need no glyph.
_LAYOUT: Final = frozenset("\t\n\r")


def missing_glyphs(text: str) -> tuple[str, ...]:
    """The characters of a text that cannot be printed, each once, in the order of their first appearance."""
    missing = set(text) - printable_characters()
    if not missing:
        return ()
    return tuple(character for character in dict.fromkeys(text) if character in missing)


@cache
def printable_characters() -> frozenset[str]:
    """Every character that can be printed; read from the fonts once in a process (a quarter of a second)."""
    covers = [
        TTFont(path, lazy=True).getBestCmap()
        for path in (pylopdf_fonts_zh_tw.sans_path(), pylopdf_fonts_zh_tw.serif_path())
    ]
    return frozenset(map(chr, set(covers[0]).intersection(*covers[1:]))) | _LAYOUT
