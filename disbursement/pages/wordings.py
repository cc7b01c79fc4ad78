"""The desk's own problems in words: what happened, and what to do now."""

from typing import Final

from treasury.core.pages.wording import Wording, register

_WORDINGS: Final = {
    "findings_open": Wording(
        "規則檢核仍有不符事項，不得通過",
        "The rules still find something; it may not pass",
        "請依下列不符事項退件；如有疑義，可要求機關補送紙本。",
        "Return the voucher for what was found; where in doubt, ask the agency for paper.",
    ),
    "check_missing": Wording(
        "通過前請逐項勾選審核事項",
        "Tick what you have examined before accepting",
        "規則看不到的事項由審核人員確認，勾選後再按「審核通過」。",
        "What no rule can see is for the examiner to confirm: tick each item, then accept.",
    ),
    "paper_differs": Wording(
        "紙本不符，不能續審",
        "The paper differs; the examination cannot go on",
        "印鑑或內容與紙本不符的憑單應予退件，並說明何處不符。",
        "A voucher whose seals or content differ is returned, saying what differs.",
    ),
    "reason_unknown": Wording(
        "沒有這個退回原因",
        "There is no such return reason",
        "請由十一項原因中勾選。",
        "Choose from the eleven reasons.",
    ),
    "step_unknown": Wording(
        "公庫沒有這個步驟",
        "The treasury has no such step",
        "請回到憑單，使用頁面上的按鈕。",
        "Go back to the voucher and use the buttons on the page.",
    ),
    "roster_not_delivered": Wording(
        "受款人劃帳清冊尚未送達",
        "The roster has not been delivered yet",
        "委託劃帳須先登記清冊已送達受託銀行，才能排定支付。",
        "An entrusted transfer is scheduled once the roster's delivery to the bank is recorded.",
    ),
}


def wordings_register() -> None:
    """Adds them to the words of every problem; called by the app's `ready`."""
    register(_WORDINGS)
