"""What a person is told to do about each refusal of the gate; the sentences themselves are in `refusals`."""

from typing import Final

from signing.refusals import REFUSALS
from treasury.core.pages.wording import Wording

Remedy = tuple[str, str]
_SIGN_ANEW: Final = (
    "請回到簽章頁重新簽章；簽章須用本系統提供的內容與憑證卡程式。",
    "Go back to the signing page and sign anew, with the content and the card agent of this system.",
)
_AUTHORITY: Final = (
    "請改用有效的卡片；卡片過期、遺失或停用，請向原發卡之憑證機構換發，再由貴機關權限管理者重新註冊。",
    "Use a valid card. One that is expired, lost or suspended is renewed by the authority that issued it and then "
    "registered again by your access administrator.",
)
_TREASURY: Final = (
    "這不是您的操作造成的。請把代碼告訴公庫的系統管理者，待處理後再簽一次。",
    "This is not of your doing. Tell the treasury's system administrator the code, then sign again.",
)
_LISTS: Final = (
    "您的卡片與操作沒有問題：公庫缺少該憑證機構有效的廢止清冊。請通知公庫的系統管理者依「信任資料」頁取入最新清冊"
    "（manage.py import_trust），待處理後再簽一次。",
    "Nothing is wrong with your card: the treasury lacks a valid revocation list of its authority. Tell the treasury's "
    "system administrator, who takes the newest one in as the page Trust material says (manage.py import_trust); then "
    "sign again.",
)
_FETCH: Final = (
    "請由憑證機構的公布網址重新下載最新清冊，再執行 manage.py import_trust；原有清冊不受影響。"
    "號碼仍然倒退或驗證仍然失敗時，請向憑證機構查明，勿以其他方式取入。",
    "Fetch the newest list from where its authority publishes it and run manage.py import_trust again; the lists we "
    "have stay in force. If it is refused again, ask the authority; never take it in by another way.",
)
_PIN_IT: Final = (
    "請以另一管道取得的根憑證指紋核對；相符才以 manage.py import_trust --pin 指紋 取入，並記入 TRUST_ANCHORS。",
    "Compare with the root's fingerprint as you got it by another way; only if they agree take it in by manage.py "
    "import_trust --pin FINGERPRINT and name it in TRUST_ANCHORS.",
)
_OWN_CARD: Final = (
    "請換上您本人在此機關、此職務註冊的卡片。「我的卡片」列有可用的卡號。",
    "Use the card registered to you in this agency and capacity; My cards lists the numbers.",
)
_REGISTER: Final = (
    "請洽貴機關權限管理者辦理卡片註冊或啟用，再簽一次。",
    "Have the card registered or put into force by your access administrator, then sign again.",
)
_SOMEBODY_ELSE: Final = (
    "依職能分工，請由另一位擔任此職務的同仁以其本人的卡片簽章。",
    "By separation of duty another person in this capacity must sign, with a card of their own.",
)
_LOOK: Final = (
    "憑單可能剛被處理或修改過。請開啟最新的憑單，看看現在輪到哪一步。",
    "The voucher may just have been dealt with or changed. Open it afresh and see where it stands.",
)
_CLOCK: Final = (
    "請校正本機時間，再重新簽章；簽章後請立即送出。",
    "Set this machine's clock, then sign anew and send at once.",
)
_EVIDENCE: Final = (
    "請向公庫重新取得證據檔再驗一次；仍不符時，請保留兩個檔案並通知審計機關。",
    "Obtain the file from the treasury once more and check it again; if it still does not hold, keep both and tell the "
    "auditors.",
)
_FOUND: Final[dict[str, Remedy]] = {
    **dict.fromkeys(("certificate_not_yet_valid", "certificate_expired", "certificate_revoked"), _AUTHORITY),
    **dict.fromkeys(("policy_missing", "key_usage", "issuer_kind", "key_refused", "algorithm_refused"), _AUTHORITY),
    **dict.fromkeys(("crl_missing", "crl_stale"), _LISTS),
    **dict.fromkeys(("crl_number_back", "crl_refused", "crl_malformed"), _FETCH),
    "anchor_not_pinned": _PIN_IT,
    **dict.fromkeys(("untrusted", "path_invalid"), _TREASURY),
    **dict.fromkeys(("content_not_canonical", "content_wrong", "document_differs"), _TREASURY),
    **dict.fromkeys(("card_of_other_person", "card_of_other_agency", "card_of_other_capacity"), _OWN_CARD),
    "card_number_differs": _OWN_CARD,
    **dict.fromkeys(("card_unregistered", "card_inactive"), _REGISTER),
    "card_on_hold": (
        "卡片由公庫暫停使用。請洽公庫系統管理者恢復使用，或由受授權的代簽人簽章。",
        "The treasury has put the card on hold. Have its administrator lift the hold, or let a delegated signer sign.",
    ),
    "capacity_not_held": (
        "請由現任人員簽章，或先由機關長官、主辦會計人員各自辦理授權代簽。",
        "Let whoever holds the post sign, or have the head or the chief accountant appoint a delegate first.",
    ),
    **dict.fromkeys(("signer_not_distinct", "delegate_of_both"), _SOMEBODY_ELSE),
    **dict.fromkeys(("signature_exists", "earlier_signatures", "document_incomplete", "document_unknown"), _LOOK),
    "content_of_other_document": _LOOK,
    "signing_time_off": _CLOCK,
    **{code: _TREASURY for code in REFUSALS if code.startswith("timestamp_")},
    **{code: _EVIDENCE for code in REFUSALS if code.startswith("evidence_")},
}

WORDINGS: Final = {code: Wording(zh, en, *_FOUND.get(code, _SIGN_ANEW)) for code, (zh, en) in REFUSALS.items()}
