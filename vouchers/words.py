"""The words for the codes of a voucher, as people read them in Taiwan; one place for paper and pages.

They are kept in Chinese, which paper prints; pages translate them. The keys are the values of
`vouchers/schema/voucher-file.schema.json`; the order is that of the form.
"""

from typing import Final

from django.utils.translation import gettext_noop as _

KINDS: Final = {"payment": _("付款憑單"), "transfer": _("轉帳憑單")}
GATES: Final = {"current": _("經常門"), "capital": _("資本門")}
NATURES: Final = {
    "normal": _("一般"),
    "prepaid": _("預付"),
    "temporary": _("暫付"),
    "advance": _("墊付"),
    "advance_funds": _("預借經費"),
    "fixed_petty_cash": _("額定零用金"),
    "petty_cash_replenishment": _("撥還零用金"),
    "refund": _("退還"),
    "advance_settlement": _("歸墊"),
}
EXPENSE_CLASSES: Final = {
    "general": _("一般支出"),
    "staff": _("員工給付"),
    "retiree": _("退休給付"),
    "other_entrusted": _("其他委託劃帳"),
}
METHODS: Final = {
    "remittance": _("電匯存帳"),
    "entrusted": _("委託劃帳"),
    "cheque_self": _("自領支票"),
    "cheque_forward": _("領回轉發支票"),
}
NETWORKS: Final = {"intra_bank": _("聯行通匯"), "fisc": _("跨行通匯")}
PAYEE_KINDS: Final = {
    "business": _("營利事業"),
    "individual": _("自然人"),
    "government": _("政府機關"),
    "public_enterprise": _("公營事業"),
    "agency_special_account": _("機關專戶"),
    "bank": _("結匯銀行"),
    "treasury_deposit": _("公庫存款戶"),
}
IDENTIFIERS: Final = {
    "ubn": _("統一編號"),
    "national_id": _("身分證字號"),
    "resident_id": _("統一證號"),
    "passport": _("護照號碼"),
}
DOCUMENTS: Final = {"invoice": _("統一發票"), "plain_receipt": _("普通收據"), "individual_receipt": _("個人收據")}
CROSSINGS: Final = {"crossed": _("劃平行線"), "uncrossed": _("免劃平行線")}
CHEQUE_GROUNDS: Final = {
    "utility": _("公用事業費用"),
    "debt_principal": _("債務還本"),
    "welfare": _("社會福利給付"),
    "no_account": _("受款人無法開立帳戶"),
    "special": _("其他特殊原因"),
    "advance_settlement": _("墊付款歸墊"),
}
COLLECTORS: Final = {
    "payee": _("受款人自領"),
    "agent_of_payee": _("受款人委託代領"),
    "designated_collector": _("機關指定人員領取"),
}
SETTLEMENT_WAYS: Final = {
    "own_budget": _("本機關預算歸墊"),
    "other_agency_budget": _("其他機關預算歸墊"),
    "pooled_account": _("統籌科目歸墊"),
}
CHANNELS: Final = {
    "electronic": _("電子支付"),
    "paper_over_limit": _("逾電子支付限額，改送紙本"),
    "paper_fallback": _("系統故障，紙本先行"),
}
SIDES: Final = {"debit": _("借方"), "credit": _("貸方")}
CAPACITIES: Final = {"accountant": _("主辦會計人員"), "head": _("機關長官"), "releaser": _("放行人")}

LISTS: Final = {
    "account_lines": _("科目清單"),
    "payee_lines": _("受款人清單"),
    "source_documents": _("憑證"),
    "originals": _("原憑單"),
    "collection_slips": _("領取支票憑證"),
    "attachments": _("附件"),
}
FIELDS: Final = {
    "kind": _("憑單種類"),
    "number": _("憑單編號"),
    "issue_date": _("製單日期"),
    "gate": _("經費門別"),
    "nature": _("款項性質"),
    "purpose": _("支出用途"),
    "expense_class": _("支出類別"),
    "method": _("支付方式"),
    "network": _("通匯系統"),
    "legal_pay_date": _("法定支付日"),
    "distribution_date": _("發放日"),
    "remit_date": _("交付通匯日"),
    "total_twd": _("憑單金額"),
    "cheque": _("支票事項"),
    "entrusted": _("委託劃帳"),
    "foreign_currency": _("外幣"),
    "notes": _("附記事項"),
    "settlement": _("歸墊"),
    "advance_case": _("墊付案號"),
    "entrusted_impossible_reason": _("無法委託劃帳之理由"),
    "statutory_case_no": _("法定支付案號"),
    "receipt_account_ref": _("原收款科目"),
    "carry_over_ref": _("保留（應付）案號"),
    "refund_of": _("退還之收入"),
    "reclaims_cheque": _("再請領之註銷支票"),
    "replaces_voucher": _("重新補付之原憑單"),
    "petty_cash_list_no": _("零用金支用清單"),
    "channel": _("送件方式"),
    "incident_ref": _("系統故障案號"),
    "account_code": _("科目代號"),
    "account_name": _("戶名"),
    "fund_code": _("基金（專戶）"),
    "side": _("借貸"),
    "amount_twd": _("金額"),
    "name": _("受款人"),
    "id_type": _("證號類別"),
    "id": _("證號"),
    "bank_code": _("銀行代號"),
    "account_no": _("帳號"),
    "account_name_reason": _("戶名不同之理由"),
    "is_forwarder": _("指定轉發人員"),
    "is_first_pension": _("首次退休金"),
    "first_pension": _("首次退休金"),
    "approval_doc_no": _("核准文號"),
    "retirement_date": _("退休生效日"),
    "type": _("類別"),
    "date": _("開立日期"),
    "ground": _("得採支票之事由"),
    "consent_ref": _("公庫同意文號"),
    "crossing": _("平行線"),
    "special_approval_ref": _("專案核准文號"),
    "reason": _("理由"),
    "disbursement_account": _("劃撥帳號"),
    "roster": _("劃帳清冊"),
    "sha256": _("檔案雜湊值"),
    "delivered_at": _("送達時間"),
    "receipt_ref": _("收據字號"),
    "currency": _("幣別"),
    "amount": _("外幣金額"),
    "rate": _("匯率"),
    "twd_amount": _("折合新臺幣"),
    "quota_ref": _("核定外匯額度"),
    "petty_exception_reason": _("未由零用金支付之理由"),
    "text": _("附記"),
    "no": _("憑證號碼"),
    "payee_seq": _("受款人序號"),
    "collector_kind": _("領取人"),
    "collector_id": _("領取人證號"),
    "letter_no": _("專用函字號"),
    "fiscal_year": _("會計年度"),
    "agency_code": _("機關代號"),
    "case_no": _("墊付案號"),
    "way": _("歸墊方式"),
    "original_agency_code": _("原墊付機關"),
}
# The same name, another thing: below these lists and blocks.
_ELSEWHERE: Final = {
    "account_lines": {"account_name": _("科目名稱")},
    "source_documents": {"number": _("憑證號碼")},
    "attachments": {"name": _("附件名稱")},
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
