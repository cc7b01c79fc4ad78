import re

import segno

from treasury.core.documents.qr import qr_code


def test_the_path_draws_exactly_the_dark_modules() -> None:
    text = "EPAY1:0003010000/114/P0310-001/R1"
    code = qr_code(text)
    expected = segno.make(text, error="m", micro=False, boost_error=False, mask=0)

    dark = {
        (int(x) + step, int(y))
        for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", str(code["path"]))
        for step in range(int(width))
    }

    assert dark == {(x + 2, y + 2) for y, row in enumerate(expected.matrix) for x, module in enumerate(row) if module}
    assert code["size"] == len(expected.matrix) + 4
    assert code["text"] == text
