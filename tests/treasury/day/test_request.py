"""Which files of a directory make a day, and in which order."""

import os
from datetime import date
from pathlib import Path

from treasury.day.request import DayRequest


def test_files_come_in_the_order_of_the_bytes_of_their_names(tmp_path: Path) -> None:
    names = [b"B.json", b"a.json", "\u6191.json".encode(), "憑".encode("big5") + b".json"]
    for name in [*reversed(names), b"a.txt", b"a.json.part"]:
        (tmp_path / os.fsdecode(name)).write_bytes(b"{}")

    found = DayRequest(on=date(2025, 3, 7), vouchers=tmp_path, out=tmp_path).voucher_files()

    assert [os.fsencode(path.name) for path in found] == sorted(names)
