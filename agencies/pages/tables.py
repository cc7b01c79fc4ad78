"""Taking in a code table: the file is tried first, its changes are shown, then it is taken in or not."""

import base64
import binascii
import gzip
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.pages.access import actor_in, needs
from agencies.pages.forms import PageForm, sent, shown
from agencies.services import agencies as agency_tables
from agencies.services import banks as bank_tables
from agencies.services.tables import table_import, table_rehearse
from treasury.core import clock, roc
from treasury.core.errors import Problem
from treasury.core.rehearsal import Rehearsal
from treasury.core.texts import either
from treasury.ledger.services import budget as budget_tables

FILE_BYTES_MAX: Final = 5 * 1024 * 1024
DIFFERENCES_SHOWN: Final = 200
_NAME_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Upload:
    """What the page of one table says, and where to go on."""

    title_zh: str
    title_en: str
    columns: tuple[str, ...]
    goes_to: str
    has_year: bool = False

    @property
    def title(self) -> str:
        """Its name in the reader's language."""
        return either(self.title_zh, self.title_en)


UPLOADS: Final = {
    "agencies": Upload("機關代碼表", "Table of agencies", agency_tables.COLUMNS, "agencies:agencies"),
    "banks": Upload("金融機構代碼表", "Bank directory", bank_tables.COLUMNS, "agencies:banks"),
    "budget": Upload("歲出預算科目表", "Budget", budget_tables.COLUMNS, "agencies:budget", has_year=True),
}


class TryForm(PageForm):
    """The file, and the fiscal year of a budget."""

    file = forms.FileField(label=_("檔案"), help_text=_("UTF-8 編碼的 CSV 檔，5 MB 以內。"))
    fiscal_year = forms.IntegerField(label=_("會計年度"), min_value=90, max_value=200)

    def __init__(self, *args: Any, has_year: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".csv,text/csv"
        if not has_year:
            del self.fields["fiscal_year"]

    def clean_file(self) -> Any:
        """No more than FILE_BYTES_MAX."""
        file = self.cleaned_data["file"]
        if file.size > FILE_BYTES_MAX:
            raise ValidationError(_("檔案超過 5 MB，請確認是否選對檔案。"))
        return file


class TakeForm(PageForm):
    """The file as it was tried, with the fingerprint of what it changes."""

    name = forms.CharField(max_length=_NAME_LENGTH, widget=forms.HiddenInput)
    zipped = forms.CharField(widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    fiscal_year = forms.IntegerField(required=False, widget=forms.HiddenInput)


@needs("agencies.import_agencies", "agencies.import_banks", "ledger.import_budget")
def upload(request: HttpRequest, table: str) -> HttpResponse:
    """The form of a table; after a try what the file would change, with the button that takes it in."""
    about = UPLOADS[table]
    if request.method == "POST" and "zipped" in request.POST:
        return _take(request, table, about)
    form = TryForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        has_year=about.has_year,
        initial={"fiscal_year": roc.fiscal_year(clock.today())},
    )
    tried = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            year = form.cleaned_data.get("fiscal_year") or 0
            tried = _tried(request, table, file.name[-_NAME_LENGTH:], file.read(), year)
        except Problem as problem:
            if problem.status in (403, 404):
                raise
            form.take(_at_file(problem))
    return shown(request, "agencies/upload.html", _context(table, about, form) | (tried or {}), form)


def _take(request: HttpRequest, table: str, about: Upload) -> HttpResponse:
    """Takes in what was tried."""
    form = TakeForm(request.POST)

    def effect(given: dict[str, Any]) -> str:
        with _file(given["name"], _unzipped(given["zipped"])) as path:
            table_import(
                table=table,
                path=path,
                actor=actor_in(request),
                seen=given["seen"],
                fiscal_year=given["fiscal_year"] or 0,
            )
        return reverse(about.goes_to)

    answer = sent(request, form, effect)
    return answer or shown(
        request,
        "agencies/upload.html",
        _context(table, about, TryForm(has_year=about.has_year)) | {"refused": form.error_list},
        status=422,
    )


def _tried(request: HttpRequest, table: str, name: str, data: bytes, fiscal_year: int) -> dict[str, Any]:
    with _file(name, data) as path:
        found = table_rehearse(table=table, path=path, actor=actor_in(request), fiscal_year=fiscal_year)
    take = TakeForm(
        initial={
            "name": name,
            "zipped": base64.b64encode(gzip.compress(data, mtime=0)).decode(),
            "seen": found.digest,
            "fiscal_year": fiscal_year or None,
        },
        auto_id=False,
    )
    return {"tried": found, "take": take, "differences": _shown(found), "name": name, "fiscal_year": fiscal_year}


def _shown(found: Rehearsal) -> list[dict[str, Any]]:
    words = {
        "created": ("good", either("新增", "new")),
        "changed": ("note", either("變更", "changed")),
        "closed": ("stop", either("停用", "closed")),
    }
    return [
        {"key": one.key, "shape": words[one.kind][0], "word": words[one.kind][1], "columns": one.columns}
        for one in found.differences[:DIFFERENCES_SHOWN]
    ]


def _context(table: str, about: Upload, form: TryForm) -> dict[str, Any]:
    return {"table": table, "about": about, "form": form, "shown_max": DIFFERENCES_SHOWN}


def _at_file(problem: Problem) -> Problem:
    """Lines and columns of the file stand in the sentence; the field is the file."""
    return Problem(problem.code, problem.detail, path="/file", status=problem.status)


def _unzipped(text: str) -> bytes:
    """The bytes of a file that the form carries; Problem `file_unreadable`, `file_too_large`."""
    try:
        with gzip.open(io.BytesIO(base64.b64decode(text, validate=True))) as packed:
            data = packed.read(FILE_BYTES_MAX + 1)
    except (OSError, EOFError, binascii.Error, ValueError) as error:
        raise Problem("file_unreadable", "the form came back changed", path="/zipped") from error
    if len(data) > FILE_BYTES_MAX:
        raise Problem("file_too_large", f"more than {FILE_BYTES_MAX} bytes", path="/zipped")
    return data


@contextmanager
def _file(name: str, data: bytes) -> Iterator[Path]:
    """The bytes as a file of this name, for as long as the block lasts."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name.replace("\x00", "")).name or "file.csv")
        path.write_bytes(data)
        yield path
