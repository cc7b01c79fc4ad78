"""The history of one subject, as the timeline of its page shows it."""

from datetime import date
from typing import Any

from agencies.roles import role_title
from treasury.core import roc
from treasury.core.acts import KINDS, VERBS
from treasury.core.models import History
from treasury.core.pages.timeline import Entry
from treasury.core.steps import machines
from treasury.core.texts import either

ENTRIES_MAX = 100


def memory_of(kind: str, subject_id: int) -> list[Entry]:
    """The newest acts on a subject, newest first, at most ENTRIES_MAX."""
    rows = History.objects.filter(machine=kind, subject_id=subject_id).order_by("-id")
    return [entry_of(row) for row in rows[:ENTRIES_MAX]]


def entry_of(row: History) -> Entry:
    """A row of the history in the reader's language."""
    return Entry(
        at=row.at,
        title=verb_title(row.machine, row.verb),
        actor_name=row.actor_name,
        actor_role_title=role_title(row.actor_role),
        address=row.address,
        because=row.because,
        details=details_said(row.details),
    )


def kind_title(kind: str) -> str:
    """What the history calls a kind of subject."""
    if kind in KINDS:
        return either(*KINDS[kind])
    found = next((machine for machine in machines().values() if machine.name == kind), None)
    return either(found.title_zh, kind.replace("_", " ")) if found else kind


def verb_title(kind: str, verb: str) -> str:
    """What was done, in words."""
    if kind in KINDS and verb in VERBS:
        return either(*VERBS[verb])
    found = next((machine for machine in machines().values() if machine.name == kind), None)
    step = next((one for one in found.steps if one.verb == verb), None) if found else None
    return either(step.title_zh, step.title_en) if step else either(*VERBS.get(verb, (verb, verb)))


_NAMES = {
    "role": ("角色", "role"),
    "from_on": ("起日", "from"),
    "to_on": ("迄日", "to"),
    "username": ("帳號", "user name"),
    "name": ("名稱", "name"),
    "agency_code": ("機關代號", "agency"),
    "scopes": ("範圍", "scopes"),
    "network": ("網段", "network"),
    "code": ("代號", "code"),
    "kind": ("類別", "kind"),
    "mode": ("實施階段", "stage"),
    "before": ("原為", "before"),
    "after": ("改為", "after"),
    "value": ("值", "value"),
    "letter_no": ("文號", "letter"),
    "on": ("日期", "day"),
    "is_business_day": ("上班", "worked"),
    "file": ("檔案", "file"),
    "created": ("新增", "new"),
    "changed": ("變更", "changed"),
    "unchanged": ("不變", "unchanged"),
    "closed": ("停用", "closed"),
    "fiscal_year": ("會計年度", "fiscal year"),
    "revision": ("版次", "revision"),
    "reasons": ("原因", "reasons"),
    "note": ("說明", "note"),
    "sha256": ("SHA-256", "SHA-256"),
    "voucher": ("憑單", "voucher"),
    "batch": ("批次", "batch"),
    "lines": ("筆數", "lines"),
    "bank": ("銀行", "bank"),
    "bank_message": ("銀行訊息", "message of the bank"),
    "entry": ("對帳單編號", "booking"),
    "received_by": ("領取人", "collected by"),
    "is_back": ("已收回", "is back"),
    "series": ("冠字", "series"),
    "bank_code": ("銀行代號", "bank code"),
    "account_no": ("帳號", "account no."),
    "account_name": ("戶名", "account name"),
    "attempt": ("次數", "attempt"),
    "end_to_end_id": ("識別碼", "end-to-end id"),
}


def details_said(details: dict[str, Any]) -> str:
    """What an act was given, as one line: `角色 承辦人員；起日 2025-03-10`."""
    parts = [f"{either(*_NAMES.get(name, (name, name)))} {_value(name, value)}" for name, value in details.items()]
    return either("；", "; ").join(part for part in parts if not part.endswith(" "))


def _value(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return f"（{details_said(value)}）"
    if isinstance(value, list):
        return "、".join(_value(name, one) for one in value)
    if isinstance(value, bool):
        return either("是", "yes") if value else either("否", "no")
    if name == "role":
        return role_title(str(value))
    return _day_said(str(value)) if name == "on" or name.endswith("_on") else str(value)


def _day_said(text: str) -> str:
    """A day of the Gregorian calendar with its ROC year; other texts as they are."""
    try:
        return roc.format_date(date.fromisoformat(text))
    except ValueError:
        return text
