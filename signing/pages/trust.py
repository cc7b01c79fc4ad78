"""The page of trust material: authorities, the revocation lists in force, what is due, what was refused and why."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from agencies.pages.access import needs
from agencies.roles import Role
from signing.models import Authority
from signing.trust_selectors import (
    TrustWarning,
    authorities_shown,
    generations_of,
    reading_last,
    refusals_shown,
    trust_warnings,
)
from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.errors import Problem
from treasury.core.pages.listing import ListColumn, Listing
from treasury.core.pages.panels import Panel, register


@needs("signing.view_trust")
def trust(request: HttpRequest) -> HttpResponse:
    """Every authority with its list in force, and what is to be done."""
    at = clock.now()
    context = {
        "authorities": authorities_shown(at=at),
        "warnings": _shown(trust_warnings(at=at)),
        "refusals": [(row, Problem(row.code, row.detail)) for row in refusals_shown()],
        "folder": settings.TRUST_FOLDER,
        "reading": reading_last() if settings.TRUST_FOLDER else None,
        "warning_hours": settings.TRUST_WARNING_HOURS,
        "now": at,
    }
    return render(request, "signing/trust.html", context)


@needs("signing.view_trust")
def generations(request: HttpRequest, authority_id: int) -> HttpResponse:
    """Every revocation list of one authority that was ever taken in."""
    authority = Authority.objects.filter(pk=authority_id).first()
    if authority is None:
        raise Problem("not_found", f"there is no authority {authority_id}", status=404)
    listing = Listing(request, generations_of(authority_id), name="revocation-lists", columns=_COLUMNS)
    if file := listing.export():
        return file
    return render(request, "signing/generations.html", {"authority": authority, "listing": listing})


def panels_register() -> None:
    """Has the home page ask what is due; called by the app's `ready`."""
    register("home", due_panel)


def due_panel(subject: None, actor: Actor) -> Panel | None:
    """What the treasury's administrator has to do about trust material; nothing for others, or when nothing is due."""
    if actor.role != Role.TREASURY_ADMIN:
        return None
    warnings = trust_warnings(at=clock.now())
    return (
        Panel("trust", _("信任資料待處理"), "signing/trust_due.html", {"warnings": _shown(warnings)})
        if warnings
        else None
    )


def _shown(warnings: list[TrustWarning]) -> list[tuple[TrustWarning, str, str]]:
    return [(one, *_words(one)) for one in warnings]


def _words(one: TrustWarning) -> tuple[str, str]:
    """What is the matter, and what to do."""
    fetch = _("由憑證機構的公布網址下載最新清冊，放入清冊資料夾，或以 manage.py import_trust 取入。")
    said = {
        "list_missing": (_("沒有廢止清冊，此機構的卡片不能簽章"), fetch),
        "list_stale": (_("廢止清冊已逾期，此機構的卡片不能簽章"), fetch),
        "list_due": (_("廢止清冊即將逾期"), fetch),
        "authority_ends": (
            _("憑證機構的憑證即將到期"),
            _("向憑證機構取得新的憑證，核對指紋後以 manage.py import_trust 取入。"),
        ),
        "list_refused": (
            _("提供的清冊被拒絕，原有清冊仍有效"),
            _("原因見「被拒絕的清冊」；重新下載後再取入，仍被拒絕時向憑證機構查明。"),
        ),
        "folder_unread": (_("清冊資料夾逾一小時未讀取"), _("確認排程（celery beat）與背景工作程序執行中。")),
        "folder_broken": (
            _("清冊資料夾無法讀取"),
            _("確認 TRUST_FOLDER 底下的 crls 資料夾存在，且背景工作程序可以讀取。"),
        ),
    }
    return said[one.code]


_COLUMNS: Final = (
    ListColumn("清冊號碼", "Number", lambda row: int(row.number)),
    ListColumn("簽發時間", "Issued", lambda row: row.this_update),
    ListColumn("下次更新", "Next update", lambda row: row.next_update),
    ListColumn("位元組", "Bytes", lambda row: row.size_bytes),
    ListColumn("SHA-256", "SHA-256", lambda row: bytes(row.sha256).hex()),
    ListColumn("取入時間", "Taken in", lambda row: row.imported_at),
)
