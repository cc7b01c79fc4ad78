"""Cheques as the template reads them, and where things stand on them."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from treasury.core.amounts import format_twd, to_chinese_amount
from treasury.core.documents.press import TEMPLATES
from treasury.core.documents.shapes import Cheque
from treasury.core.documents.wording import breakable, long_date
from treasury.core.errors import Problem

Content = dict[str, Any]


def cheque_content(cheque: Cheque) -> Content:
    """The face of a cheque; amounts in the cheque's mode of capitals. Problem `amount_out_of_range` from 10^12 on."""
    return {
        "title": cheque.title,
        "number": f"{cheque.series} {cheque.serial}".strip(),
        "issued_on": long_date(cheque.issued_on),
        "payee": breakable(cheque.payee_name),
        "capitals": to_chinese_amount(cheque.amount_twd, mode="cheque"),
        "figures": format_twd(cheque.amount_twd),
        "paying_institution": breakable(cheque.paying_institution),
        "drawer": breakable(cheque.drawer),
        "drawer_account_no": cheque.drawer_account_no,
        "voucher": cheque.voucher,
        "is_crossed": cheque.is_crossed,
        "is_non_endorsable": cheque.is_non_endorsable,
    }


def cheque_extra() -> Content:
    """The layout in force: the treasury's own table (setting CHEQUE_LAYOUT, a TOML file) or the shipped one."""
    return {"layout": layout(Path(getattr(settings, "CHEQUE_LAYOUT", "") or TEMPLATES / "cheque.toml"))}


@lru_cache(maxsize=8)
def layout(path: Path) -> Content:
    """A layout table: `paper`, `fields`, `labels`, `rules`, in tenths of a millimetre (see `cheque.toml`).

    Problem `bad_cheque_layout` when the file cannot be read or a table is missing.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Problem("bad_cheque_layout", str(error), file=path.name) from error
    for name in ("paper", "fields", "labels", "rules"):
        if name not in table:
            raise Problem("bad_cheque_layout", f"table {name!r} is missing", path=f"/{name}", file=path.name)
    return table
