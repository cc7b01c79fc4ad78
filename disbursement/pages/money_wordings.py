"""What the refusals of payments, batches, cheques and the day mean for people, and what to do."""

from typing import Final

from treasury.core.pages.wording import Wording, register

_WORDINGS: Final = {
    "not_yet_due": Wording(
        "還沒到應付日",
        "It is not due yet",
        "憑單載明的付款日還沒到，請在應付日當天再開始支付。",
        "The date the voucher states has not come; begin the payment on that day.",
    ),
    "no_blank_cheque": Wording(
        "空白支票不足",
        "There are not enough blank cheques",
        "請先到支票作業領入一本空白支票，再開始支付。",
        "Take a book of blanks into the stock at the cheque desk, then begin the payment.",
    ),
    "nothing_chosen": Wording(
        "還沒有勾選", "Nothing is ticked", "請回到清單至少勾選一筆。", "Go back to the list and tick at least one row."
    ),
    "too_many": Wording("一次勾選太多", "Too many at once", "請分幾次辦理。", "Do it in several parts."),
    "nothing_to_send": Wording(
        "銀行已經有這一批",
        "The bank has this batch already",
        "這一批不必再送；請開啟最新的頁面看銀行的回覆。",
        "It need not be sent again; open the fresh page and look at the bank's answer.",
    ),
    "not_rejected": Wording(
        "這一批沒有被整批退件",
        "This batch was not rejected",
        "只有整批退件的批次可以整批再送；個別退匯請逐筆處理。",
        "Only a batch rejected as a whole is repeated; single lines are dealt with one by one.",
    ),
    "not_refused": Wording(
        "銀行沒有拒收這一批",
        "The bank has not refused this batch",
        "只有確定被銀行拒收、沒有執行任何一筆的批次可以放棄。結果未明時請先向銀行查詢。",
        "Only a batch that the bank certainly refused may be given up. Where its fate is unknown, ask the bank first.",
    ),
    "being_delivered": Wording(
        "背景作業正在傳送",
        "A worker is sending it at this moment",
        "請稍候幾秒，開啟最新的頁面再決定。",
        "Wait a few seconds, open the fresh page, and decide then.",
    ),
    "bad_count": Wording(
        "張數不正確", "The number is wrong", "一次可領入 1 至 100,000 張。", "A book has 1 to 100,000 cheques."
    ),
    "receiver_missing": Wording(
        "還沒有填寫領取人",
        "Who collects it is missing",
        "請核對身分與領取支票憑證後，填寫領取人姓名。",
        "Check identity and collection slip, then name who collects the cheque.",
    ),
    "cheque_outstanding": Wording(
        "支票還在外面",
        "The cheque is still outside",
        "已交付的支票，須先收回（並勾選「支票已收回」），或先止付並等銀行確認，才能註銷。",
        "A cheque that was handed over is cancelled when it is back (tick it), or when the bank has stopped it.",
    ),
    "cheque_paid": Wording(
        "銀行已經付款",
        "The bank has paid it",
        "支票已兌付，不能註銷。請依規定向受款人追回款項。",
        "The cheque was paid and cannot be cancelled. Recover the money from the payee as the rules say.",
    ),
    "stop_is_final": Wording(
        "止付不能撤銷",
        "The stop cannot be lifted",
        "銀行已經止付，或可能已經止付。請註銷這張支票，再以新憑單補付。",
        "The bank has stopped it, or may have. Cancel the cheque and pay again by a new voucher.",
    ),
    "no_cheques": Wording(
        "當天沒有簽開支票", "No cheque was issued that day", "請選擇其他日期。", "Choose another day."
    ),
    "bank_unknown": Wording(
        "沒有這個銀行代號",
        "There is no such bank code",
        "請填七碼的銀行與分行代號。",
        "Give the seven-digit code of bank and branch.",
    ),
    "account_no_wrong": Wording(
        "帳號格式不正確",
        "The account number is malformed",
        "帳號為 5 至 16 位數字。",
        "An account number has 5 to 16 digits.",
    ),
    "account_name_wrong": Wording(
        "戶名不能使用",
        "The account name cannot be used",
        "請依存摺填寫，不要有前後空白或無法列印的字。",
        "Write it as in the bank book, without leading blanks or signs that cannot be printed.",
    ),
    "money_not_back": Wording(
        "款項還沒退回公庫",
        "The money is not back yet",
        "銀行已通知退匯，但款項還沒入帳；入帳後才能重匯或繳回。",
        "The bank has announced the return but not booked it; wait until it has.",
    ),
    "split_missing": Wording(
        "請說明金額還給哪些科目",
        "Say which accounts get it back",
        "這張憑單由幾個科目支付，請分別填寫還給各科目的金額。",
        "The voucher drew on several accounts: give the amount for each.",
    ),
    "split_wrong": Wording(
        "各科目的金額不符",
        "The amounts do not fit",
        "合計須等於退回的金額，且不得超過該科目付出的數額。",
        "Together they must come to what came back, and none may exceed what its account has paid.",
    ),
    "not_reconciled": Wording(
        "當日還沒有核對相符",
        "The day is not reconciled",
        "請先辦理核對，查明所有待查差異，相符之後才能日結。",
        "Reconcile the day and clear up every difference; it closes when everything agrees.",
    ),
    "no_business_day": Wording(
        "今天不是作業日",
        "Today is no business day",
        "公庫只在作業日開日。",
        "The treasury opens on business days only.",
    ),
    "day_gone_by": Wording(
        "帳已經記到後面的日期",
        "The books have gone on",
        "不能再開以前的日期。",
        "An earlier day cannot be opened any more.",
    ),
    "not_today": Wording(
        "只能開今天",
        "Only today can be opened",
        "請回到日結核對，按今天的「開日」。",
        "Go back to reconciliation and open today.",
    ),
}


def money_wordings_register() -> None:
    """Tells the core of the words for these codes; called by the app's `ready`."""
    register(_WORDINGS)
