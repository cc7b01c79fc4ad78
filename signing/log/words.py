"""What the log has to say to people, in both languages."""

from typing import Final

from treasury.core.pages.wording import Wording

# Alarms: what is wrong, and what to do.
ALARMS: Final[dict[str, Wording]] = {
    "document_unlogged": Wording(
        "有電子支付文件未登入透明日誌",
        "An electronic payment document is not in the log",
        "文件封存逾一日仍未登入。請確認排程與背景程序運作中；若是，表示文件的簽章已被更動，請執行帳務檢查並通知查核人員。",
        "It was sealed more than a day ago. See that scheduler and workers run; if they do, its signatures are not "
        "those that were sealed: check the books and tell the auditors.",
    ),
    "head_overdue": Wording(
        "每日樹頭未產生",
        "The day's tree head was not made",
        "請確認排程、背景程序與時戳機構運作中；恢復後會自動補作，也可執行 manage.py log head --make。",
        "See that scheduler, workers and the timestamp authority run; then it is made by itself, or by "
        "manage.py log head --make.",
    ),
    "token_ending": Wording(
        "時戳機構憑證即將到期",
        "The timestamp authority's certificate is about to end",
        "請於到期前改用新憑證的時戳機構並匯入其憑證與廢止清冊；此後的樹頭會延續先前全部時戳的效力。",
        "Before it ends, have tokens made under a newer certificate and import it with its lists: the next head then "
        "renews every token before it.",
    ),
    "token_gap": Wording(
        "時戳的效力曾中斷",
        "The chain of time tokens has a gap",
        "有樹頭的時戳在憑證到期前未被後一樹頭延續，該時戳不再能單獨證明時間。請保存查核人員留存的樹頭，並記錄原因。",
        "A head's token was not renewed before its certificate ended, so it no longer proves its time by itself. Keep "
        "the heads that auditors hold, and put the cause on record.",
    ),
}

# What a kept head was found to be.
VERDICTS: Final[dict[str, Wording]] = {
    "holds": Wording(
        "日誌與您留存的樹頭一致",
        "The log fits the head that you kept",
        "當時的每一筆都還在，內容與順序都沒有改變。下載證明並以獨立工具驗證，即不必相信本頁的結論。",
        "Every entry of that day is still there, unchanged and in order. Download the proof and check it with the "
        "stand-alone tool: then you need not believe this page.",
    ),
    "shortened": Wording(
        "日誌比您留存的樹頭還短",
        "The log is shorter than the head that you kept",
        "當時登入的紀錄已不存在。這是紀錄遭刪除的證據，請保存您的樹頭並立即通報。",
        "Entries of that day are gone. Your head proves that something was deleted: keep it and report at once.",
    ),
    "differs": Wording(
        "日誌與您留存的樹頭不一致",
        "The log does not fit the head that you kept",
        "當時的紀錄已被更動、刪除或調換順序。這是證據，請保存您的樹頭並立即通報。",
        "What was logged by then has been edited, deleted or put in another order. Keep your head, it is the proof, "
        "and report at once.",
    ),
    "not_signed": Wording(
        "這不是本日誌簽發的樹頭",
        "This head was not signed by this log",
        "內容可能在複製時有缺漏，或屬於另一個日誌。請貼上下載的樹頭檔案的全部內容。",
        "It may have been cut while copying, or be of another log. Give the downloaded file as a whole.",
    ),
}

# Refusals.
WORDINGS: Final[dict[str, Wording]] = {
    "note_unreadable": Wording(
        "這不是樹頭檔案",
        "This is not the note of a tree head",
        "請貼上或選擇先前下載的樹頭檔案（.note），內容為三行、一行空白與簽章。",
        "Paste or choose the file (.note) that was downloaded: three lines, an empty one, and signatures.",
    ),
    "log_entry_unknown": Wording(
        "日誌中沒有這一筆",
        "There is no such entry in the log",
        "文件放行後幾分鐘內登入日誌，證明在當日樹頭產生後可以下載。請稍後再試。",
        "A document is logged some minutes after its release, its proof is there after the day's head: try later.",
    ),
    "log_size_unknown": Wording(
        "日誌沒有這個樹頭",
        "The log has no such head",
        "請由樹頭清單選擇。",
        "Choose one from the list of heads.",
    ),
    "log_damaged": Wording(
        "日誌已毀損",
        "The log is damaged",
        "日誌的部分資料不見了。請保存現況、通知查核人員，並執行帳務檢查。",
        "Parts of the log are missing. Keep everything as it is, tell the auditors, and check the books.",
    ),
    "bad_log_key": Wording(
        "日誌的金鑰設定不正確",
        "The log's key is not as it should be",
        "請系統管理者檢查 LOG_KEY。",
        "Have the administrator look at LOG_KEY.",
    ),
}
