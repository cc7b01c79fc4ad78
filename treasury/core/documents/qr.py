"""QR codes as one vector path."""

from functools import lru_cache

import segno


@lru_cache(maxsize=64)
def qr_code(text: str) -> dict[str, object]:
    """A QR code (ISO/IEC 18004, level M) of a text: {"text", "size" in modules with the quiet zone, "path" (SVG)}.

    The mask is fixed: searching the best of eight takes four times as long, and every reader takes any of them.
    """
    code = segno.make(text, error="m", micro=False, boost_error=False, mask=0)
    border = 2
    runs = []
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            width = _run(row, x)
            if row[x]:
                runs.append(f"M{x + border} {y + border}h{width}v1h-{width}z")
            x += width
    return {"text": text, "size": len(code.matrix) + 2 * border, "path": "".join(runs)}


def _run(row: bytearray, start: int) -> int:
    """How many modules from `start` on have the same colour."""
    end = start
    while end < len(row) and bool(row[end]) == bool(row[start]):
        end += 1
    return end - start
