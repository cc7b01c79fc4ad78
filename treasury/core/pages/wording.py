"""A Problem in words for people: what happened, and what to do now, in both languages, by its code."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from treasury.core.errors import Problem
from treasury.core.texts import either


class Wording(NamedTuple):
    """What happened (`title`) and why, with what to do (`remedy`), in Chinese and English."""

    title_zh: str
    title_en: str
    remedy_zh: str
    remedy_en: str


_WORDINGS: Final[dict[str, Wording]] = {
    "wrong_state": Wording(
        "這個步驟現在不能做",
        "This step is not possible now",
        "案件已經到了別的階段，可能是其他人剛處理過。請開啟最新的頁面，看看現在輪到哪一步。",
        "The item has moved on; somebody else may just have dealt with it. Open the fresh page to see where it stands.",
    ),
    "role_missing": Wording(
        "您目前的職務不能開啟這一頁",
        "Your present role does not open this page",
        "這一頁是給其他職務使用的。如果您也擔任該職務，請由右上角切換；否則請洽貴機關的權限管理者。",
        "The page is for other roles. If you hold such a role, change to it at the top right; "
        "otherwise ask your access administrator.",
    ),
    "other_agency": Wording(
        "這是其他機關的案件",
        "This belongs to another agency",
        "您只能處理所屬機關的案件。請確認編號是否正確。",
        "You may only deal with what belongs to your own agency. Check the number.",
    ),
    "separation_of_duty": Wording(
        "同一人不能做這兩個步驟",
        "One person may not do both of these steps",
        "您已經辦理過這個案件的前一階段，依職能分工，這個步驟須由另一位同仁辦理。",
        "You have already done an earlier step of this item; by separation of duty somebody else must do this one.",
    ),
    "seen_is_stale": Wording(
        "您看到的內容已經不是最新的",
        "What you saw is no longer current",
        "您開啟頁面之後，有人修改或處理了這個案件，所以剛才的動作沒有執行。請看過最新內容再決定。",
        "After you opened the page somebody changed or handled this item, so nothing was done. "
        "Look at the fresh page and decide again.",
    ),
    "revision_changed": Wording(
        "憑單已有新的版本",
        "The voucher has a newer revision",
        "您開啟頁面之後憑單已被修改，剛才的動作沒有執行。請看過最新版本再決定。",
        "The voucher was changed after you opened the page; nothing was done. Look at the newest revision first.",
    ),
    "idempotency_key_reused": Wording(
        "這張表單已經送出過",
        "This form has already been sent",
        "同一張表單先前送出過不同的內容，為避免重複辦理，這次沒有執行。請重新開啟頁面，確認結果後再填寫。",
        "The same form was sent before with other content. So that nothing is done twice, this time nothing was. "
        "Open the page again, look at the result, and fill it in anew if needed.",
    ),
    "submission_missing": Wording(
        "表單不完整",
        "The form is incomplete",
        "表單缺少系統附加的識別碼，因此沒有執行。請重新開啟頁面再填一次。",
        "The form came without the key the system adds to it, so nothing was done. Open the page again.",
    ),
    "not_found": Wording(
        "找不到這筆資料",
        "There is no such thing",
        "可能是網址或編號有誤，或這筆資料不屬於您可以查看的範圍。請從清單或搜尋重新開啟。",
        "The address or number may be wrong, or it is not yours to see. Open it from a list or by searching.",
    ),
    "voucher_unknown": Wording(
        "找不到這張憑單",
        "There is no such voucher",
        "可能是網址或編號有誤，或這張憑單不屬於您可以查看的範圍。請從清單或搜尋重新開啟。",
        "The address or number may be wrong, or it is not yours to see. Open it from a list or by searching.",
    ),
    "unknown_agency": Wording(
        "找不到這個機關",
        "There is no such agency",
        "請確認機關代號是否正確。",
        "Check the agency's code.",
    ),
    "unknown_format": Wording(
        "沒有這種檔案格式",
        "There is no such file format",
        "清單可以匯出為 ODS、XLSX 或 CSV。請由清單上方的連結匯出。",
        "A list comes as ODS, XLSX or CSV. Use the links above the list.",
    ),
    "export_too_long": Wording(
        "資料太多，無法一次匯出",
        "Too many rows for one file",
        "一次最多匯出 20,000 筆。請先用篩選條件縮小範圍，例如日期或狀態，再分次匯出。",
        "A file holds at most 20,000 rows. Narrow the list by date or state and take it in parts.",
    ),
    "bad_date": Wording(
        "日期無法辨識",
        "The date cannot be read",
        "請寫成 114/3/10、1140310 或 2025-03-10。",
        "Write it as 114/3/10, 1140310 or 2025-03-10.",
    ),
    "bad_amount": Wording(
        "金額無法辨識",
        "The amount cannot be read",
        "請填整數的新臺幣元，可以加千分位逗號。",
        "Give whole New Taiwan dollars; thousands separators are fine.",
    ),
    "reason_missing": Wording(
        "還沒有填寫理由",
        "A reason is missing",
        "這個步驟會留下紀錄，請填寫理由後再送出。",
        "This step is put on record: give the reason, then send it again.",
    ),
    "note_missing": Wording(
        "還沒有填寫說明",
        "A note is missing",
        "所選的原因需要補充說明，請填寫後再送出。",
        "The reason you chose needs a note: write it, then send it again.",
    ),
    "overdraft": Wording(
        "可支用餘額不足",
        "The available balance is too small",
        "此科目截至本期的分配數不足以支付這筆金額。請改用其他科目，或待分配數增加後再辦理。",
        "The account's allotment up to this period does not cover the amount. Use another account, or wait for more.",
    ),
    "year_closed": Wording(
        "該會計年度已關帳",
        "The fiscal year is closed",
        "已關帳年度不能再支付。請確認會計年度，或依保留款程序辦理。",
        "Nothing is paid from a closed year. Check the fiscal year, or go by way of a carry-over.",
    ),
    "conflict": Wording(
        "與其他資料衝突",
        "This conflicts with something else",
        "同時有其他變更，這次沒有執行。請開啟最新的頁面再試一次。",
        "Something changed at the same time, so nothing was done. Open the fresh page and try again.",
    ),
    "number_taken": Wording(
        "這個編號已經使用過",
        "This number has been used",
        "編號用過之後不會再使用。請改用下一個編號。",
        "A number is never used twice. Take the next one.",
    ),
    "weak_password": Wording(
        "密碼太容易被猜到",
        "The password is too easy to guess",
        "請用至少 12 個字元，不要用常見的密碼或自己的姓名、帳號。",
        "Use at least 12 characters, no common password, and neither your name nor your user name.",
    ),
    "file_unreadable": Wording(
        "檔案無法讀取",
        "The file cannot be read",
        "請確認檔案沒有損壞，格式符合說明，再重新上傳。",
        "Check that the file is whole and of the kind described, then upload it again.",
    ),
    "file_too_large": Wording(
        "檔案太大",
        "The file is too large",
        "請把檔案分成幾個較小的檔案，再分次上傳。",
        "Split it into smaller files and upload them one by one.",
    ),
    "card_service_down": Wording(
        "連不上憑證卡程式",
        "The card agent does not answer",
        "請確認電腦上的憑證卡程式已經啟動，讀卡機已接好，再試一次。",
        "Check that the card agent runs on this computer and the reader is connected, then try again.",
    ),
    "card_pin_wrong": Wording(
        "密碼錯誤",
        "The PIN is wrong",
        "請確認後重新輸入；連續輸入錯誤會鎖住卡片。",
        "Check it and type it again; too many wrong tries lock the card.",
    ),
    "card_locked": Wording(
        "卡片已鎖",
        "The card is locked",
        "請依憑證管理中心的程序解鎖，這段期間可由代理人辦理。",
        "Have it unlocked by the certification authority; meanwhile your deputy may act.",
    ),
    "timestamp_unavailable": Wording(
        "時戳服務沒有提供時戳，簽章沒有存入",
        "No timestamp could be had; the signature was not stored",
        "憑單仍在原來的階段，卡片與密碼都沒有問題。請稍候幾分鐘再簽一次；一直如此，請告訴公庫的系統管理者。",
        "The voucher stands where it stood; nothing is wrong with card or PIN. Sign again in a few minutes; "
        "if it stays, tell the treasury's system administrator.",
    ),
    "form_only": Wording(
        "這個網址不能直接開啟",
        "This address is not opened directly",
        "這個網址只接收表單送出的資料。請由清單或首頁重新開啟頁面。",
        "It only takes what a form sends. Open the page from a list or from home.",
    ),
    "too_many_filters": Wording(
        "儲存的篩選太多",
        "Too many saved filters",
        "最多可以儲存 30 個篩選。請先在首頁移除不再使用的。",
        "At most 30 are kept. Remove some on the home page first.",
    ),
    "too_many_drafts": Wording(
        "填寫中之表單已達上限",
        "You have begun as many forms as one may",
        "請先到「填寫中之表單」把要辦的送覆核，不再使用的按「放棄」，再填新的憑單。這一份還沒有儲存。",
        "Open “Forms being filled in”, send those that are to go and give up the others, then begin a new one. "
        "This one was not saved.",
    ),
    "too_long": Wording(
        "內容太長",
        "The text is too long",
        "請縮短後再送出。",
        "Shorten it and send it again.",
    ),
    "not_a_list": Wording(
        "這個網址不能儲存",
        "This address cannot be saved",
        "只能儲存本系統的清單。",
        "Only lists of this system can be saved.",
    ),
    "database_unavailable": Wording(
        "系統暫時無法服務",
        "The system cannot serve you at the moment",
        "資料庫沒有回應，剛才的動作沒有執行。請稍候幾分鐘再試。",
        "The database does not answer; nothing was done. Try again in a few minutes.",
    ),
}
_BY_STATUS: Final = {
    403: Wording(
        "您不能做這件事",
        "You may not do this",
        "您目前的職務沒有這項權限。如有需要，請洽貴機關的權限管理者。",
        "Your present role does not include it. If you need it, ask your access administrator.",
    ),
    404: _WORDINGS["not_found"],
    409: _WORDINGS["conflict"],
    429: Wording(
        "嘗試次數太多",
        "Too many attempts",
        "請稍候再試。",
        "Wait a while and try again.",
    ),
}
_OTHERWISE: Final = Wording(
    "這個動作沒有完成",
    "This could not be done",
    "系統沒有執行剛才的動作，資料沒有改變。請依下面的訊息更正後再試；仍有問題請把代碼告訴系統管理者。",
    "Nothing was done and nothing was changed. Mend what the message below says and try again; "
    "if it stays, tell the administrator the code.",
)


def register(wordings: Mapping[str, Wording]) -> None:
    """Adds the words for an app's own Problems by their code; called by the `ready` of the app.

    ValueError for a code that has other words already: whichever app came last would speak for all.
    """
    for code, words in wordings.items():
        if _WORDINGS.setdefault(code, words) != words:
            raise ValueError(f"{code} has other words already")


def words_of(code: str) -> Wording | None:
    """The words of a code, None for one that has none of its own."""
    return _WORDINGS.get(code)


def title_of(problem: Problem) -> str:
    """What happened, in the reader's language."""
    words = _words(problem)
    return either(words.title_zh, words.title_en)


def remedy_of(problem: Problem) -> str:
    """Why, and what to do now, in the reader's language."""
    words = _words(problem)
    return either(words.remedy_zh, words.remedy_en)


def detail_of(problem: Problem) -> str:
    """The Problem's own sentence where it says more than the words: not for what a reader may not know of."""
    return "" if problem.status in (403, 404) else problem.detail


def _words(problem: Problem) -> Wording:
    return _WORDINGS.get(problem.code) or _BY_STATUS.get(problem.status, _OTHERWISE)
