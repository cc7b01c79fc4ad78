"""Lists for the forms: columns, rows of cells (each a list of lines), and what each row adds to the totals."""

from collections.abc import Iterable, Sequence
from typing import Any

from treasury.core.amounts import format_twd
from treasury.core.documents.shapes import AccountLine, Original, PayeeLine
from treasury.core.documents.wording import breakable, counted

Content = dict[str, Any]


def column(
    zh: str,
    en: str = "",
    *,
    width: int = 0,
    align: str = "left",
    figures: bool = False,
    one_line: bool = False,
    total: bool = False,
) -> Content:
    """A column: width in mm (0 = a share of the rest), left, right or center.

    `figures` for codes and numbers; `one_line` where every cell surely fits its width, which spares measuring it.
    """
    return {
        "zh": zh,
        "en": en,
        "width": width,
        "align": align,
        "figures": figures,
        "one_line": one_line,
        "total": total,
    }


def listing(title: str, title_en: str, columns: Sequence[Content], rows: list[Any], totals: list[list[int]]) -> Content:
    """A list as the form templates read it; totals[i] are the amounts row i adds to each totalled column."""
    return {
        "title": title,
        "title_en": title_en,
        "columns": list(columns),
        "rows": rows,
        "totals": totals,
        "count_words": counted(len(rows)),
    }


def account_list(lines: Sequence[AccountLine]) -> Content:
    """科目清單 of a payment voucher (B-9.10)."""
    rows = [
        [[str(seq)], [line.account_code], _lines(line.account_name, line.fund), [format_twd(line.amount_twd)]]
        for seq, line in enumerate(lines, 1)
    ]
    columns = (*_numbered(), column("科目名稱", "Account name"), _amount("金額", "Amount"))
    return listing("科目清單", "Account list", columns, rows, [[line.amount_twd] for line in lines])


def posting_list(lines: Sequence[AccountLine]) -> Content:
    """科目清單 of a transfer voucher: debit and credit amounts in columns of their own."""
    rows, totals = [], []
    for seq, line in enumerate(lines, 1):
        debit = line.amount_twd if line.side == "debit" else 0
        credit = line.amount_twd if line.side == "credit" else 0
        rows.append(
            [
                [str(seq)],
                [line.account_code],
                _lines(line.account_name, line.fund),
                [format_twd(debit) if debit else ""],
                [format_twd(credit) if credit else ""],
            ]
        )
        totals.append([debit, credit])
    columns = (
        *_numbered(),
        column("科目名稱", "Account name"),
        _amount("借方金額", "Debit"),
        _amount("貸方金額", "Credit"),
    )
    return listing("科目清單", "Account list", columns, rows, totals)


def payee_list(lines: Sequence[PayeeLine]) -> Content:
    """受款人清單 (B-9.10): each row holds all that the regulations name, the documents under the payee."""
    rows = [
        [
            [str(seq)],
            _lines(line.name, f"{line.identifier_kind} {line.identifier}".strip(), *line.remarks),
            _lines(line.bank_name, line.bank_code),
            _lines(line.account_no, line.account_name),
            [format_twd(line.amount_twd)],
        ]
        for seq, line in enumerate(lines, 1)
    ]
    columns = (
        column("序號", "No.", width=12, align="center", figures=True, one_line=True),
        column("受款人／識別號／憑證", "Payee, identifier, documents"),
        column("金融機構／代號", "Bank and code", width=36),
        column("帳號／戶名", "Account no. and name", width=40, figures=True),
        _amount("金額", "Amount"),
    )
    return listing("受款人清單", "Payee list", columns, rows, [[line.amount_twd] for line in lines])


def original_list(originals: Sequence[Original]) -> Content:
    """原憑單清單 of a transfer voucher (B-20): what is corrected."""
    rows = [
        [
            [str(seq)],
            [str(original.fiscal_year or "")],
            [original.number],
            [original.account_code],
            ["" if original.amount_twd is None else format_twd(original.amount_twd)],
        ]
        for seq, original in enumerate(originals, 1)
    ]
    columns = (
        column("序號", "No.", width=12, align="center", figures=True, one_line=True),
        column("會計年度", "Fiscal year", width=24, align="center", figures=True, one_line=True),
        column("原憑單編號", "Original voucher", figures=True),
        column("科目代號", "Account code", figures=True),
        _amount("金額", "Amount"),
    )
    return listing("原憑單清單", "Original vouchers", columns, rows, [[one.amount_twd or 0] for one in originals])


def _numbered() -> tuple[Content, Content]:
    return (
        column("序號", "No.", width=12, align="center", figures=True, one_line=True),
        column("科目代號", "Account code", width=30, figures=True),
    )


def _amount(zh: str, en: str) -> Content:
    return column(zh, en, width=32, align="right", figures=True, one_line=True, total=True)


def _lines(*texts: str) -> list[str]:
    """The lines of a cell: the first stands even when empty, empty ones below it do not."""
    first, *others = texts
    return [breakable(first), *map(breakable, _present(others))]


def _present(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if text]
