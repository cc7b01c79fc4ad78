"""What is done to subjects without a table of steps (people, agencies, parameters, days): remembered all the same."""

from typing import Any

from treasury.core import clock
from treasury.core.actors import Actor
from treasury.core.models import History

# What the history calls each kind of subject: (Chinese, English).
KINDS = {
    "person": ("人員", "Person"),
    "agency": ("機關", "Agency"),
    "agency_address": ("公眾位址", "Public address"),
    "delegation": ("授權代簽", "Delegation"),
    "api_client": ("會計系統用戶端", "API client"),
    "bank_directory": ("金融機構代碼表", "Bank directory"),
    "agency_table": ("機關代碼表", "Table of agencies"),
    "budget": ("預算科目表", "Budget"),
    "parameter": ("業務參數", "Parameter"),
    "calendar_day": ("行事曆", "Calendar"),
    "day": ("公庫作業日", "Day of the treasury"),
}

# What was done: (Chinese, English).
VERBS = {
    "create": ("建立", "Created"),
    "change": ("修改", "Changed"),
    "import": ("匯入", "Taken in"),
    "grant_role": ("授予角色", "Role granted"),
    "revoke_role": ("終止角色", "Role ended"),
    "switch_off": ("停用帳號", "Account switched off"),
    "switch_on": ("啟用帳號", "Account switched on"),
    "reset_password": ("重設密碼", "Password reset"),
    "change_password": ("變更密碼", "Password changed"),
    "register": ("登記", "Registered"),
    "end": ("終止", "Ended"),
    "appoint": ("授權", "Appointed"),
    "open_tables": ("開放查閱資料表", "Reading of tables opened"),
    "close_tables": ("停止查閱資料表", "Reading of tables closed"),
    "renew_secret": ("換發密鑰", "Secret renewed"),
    "set": ("設定", "Set"),
    "correct": ("更正", "Corrected"),
    "withdraw": ("撤回更正", "Correction withdrawn"),
    "open": ("開日", "Opened"),
    "reconcile": ("辦理日結核對", "Reconciled"),
    "close": ("日結", "Closed"),
}


def act_remember(
    kind: str,
    subject_id: int,
    verb: str,
    *,
    actor: Actor,
    because: str = "",
    source: str = "",
    target: str = "",
    details: dict[str, Any] | None = None,
) -> History:
    """Writes an act into the append-only history, in the caller's transaction (B-8); KeyError for an unknown name.

    `details` is JSON: what was given, and what stood there before.
    """
    if kind not in KINDS or verb not in VERBS:
        raise KeyError(f"{kind} {verb}")
    return History.objects.create(
        at=clock.now(),
        machine=kind,
        subject_id=subject_id,
        verb=verb,
        source=source,
        target=target,
        because=because,
        details=details or {},
        **actor.remembered,
    )
