"""國立故宮博物院: exhibitions, loans from abroad, a building above the limit, a reserve used up in steps."""

from demo.making.office import Office

ADMINISTRATION = "5303400100"
EXHIBITIONS = "5303400200"
OUTREACH = "5303400300"
NEW_MUSEUM = "5303400500"
RESERVE = "5303409800"


def first_day(office: Office) -> None:
    """Friday: everything is accepted; one waits for its date, one is above the limit and goes on paper."""
    overtime = office.people(46, 3_200, 18_400, "0095178")
    voucher = office.entrust(ADMINISTRATION, "114年2月份員工加班費", overtime, expense_class="staff")
    office.paid("B-16.1", "entrusted, 46 staff", voucher)

    voucher = office.abroad(EXHIBITIONS, "特展國外借展品保險費（結匯）", "settling_bank", "EUR", "31280.00", "35.621")
    office.paid("B-21", "foreign currency EUR", voucher)

    voucher = office.remit(EXHIBITIONS, "春季特展展場設計及施作第1期款", office.bill("exhibition", 1_286_500))
    office.paid("B-14.1.1", "remittance fisc, 1 payee", voucher)

    voucher = office.remit(ADMINISTRATION, "114年2月份院區清潔維護費", office.bill("cleaning_tpe", 412_800))
    office.paid("B-14.1.1", "remittance intra_bank", voucher)

    crates = office.bill("art_transport", 1_965_000)
    voucher = office.remit(EXHIBITIONS, "借展文物國內包裝運輸費", crates, remit_date="2025-03-14")
    office.expect("scheduled", "", "B-9.1", "to be remitted on 14 March", voucher)

    why = "公用事業費用，繳費單限以支票繳納"
    power = office.to("power", 1_873_264, "plain_receipt")
    voucher = office.cheque(ADMINISTRATION, "114年2月份院區電費", "utility", why, power)
    office.paid("B-15.2", "cheque_self, crossed, public enterprise", voucher)

    stage = office.bill("builder", 38_650_000)
    voucher = office.remit(NEW_MUSEUM, "新故宮計畫館舍整建工程第9期估驗款", stage)
    office.expect("paper", "", "A-5.4", "above 5,000,000: printed and certified on paper", voucher)


def second_day(office: Office) -> None:
    """Monday: a correction, faults, and the reserve spent to the last dollar."""
    voucher = office.transfer(
        [("P0307-003", EXHIBITIONS, 1_286_500)], OUTREACH, "轉正P0307-003支出科目，展場設計屬推廣行銷"
    )
    office.paid("B-20", "account corrected, 1 original", voucher)

    fee = office.to("visiting_scholar", 42_000, "individual_receipt")
    voucher = office.remit(EXHIBITIONS, "國際學術研討會專題演講費", fee)
    office.paid("B-9.12.1", "individual receipt (passport)", voucher)

    voucher = office.abroad(EXHIBITIONS, "國外博物館圖像授權費（結匯）", "settling_bank", "USD", "8450.00", "32.915")
    for part in (voucher, voucher["account_lines"][0], voucher["payee_lines"][0]):
        part["total_twd" if part is voucher else "amount_twd"] = 278_312
    voucher["foreign_currency"]["twd_amount"] = 278_312
    office.refused("R04", "B-21", "amount x rate differs from total, digits transposed", voucher)

    using_up_the_reserve(office)
    faults(office)

    pensions = office.people(19, 21_500, 58_900, "0040705")
    papers = {"approval_doc_no": "部退三字第1145810274號", "retirement_date": "2025-03-01"}
    pensions[-1] |= {"is_first_pension": True, "first_pension": papers}
    voucher = office.entrust(ADMINISTRATION, "114年3月份退休人員月退休金", pensions, expense_class="retiree")
    office.paid("B-9.12.3", "first pension, entrusted, 19 payees", voucher)


def using_up_the_reserve(office: Office) -> None:
    """Three vouchers on one account: the second asks for more than is left, the third for exactly that."""
    left_twd = office.accounts[RESERVE].released_twd - 520_000
    voucher = office.remit(RESERVE, "震損展櫃緊急加固", office.bill("exhibition", 520_000))
    office.paid("B-23.2.1", "series on one account", voucher)
    voucher = office.remit(RESERVE, "震損庫房門框修復", office.bill("repairs", left_twd + 30_000))
    office.returned("R01", "B-23.2.1", "series: more than what is left", voucher)
    voucher = office.remit(RESERVE, "震損庫房層架修復", office.bill("repairs", left_twd))
    office.paid("B-23.2.1", "series: exactly what is left", voucher)


def faults(office: Office) -> None:
    """Vouchers the system refuses."""
    guards, cleaning = office.bill("guards", 655_000), office.bill("cleaning_tpe", 98_700)
    voucher = office.remit(ADMINISTRATION, "114年2月份保全及清潔加班費", guards, cleaning)
    office.refused("R09", "B-9.1", "mixed banks", voucher)

    travellers = office.people(4, 4_300, 12_600, "0095178")
    voucher = office.remit(ADMINISTRATION, "114年2月份員工國內出差旅費", *travellers, expense_class="staff")
    office.refused("R03", "B-16.1", "staff money remitted to individuals", voucher)

    nameless = office.bill("gardening", 86_500)
    del nameless["id"], nameless["id_type"]
    voucher = office.remit(ADMINISTRATION, "至善園花木養護費", nameless)
    office.refused("R08", "B-9.12.1", "business payee without UBN", voucher)

    writer = office.to("writer", 15_600, "individual_receipt")
    writer["name"] = writer["account_name"] = "白\u3000靜宜"
    voucher = office.remit(OUTREACH, "故宮文物月刊稿費", writer)
    office.refused("R04", "B-9.9", "full-width blank in payee name", voucher)
