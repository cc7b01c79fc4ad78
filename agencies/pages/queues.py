"""What administrators, auditors and supervisors find in their rail."""

from django.urls import reverse_lazy

from agencies.duty import ROLE_PERMISSIONS
from agencies.pages.requests import waiting_count
from agencies.roles import AGENCY_ROLES, TREASURY_ROLES, Role
from treasury.core.actors import Actor
from treasury.core.pages.queues import Queue, register

_ADMINS = frozenset({Role.ADMIN, Role.TREASURY_ADMIN})
_DELEGATING = ROLE_PERMISSIONS["agencies.view_delegation"]
_READERS = frozenset({Role.AUDITOR, Role.SUPERVISOR, Role.TREASURY_ADMIN})
_ALL: frozenset[str] = frozenset((*AGENCY_ROLES, *TREASURY_ROLES))
_ASKING = _ALL - {Role.AUDITOR}


def _at(name: str) -> "_Address":
    return _Address(name)


class _Address:
    """The address of a page, the same for everybody who sees it."""

    def __init__(self, name: str) -> None:
        self.url = reverse_lazy(f"agencies:{name}")

    def __call__(self, actor: Actor) -> str:
        return str(self.url)


def register_queues() -> None:
    """Tells the rail; called once, when the app is ready."""
    register(
        Queue("access_requests", "權限申請", "Access requests", _ADMINS, _at("requests"), waiting_count),
        Queue("people", "人員與權限", "People and roles", _ADMINS, _at("people"), is_work=False),
        Queue(
            "delegations",
            "授權代簽",
            "Delegated signers",
            _DELEGATING,
            _at("delegations"),
            is_work=False,
            group_zh="憑證卡",
            group_en="Cards",
            place=9,
        ),
        Queue("api_clients", "介接系統", "Accounting systems", _ADMINS, _at("clients"), is_work=False),
        _table("agencies", "支用機關", "Agencies", frozenset(TREASURY_ROLES)),
        _table("addresses", "公眾位址", "Public addresses", _READERS),
        _table("budget", "預算科目", "Budget", _ALL),
        _table("banks", "金融機構", "Banks", _ALL),
        _table("calendar", "行事曆", "Calendar", _ALL),
        _table("parameters", "業務參數", "Parameters", frozenset(TREASURY_ROLES)),
        _table("request_new", "申請權限", "Ask for a role", _ASKING),
        _audit("books", "帳務", "Books", frozenset(TREASURY_ROLES)),
        _audit("history", "歷程紀錄", "History", _READERS),
    )


def _table(name: str, zh: str, en: str, roles: frozenset[str]) -> Queue:
    return Queue(name, zh, en, roles, _at(name), is_work=False, group_zh="代碼與設定", group_en="Tables and settings")


def _audit(name: str, zh: str, en: str, roles: frozenset[str]) -> Queue:
    return Queue(name, zh, en, roles, _at(name), is_work=False, group_zh="查核", group_en="Audit")
