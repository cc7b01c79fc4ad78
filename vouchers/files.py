"""Voucher files as agencies hand them over (A-5.1): bytes in, objects that are whole and readable out."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from treasury.core.errors import Problem
from treasury.core.schemas import Check
from treasury.core.strict_json import SIZE_MAX_BYTES, read_strict_json, refuse_unstorable_text
from vouchers.schema import Mismatch, check_voucher, check_voucher_file


@dataclass(frozen=True, slots=True)
class VoucherFile:
    """A voucher file that could be read: its vouchers as written, and the SHA-256 (hex) of its bytes."""

    name: str
    agency_code: str
    fiscal_year: int
    vouchers: tuple[dict[str, Any], ...]
    sha256: str


def read_voucher_file(data: bytes, name: str) -> VoucherFile:
    """The vouchers of a file (format `epay-vouchers/1`).

    Problem naming the file and the JSON Pointer of the first fault when it cannot be read: the codes of
    `read_strict_json`, then those of the schema, `unknown_key`, `missing_key`, `wrong_type`,
    `value_not_allowed`, `text_not_in_form`, `no_such_date`, `too_many_items` and the like. What a readable
    voucher lacks is no problem here but a finding of the rules.
    """
    try:
        document = read_strict_json(data)
        _refuse_mismatch(document, check_voucher_file)
    except Problem as problem:
        raise problem.in_file(name) from None
    return VoucherFile(
        name=name,
        agency_code=document["agency_code"],
        fiscal_year=document["fiscal_year"],
        vouchers=tuple(document["vouchers"]),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def read_voucher(content: object) -> dict[str, Any]:
    """One voucher object that is already parsed; Problem as for a file, the path starting at the voucher."""
    refuse_unstorable_text(content)
    _refuse_mismatch(content, check_voucher)
    assert isinstance(content, dict)
    return content


def _refuse_mismatch(document: object, check: Check) -> None:
    try:
        check(document)
    except Mismatch as mismatch:
        raise Problem(mismatch.code, mismatch.detail, path=mismatch.path) from None


def file_name(path: Path | str) -> str:
    """A file's name as it can be stored and told: bytes of it that are no UTF-8 become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


def read_bytes(path: Path) -> bytes:
    """The bytes of a file, never more than one above the limit.

    Problem `file_unreadable`, in which the caller names the file (`in_file`), when it cannot be opened, or is none:
    a pipe would keep the others waiting for ever.
    """
    if path.exists() and not path.is_file():
        raise Problem("file_unreadable", "is no regular file")
    try:
        with path.open("rb") as file:
            return file.read(SIZE_MAX_BYTES + 1)
    except OSError as error:
        raise Problem("file_unreadable", error.strerror or str(error)) from None
