"""The append-only history, as an auditor reads it: by kind, person, agency, day (B-8)."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from agencies.models import User
from agencies.pages.access import needs
from agencies.pages.forms import shown
from agencies.pages.memory import details_said, kind_title, verb_title
from agencies.roles import role_title
from treasury.core.acts import KINDS
from treasury.core.models import History
from treasury.core.pages.days import by_day
from treasury.core.pages.listing import Filter, ListColumn, Listing
from treasury.core.steps import machines
from treasury.core.whole import whole_of

# Where the page of a subject is; apps above name theirs as this.
_PAGES = {"voucher": "vouchers:voucher", "person": "agencies:person", "access_request": "agencies:request"}


@needs("core.view_history")
def history(request: HttpRequest) -> HttpResponse:
    """Every act, newest first."""
    listing = Listing(request, History.objects.order_by("-id"), name="history", filters=_filters(), columns=_COLUMNS)
    if file := listing.export():
        return file
    lines = [
        {
            "row": row,
            "kind": kind_title(row.machine),
            "verb": verb_title(row.machine, row.verb),
            "role": role_title(row.actor_role),
            "subject": _subject(row),
            "url": _url(row),
            "details": details_said(row.details)[:300],
        }
        for row in listing.shown
    ]
    return shown(request, "agencies/history.html", {"listing": listing, "lines": lines})


def _subject(row: History) -> str:
    if row.subject_id is not None:
        return str(row.subject_id)
    return f"{len(row.subject_ids or ())} ×"


def _url(row: History) -> str:
    """The page of a single subject, empty where there is none."""
    name = _PAGES.get(row.machine)
    if name is None or row.subject_id is None:
        return ""
    try:
        return reverse(name, args=[row.subject_id])
    except NoReverseMatch:
        return ""


def _by_person(rows: QuerySet[History], value: str) -> QuerySet[History]:
    """By user name, exactly; `system` is nobody's."""
    if value == "system":
        return rows.filter(actor_id=None)
    return rows.filter(actor_id__in=list(User.objects.filter(username=value).values_list("pk", flat=True)))


def _by_subject(rows: QuerySet[History], value: str) -> QuerySet[History]:
    return rows.filter(subject_id=whole_of(value, digits=18))


def _filters() -> list[Filter]:
    named = {machine.name: (machine.title_zh, machine.name.replace("_", " ")) for machine in machines().values()}
    kinds = [(name, zh, en) for name, (zh, en) in (named | KINDS).items()]
    return [
        Filter("kind", "種類", "Kind", lambda rows, value: rows.filter(machine=value), kinds),
        Filter("subject", "內部編號", "Subject", _by_subject),
        Filter("person", "帳號", "User name", _by_person),
        Filter("agency", "機關代號", "Agency", lambda rows, value: rows.filter(actor_agency_code=value)),
        Filter("on", "日期", "Day", by_day("at"), kind="date"),
    ]


_COLUMNS = [
    ListColumn("編號", "No.", lambda row: row.pk),
    ListColumn("時間", "At", lambda row: row.at),
    ListColumn("種類", "Kind", lambda row: row.machine),
    ListColumn("內部編號", "Subject", _subject),
    ListColumn("步驟", "Step", lambda row: row.verb),
    ListColumn("原狀態", "From", lambda row: row.source),
    ListColumn("新狀態", "To", lambda row: row.target),
    ListColumn("人員", "Person", lambda row: row.actor_name),
    ListColumn("角色", "Role", lambda row: row.actor_role),
    ListColumn("機關代號", "Agency", lambda row: row.actor_agency_code),
    ListColumn("來源位址", "Address", lambda row: row.address),
    ListColumn("理由", "Because", lambda row: row.because),
    ListColumn("內容", "Details", lambda row: details_said(row.details)),
]
