"""Voucher files by hand: uploaded, judged voucher by voucher, then taken in; the list of findings to take away."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies.pages.access import actor_in, needs, require_sees
from treasury.core import clock
from treasury.core.errors import Problem
from treasury.core.pages.exports import exported
from treasury.core.pages.listing import Filter, Listing
from treasury.core.pages.submissions import submit_once
from treasury.core.texts import either
from vouchers import draft_selectors, selectors
from vouchers.drafts import UploadedFile
from vouchers.files import VoucherFile, read_voucher_file
from vouchers.pages.form import RIGHT
from vouchers.pages.form_findings import field_title
from vouchers.rules import Finding
from vouchers.services.drafting import file_keep
from vouchers.services.intake import uploaded_file_import, voucher_file_judge

FILE_MAX_BYTES: Final = 64 * 1024 * 1024
_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class JudgedVoucher:
    """A voucher of a file with what was found."""

    index: int
    number: str
    purpose: str
    total_twd: int
    payee_count: int
    findings: tuple[Finding, ...]

    @property
    def lines(self) -> list[tuple[str, str, str, str]]:
        """(field, message, remedy, law) of each finding."""
        return [
            (
                field_title(".".join(one.path.split("/")[3:])),
                either(one.message_zh, one.message_en),
                either(one.remedy_zh, one.remedy_en),
                one.rule,
            )
            for one in self.findings
        ]


@needs(RIGHT)
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a voucher file; it is read at once, and kept for the dry run."""
    if request.method != "POST":
        return render(request, "vouchers/import.html", {"errors": []})
    file = request.FILES.get("file")
    try:
        if file is None:
            raise Problem("no_file", _("請選擇憑單檔"))
        if file.size is None or file.size > FILE_MAX_BYTES:
            raise Problem("file_too_large", _("檔案超過 64 MB"))
        data = file.read()
        read = read_voucher_file(data, file.name or "")
        _require_own(request, read)
    except Problem as problem:
        place = f"（{problem.path}）" if problem.path else ""
        errors = [(f"{problem.detail}{place}", "#f-file")]
        return render(request, "vouchers/import.html", {"errors": errors}, status=422)
    kept = file_keep(name=file.name or "vouchers.json", data=data, actor=actor_in(request))
    return HttpResponseRedirect(reverse("vouchers:import_look", args=[kept.key]))


@needs(RIGHT)
def look(request: HttpRequest, key: UUID) -> HttpResponse:
    """The dry run: what would be taken in, what refused and why; `?format=` gives the list as a file."""
    kept = _kept(request, key)
    file = read_voucher_file(bytes(kept.content), kept.name)
    judged = _judged(file)
    if kind := request.GET.get("format", ""):
        return exported(
            kind=kind, name=f"findings-{kept.name.rpartition('.')[0]}", titles=_titles(), rows=_rows(judged)
        )
    refused = [one for one in judged if one.findings]
    context = {
        "kept": kept,
        "file": file,
        "judged": judged,
        "refused": refused[:_SHOWN],
        "refused_count": len(refused),
        "unshown_count": max(0, len(refused) - _SHOWN),
        "taken_count": len(judged) - len(refused),
        "taken_twd": sum(one.total_twd for one in judged if not one.findings),
        "refused_twd": sum(one.total_twd for one in refused),
        "total_twd": sum(one.total_twd for one in judged),
    }
    return render(request, "vouchers/import_look.html", context)


@require_POST
@needs(RIGHT)
def take_in(request: HttpRequest, key: UUID) -> HttpResponse:
    """Takes the file in, once: clean vouchers become drafts, the others are noted as refused."""
    actor = actor_in(request)

    def effect() -> str:
        taken = uploaded_file_import(file=_kept(request, key), on=clock.today(), clerk=actor)
        return reverse("vouchers:import_done", args=[taken.pk])

    return submit_once(request, effect)


@needs(RIGHT)
def taken(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of a file that was taken in; this page stays."""
    intake = draft_selectors.intake_file(pk)
    require_sees(actor_in(request), intake.agency_code, f"file {pk}")
    items = intake.items.select_related("voucher").defer("voucher__content").order_by("index")
    listing = Listing(
        request,
        items,
        name="file",
        filters=[
            Filter(
                "what",
                "結果",
                "Result",
                lambda rows, value: rows.filter(voucher__isnull=value == "refused"),
                choices=[("taken", "已收入", "Taken in"), ("refused", "退回", "Refused")],
            )
        ],
    )
    return render(request, "vouchers/import_done.html", {"intake": intake, "listing": listing})


def _require_own(request: HttpRequest, file: VoucherFile) -> None:
    if file.agency_code != actor_in(request).agency_code:
        raise Problem(
            "other_agency",
            _("檔案屬機關 %(code)s，只能匯入本機關的憑單檔") % {"code": file.agency_code},
            path="/agency_code",
        )


def _kept(request: HttpRequest, key: UUID) -> UploadedFile:
    kept = draft_selectors.uploaded_file(key, actor_in(request).user_id)
    if kept is None:
        raise Problem("seen_is_stale", _("這個檔案已匯入，或已換成另一個檔案；請重新上傳"), status=409)
    require_sees(actor_in(request), kept.agency_code, f"file {key}")
    return kept


def _judged(file: VoucherFile) -> list[JudgedVoucher]:
    tables = selectors.EntryTables(clock.today())
    taken = selectors.numbers_taken(
        agency_code=file.agency_code, fiscal_year=file.fiscal_year, besides_sha256=file.sha256
    )
    return [
        JudgedVoucher(
            index=one.index + 1,
            number=one.content["number"],
            purpose=one.content["purpose"],
            total_twd=one.content["total_twd"],
            payee_count=len(one.content.get("payee_lines", [])),
            findings=one.findings,
        )
        for one in voucher_file_judge(file=file, tables=tables, taken=taken)
    ]


def _titles() -> list[str]:
    return [
        either(zh, en)
        for zh, en in (
            ("序號", "No."),
            ("憑單編號", "Number"),
            ("憑單金額", "Amount"),
            ("結果", "Result"),
            ("欄位", "Field"),
            ("位置", "Pointer"),
            ("說明", "Finding"),
            ("處理方式", "Remedy"),
            ("依據", "Rule"),
            ("退件原因", "Return reason"),
        )
    ]


def _rows(judged: list[JudgedVoucher]) -> Iterator[list[Any]]:
    for one in judged:
        head = [one.index, one.number, one.total_twd]
        if not one.findings:
            yield [*head, _("可收入"), "", "", "", "", "", ""]
        for finding, (title, message, remedy, law) in zip(one.findings, one.lines, strict=True):
            yield [*head, _("退回"), title, finding.path, message, remedy, law, finding.reason.value]
