"""The words for the codes of a voucher, as people read them in Taiwan; one place for paper and pages.

They are kept in Chinese, which paper prints; `english` has them for pages. The keys are the values of
`vouchers/schema/voucher-file.schema.json`; the order is that of the form.
"""

from typing import Final

KINDS: Final = {"payment": "付款憑單", "transfer": "轉帳憑單"}
GATES: Final = {"current": "經常門", "capital": "資本門"}
NATURES: Final = {
    "normal": "一般",
    "prepaid": "預付",
    "temporary": "暫付",
    "advance": "墊付",
    "advance_funds": "預借經費",
    "fixed_petty_cash": "額定零用金",
    "petty_cash_replenishment": "撥還零用金",
    "refund": "退還",
    "advance_settlement": "歸墊",
}
EXPENSE_CLASSES: Final = {
    "general": "一般支出",
    "staff": "員工給付",
    "retiree": "退休給付",
    "other_entrusted": "其他委託劃帳",
}
METHODS: Final = {
    "remittance": "電匯存帳",
    "entrusted": "委託劃帳",
    "cheque_self": "自領支票",
    "cheque_forward": "領回轉發支票",
}
NETWORKS: Final = {"intra_bank": "聯行通匯", "fisc": "跨行通匯"}
PAYEE_KINDS: Final = {
    "business": "營利事業",
    "individual": "自然人",
    "government": "政府機關",
    "public_enterprise": "公營事業",
    "agency_special_account": "機關專戶",
    "bank": "結匯銀行",
    "treasury_deposit": "公庫存款戶",
}
IDENTIFIERS: Final = {
    "ubn": "統一編號",
    "national_id": "身分證字號",
    "resident_id": "統一證號",
    "passport": "護照號碼",
}
DOCUMENTS: Final = {"invoice": "統一發票", "plain_receipt": "普通收據", "individual_receipt": "個人收據"}
CROSSINGS: Final = {"crossed": "劃平行線", "uncrossed": "免劃平行線"}
CHEQUE_GROUNDS: Final = {
    "utility": "公用事業費用",
    "debt_principal": "債務還本",
    "welfare": "社會福利給付",
    "no_account": "受款人無法開立帳戶",
    "special": "其他特殊原因",
    "advance_settlement": "墊付款歸墊",
}
COLLECTORS: Final = {
    "payee": "受款人自領",
    "agent_of_payee": "受款人委託代領",
    "designated_collector": "機關指定人員領取",
}
SETTLEMENT_WAYS: Final = {
    "own_budget": "本機關預算歸墊",
    "other_agency_budget": "其他機關預算歸墊",
    "pooled_account": "統籌科目歸墊",
}
CHANNELS: Final = {
    "electronic": "電子支付",
    "paper_over_limit": "逾電子支付限額，改送紙本",
    "paper_fallback": "系統故障，紙本先行",
}
SIDES: Final = {"debit": "借方", "credit": "貸方"}
CAPACITIES: Final = {"accountant": "主辦會計人員", "head": "機關長官", "releaser": "放行人"}

LISTS: Final = {
    "account_lines": "科目清單",
    "payee_lines": "受款人清單",
    "source_documents": "憑證",
    "originals": "原憑單",
    "collection_slips": "領取支票憑證",
    "attachments": "附件",
}
FIELDS: Final = {
    "kind": "憑單種類",
    "number": "憑單編號",
    "issue_date": "製單日期",
    "gate": "經費門別",
    "nature": "款項性質",
    "purpose": "支出用途",
    "expense_class": "支出類別",
    "method": "支付方式",
    "network": "通匯系統",
    "legal_pay_date": "法定支付日",
    "distribution_date": "發放日",
    "remit_date": "交付通匯日",
    "total_twd": "憑單金額",
    "cheque": "支票事項",
    "entrusted": "委託劃帳",
    "foreign_currency": "外幣",
    "notes": "附記事項",
    "settlement": "歸墊",
    "advance_case": "墊付案號",
    "entrusted_impossible_reason": "無法委託劃帳之理由",
    "statutory_case_no": "法定支付案號",
    "receipt_account_ref": "原收款科目",
    "carry_over_ref": "保留（應付）案號",
    "refund_of": "退還之收入",
    "reclaims_cheque": "再請領之註銷支票",
    "replaces_voucher": "重新補付之原憑單",
    "petty_cash_list_no": "零用金支用清單",
    "channel": "送件方式",
    "incident_ref": "系統故障案號",
    "account_code": "科目代號",
    "account_name": "戶名",
    "fund_code": "基金（專戶）",
    "side": "借貸",
    "amount_twd": "金額",
    "name": "受款人",
    "id_type": "證號類別",
    "id": "證號",
    "bank_code": "銀行代號",
    "account_no": "帳號",
    "account_name_reason": "戶名不同之理由",
    "is_forwarder": "指定轉發人員",
    "is_first_pension": "首次退休金",
    "first_pension": "首次退休金",
    "approval_doc_no": "核准文號",
    "retirement_date": "退休生效日",
    "type": "類別",
    "date": "開立日期",
    "ground": "得採支票之事由",
    "consent_ref": "公庫同意文號",
    "crossing": "平行線",
    "special_approval_ref": "專案核准文號",
    "reason": "理由",
    "disbursement_account": "劃撥帳號",
    "roster": "劃帳清冊",
    "sha256": "檔案雜湊值",
    "delivered_at": "送達時間",
    "receipt_ref": "收據字號",
    "currency": "幣別",
    "amount": "外幣金額",
    "rate": "匯率",
    "twd_amount": "折合新臺幣",
    "quota_ref": "核定外匯額度",
    "petty_exception_reason": "未由零用金支付之理由",
    "text": "附記",
    "no": "憑證號碼",
    "payee_seq": "受款人序號",
    "collector_kind": "領取人",
    "collector_id": "領取人證號",
    "letter_no": "專用函字號",
    "fiscal_year": "會計年度",
    "agency_code": "機關代號",
    "case_no": "墊付案號",
    "way": "歸墊方式",
    "original_agency_code": "原墊付機關",
}
# The same name, another thing: below these lists and blocks.
_ELSEWHERE: Final = {
    "account_lines": {"account_name": "科目名稱"},
    "source_documents": {"number": "憑證號碼"},
    "attachments": {"name": "附件名稱"},
}


def field_words(path: str) -> str:
    """The field a JSON Pointer of a finding points to, in words; the whole voucher for an empty one.

    `/payee_lines/3/account_no` (also behind `/vouchers/7`) is 受款人清單第 4 筆 帳號. A step without a word stands as
    it is.
    """
    steps = [step for step in path.split("/") if step]
    if steps[:1] == ["vouchers"]:
        steps = steps[2:]
    words: list[str] = []
    around = ""
    for step in steps:
        if step.isdigit() and words:
            words[-1] += f"第 {int(step) + 1} 筆"
            continue
        words.append(LISTS.get(step) or _ELSEWHERE.get(around, {}).get(step) or FIELDS.get(step, step))
        around = step
    return "　".join(words) or "憑單"
