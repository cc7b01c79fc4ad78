"""What the refusals of accounts, roles, agencies and tables mean for people, and what to do."""

from typing import Final

from treasury.core.pages.wording import Wording

WORDINGS: Final = {
    "address_not_registered": Wording(
        "這個網路位址尚未登記",
        "This network address is not registered",
        "貴機關只能從向公庫登記的公眾位址連線，這次連線已留下紀錄。請改由機關網路連線；位址如有異動，請洽公庫系統管理者登記。",
        "Your agency connects only from the public addresses registered with the treasury; this attempt was put on "
        "record. Use your agency's network, or have a changed address registered by the treasury's administrator.",
    ),
    "bad_address": Wording(
        "網路位址無法辨識",
        "The network address cannot be read",
        "請填 IPv4 或 IPv6 位址，或網段的起始位址加前綴長度，例如 203.0.113.7、203.0.113.0/28、2001:db8::/48。",
        "Give an IPv4 or IPv6 address, or the first address of a network with its prefix: 203.0.113.0/28.",
    ),
    "network_too_wide": Wording(
        "網段範圍太大",
        "The network is too wide",
        "這樣的網段包含太多其他單位的位址。請填機關實際使用的位址或較小的網段。",
        "It holds addresses of many others. Give the addresses the agency really uses.",
    ),
    "role_conflict": Wording(
        "這兩個角色不能由同一人擔任",
        "One person may not hold both of these roles",
        "依職能分工，管理權限的人不簽證也不放行，查核的人不辦理業務。請先終止原有的角色，或改由另一位同仁擔任。",
        "By separation of duty, whoever grants access neither certifies nor releases, and whoever inspects does "
        "nothing else. End the other role first, or choose another person.",
    ),
    "delegate_appoints": Wording(
        "代簽人不能再授權他人",
        "A delegate appoints nobody",
        "授權代簽須由機關長官或主辦會計人員本人辦理。",
        "The head or the chief accountant must appoint in person.",
    ),
    "own_delegation": Wording(
        "不能授權自己",
        "Nobody signs in their own place",
        "請選擇另一位編制內人員。",
        "Choose another person of the establishment.",
    ),
    "not_establishment": Wording(
        "授權代簽人須為編制內人員",
        "A delegated signer must be on the establishment",
        "請選擇本機關編制內人員；身分有誤時，請權限管理者更正帳號。",
        "Choose somebody on the establishment of your agency; the access administrator corrects a wrong account.",
    ),
    "delegation_crossed": Wording(
        "不得兼為另一方簽證人員代簽",
        "One person does not sign for both certifiers",
        "機關長官與主辦會計人員須各自授權不同的人；兼任權限管理者的人也不能代簽。請另選一人。",
        "Head and chief accountant appoint different people; an access administrator signs for neither. Choose again.",
    ),
    "delegation_held": Wording(
        "此人在這段期間已可簽章",
        "The person signs in this capacity already",
        "請確認清單上的期間；要改期間，先終止原授權再重新授權。",
        "Look at the days in the list; to change them, end the delegation and appoint again.",
    ),
    "other_principal": Wording(
        "不能終止另一方的授權",
        "The other certifier's delegation is not yours to end",
        "請由授權的一方或權限管理者終止。",
        "The one who appointed ends it, or the access administrator.",
    ),
    "own_role": Wording(
        "不能授予自己角色",
        "Nobody gives a role to themselves",
        "請由另一位權限管理者，或公庫系統管理者辦理。",
        "Ask another access administrator, or the treasury's administrator.",
    ),
    "own_account": Wording(
        "不能對自己的帳號這樣做",
        "This is not done to one's own account",
        "停用帳號與重設密碼請由另一位管理者辦理；自己的密碼可由右上角變更。",
        "Another administrator does this; you change your own password from the menu at the top right.",
    ),
    "technical_account": Wording(
        "這是介接系統的帳號",
        "This account belongs to an accounting system",
        "介接系統的帳號不能由人登入，因此沒有密碼。要更換系統的密鑰，請到「介接系統」辦理。",
        "Nobody logs in with it, so it has no password. Its secret is replaced on the page of the system.",
    ),
    "role_elsewhere": Wording(
        "這個角色不屬於該員的單位",
        "This role belongs elsewhere",
        "支用機關的人員擔任機關的角色，公庫的人員擔任公庫的角色。",
        "People of an agency hold an agency's roles, people of the treasury the treasury's.",
    ),
    "role_held": Wording(
        "已經擔任這個角色",
        "The role is held already",
        "不需要再申請，請由右上角切換職務。",
        "There is no need to ask again: change to it at the top right.",
    ),
    "bad_dates": Wording(
        "日期的先後不對",
        "The dates are past or in the wrong order",
        "起日不能早於今天，迄日不能早於起日。",
        "The first day is not before today, the last not before the first.",
    ),
    "username_taken": Wording(
        "這個帳號名稱已經有人使用",
        "The user name is taken",
        "請換一個帳號名稱，例如加上機關代號。",
        "Choose another one, for instance with the agency's code.",
    ),
    "name_missing": Wording("還沒有填寫名稱", "A name is missing", "請填寫後再送出。", "Fill it in and send it again."),
    "bad_name": Wording(
        "名稱不能使用",
        "The name cannot be used",
        "名稱的前後不能有空白，長度不能超過限制；帳號名稱只能用字母、數字和 @ . + - _。",
        "No blanks around it and no longer than the limit; user names have letters, digits and @ . + - _ only.",
    ),
    "wrong_password": Wording(
        "目前的密碼不正確",
        "The present password is wrong",
        "請確認大小寫後再輸入一次。",
        "Check upper and lower case, then type it again.",
    ),
    "same_password": Wording(
        "新密碼和原來的一樣", "The new password is the old one", "請換一個新的密碼。", "Choose another one."
    ),
    "wrong_mode": Wording(
        "實施階段不能這樣變更",
        "The stage does not change like this",
        "實施階段依序為準備中、平行測試、正式實施，一次前進一個階段。",
        "The stages follow one another: preparing, parallel test, live.",
    ),
    "not_ready": Wording(
        "還不能正式實施",
        "The agency is not ready to go live",
        "請先完成準備事項清單上尚未完成的項目。",
        "Complete the open lines of the checklist first.",
    ),
    "letter_missing": Wording(
        "還沒有填寫正式實施的文號",
        "The letter's number is missing",
        "正式實施須有公庫的通知函，請填寫文號。",
        "Going live takes the treasury's letter: give its number.",
    ),
    "agency_known": Wording(
        "這個機關代號已經存在", "The agency's code is known", "請確認代號，或直接修改該機關的資料。", "Check the code."
    ),
    "bad_code": Wording(
        "代號不能使用",
        "The code cannot be used",
        "代號為 1 至 20 個英數字或連字號。",
        "1 to 20 letters, digits, hyphens.",
    ),
    "bad_parameter": Wording(
        "參數的值不正確",
        "The value does not fit the parameter",
        "請依單位填寫整數，或由清單中選擇。",
        "Give a whole number in the unit shown, or choose from the list.",
    ),
    "parameter_set_already": Wording(
        "這一天已經設定過新的值",
        "The parameter has a value from that day already",
        "已設定的值不修改。請改用其他日期。",
        "What is set is never edited. Choose another day.",
    ),
    "parameter_fixed": Wording(
        "這個參數不能由畫面變更",
        "The parameter belongs to the installation",
        "它隨系統版本或安裝設定而定。",
        "It comes with the release or the set-up.",
    ),
    "day_past": Wording(
        "日期已經過了",
        "The day is past",
        "已經生效或辦理過的日子不回頭修改。請填今天以後的日期。",
        "What has been in force or done is not changed afterwards. Choose a day to come.",
    ),
    "nothing_to_correct": Wording(
        "行事曆本來就是這樣",
        "The calendar says so already",
        "這一天不需要更正。",
        "There is nothing to correct on that day.",
    ),
    "file_row": Wording(
        "檔案中有一列不正確",
        "A row of the file is not right",
        "沒有匯入任何資料。請依訊息所指的行號與欄位更正檔案後，再重新上傳。",
        "Nothing was taken in. Mend the line and column named, then upload the file again.",
    ),
    "file_columns": Wording(
        "檔案的欄位不正確",
        "The file has other columns",
        "第一列必須是規定的欄位名稱。請確認檔案種類後重新上傳。",
        "The first line must name the columns shown. Check which file it is.",
    ),
    "file_encoding": Wording(
        "檔案不是 UTF-8 編碼",
        "The file is not UTF-8",
        "請另存為 UTF-8 編碼的 CSV 檔後重新上傳。",
        "Save it as UTF-8 CSV.",
    ),
}
