"""The life of a card's registration (A-2.4, B-12.1): who may take which step, and what ends it for good.

That a card expires is no step: the certificate says when, and every signature is held against it.
"""

from typing import Final

from django.db import models

from treasury.core.steps import Machine, Step


class CardState(models.TextChoices):
    """A card's registration; a card is used when active only."""

    REGISTERED = "registered", "已註冊"
    FILE_SENT = "file_sent", "憑證檔已送"
    PAPER_RECEIVED = "paper_received", "註冊單已收"
    ACTIVE = "active", "啟用"
    ON_HOLD = "on_hold", "暫停使用"
    LOST = "lost", "遺失"
    REPLACED = "replaced", "已換卡"
    REVOKED = "revoked", "終止"


_ENGLISH: Final = {
    CardState.REGISTERED: "Registered",
    CardState.FILE_SENT: "Certificate file sent",
    CardState.PAPER_RECEIVED: "Registration form received",
    CardState.ACTIVE: "In force",
    CardState.ON_HOLD: "On hold",
    CardState.LOST: "Lost",
    CardState.REPLACED: "Replaced",
    CardState.REVOKED: "Ended",
}
STATES: Final = {str(state.value): (str(state.label), _ENGLISH[state]) for state in CardState}
OPEN: Final = ("registered", "file_sent", "paper_received", "active", "on_hold")
IN_USE: Final = ("active", "on_hold")
OVER: Final = ("lost", "replaced", "revoked")

CARD: Final = Machine(
    name="card",
    title_zh="憑證卡註冊",
    initial=("registered",),
    states=STATES,
    steps=(
        Step(
            "send_file",
            ("registered",),
            "file_sent",
            "signing.send_card_file",
            "傳送憑證檔",
            "Send the certificate file",
            requirement="A-2.4",
        ),
        Step(
            "receive_paper",
            ("file_sent",),
            "paper_received",
            "signing.receive_card_paper",
            "收註冊單",
            "Receive the registration form",
            requirement="A-2.4",
        ),
        Step(
            "activate",
            ("paper_received",),
            "active",
            "signing.activate_card",
            "啟用",
            "Put into force",
            requirement="A-2.4",
        ),
        Step(
            "hold",
            ("active",),
            "on_hold",
            "signing.hold_card",
            "暫停使用",
            "Put on hold",
            requirement="B-12.1",
        ),
        Step(
            "lift_hold",
            ("on_hold",),
            "active",
            "signing.lift_card_hold",
            "恢復使用",
            "Lift the hold",
            requirement="B-12.1",
        ),
        Step(
            "report_loss", OPEN, "lost", "signing.report_card_loss", "報遺失", "Report the loss", requirement="B-12.1"
        ),
        Step(
            "replace",
            ("active", "on_hold"),
            "replaced",
            "signing.activate_card",
            "換卡",
            "Replace",
            requirement="A-3.1",
        ),
        Step("end", OPEN, "revoked", "signing.end_card", "終止註冊", "End the registration", requirement="B-12.1"),
    ),
)
