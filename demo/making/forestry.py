"""林業及自然保育署: planting, an advance, foreign currency, and a file of the closed year."""

from datetime import date

from demo.making.office import Office

RESEARCH = "5251021300"
ADMINISTRATION = "5651020100"
FOREST_CARE = "5651021000"
DEVELOPMENT = "5651021100"
ADVANCE = "ADV114-012"


def first_day(office: Office) -> None:
    """Friday: everything is accepted."""
    rangers = office.people(65, 1_800, 9_600, "0050050")
    voucher = office.entrust(FOREST_CARE, "114年2月份森林護管員差旅費", rangers, expense_class="staff")
    office.paid("B-16.1", "entrusted, 65 staff", voucher)

    voucher = office.remit(DEVELOPMENT, "國有林崩塌地造林第1期款", office.bill("planting", 3_684_000))
    office.paid("B-14.1.1", "remittance fisc, 1 payee", voucher)

    seedlings = office.to("nursery", 228_000, "plain_receipt")
    voucher = office.remit(DEVELOPMENT, "臺灣杉及牛樟苗木採購", seedlings)
    office.paid("B-9.12.1", "plain receipt", voucher)

    voucher = office.remit(RESEARCH, "無人機光達測繪服務費", office.bill("drones", 465_000))
    office.paid("B-14.1.1", "remittance fisc, 1 payee", voucher)

    slopes = office.bill("builder", 1_480_000)
    voucher = office.advance(ADVANCE, FOREST_CARE, "地震災害林道緊急搶通", slopes)
    office.paid("B-32.0", "advance within its case", voucher)

    why = "受款人設籍山區，未開立金融機構帳戶"
    herder = office.to("herder", 93_600, "individual_receipt")
    voucher = office.cheque(DEVELOPMENT, "原住民保留地禁伐補償金", "no_account", why, herder)
    office.paid("B-14.2.2", "cheque_forward", office.forwarded(voucher, "officer_forest"))

    voucher = office.remit(DEVELOPMENT, "代辦林道排水改善補助款", office.to("village", 1_200_000))
    office.paid("B-14.1.1", "remittance to a government body, no document needed", voucher)


def closed_year(office: Office) -> None:
    """Monday, the file of 113: the books are closed."""
    note = "file 0051020000-113: books closed"
    bills = (("gardening", 76_400), ("repairs", 33_900), ("laboratory", 128_000))
    purposes = ("113年12月份苗圃養護費", "113年12月份工作站修繕費", "113年12月份水質檢驗費")
    monday = office.today
    office.today = date(2024, 12, 31)
    for place, ((key, twd), purpose) in enumerate(zip(bills, purposes, strict=True), start=1):
        voucher = office.remit(FOREST_CARE, purpose, office.bill(key, twd))
        voucher["number"] = f"P1231-{place:03d}"
        office.refused("R06", "B-24.6", note, voucher)
    office.today = monday


def second_day(office: Office) -> None:
    """Monday: cases, networks, currencies, dates, and pensions."""
    voucher = office.advance("ADV114-011", FOREST_CARE, "地震災害崩塌地緊急處理", office.bill("builder", 920_000))
    voucher["notes"]["approval_doc_no"] = "院授主預字第1140100388號"
    office.returned("R02", "B-31", "advance case not known for this agency", voucher)

    seedlings = office.to("nursery", 41_500, "plain_receipt", bank_code="7009990")
    voucher = office.remit(DEVELOPMENT, "獎勵造林苗木採購", seedlings)
    office.refused("R04", "B-15.1", "bank code not in directory", voucher)

    voucher = office.remit(RESEARCH, "森林資源調查航拍費", office.bill("drones", 318_000), network="intra_bank")
    office.refused("R09", "B-9.1", "network does not fit the bank of the only payee", voucher)

    currencies(office)

    account = office.own_account("零用金專戶", "0040864", 64_218)
    replenished = {"nature": "petty_cash_replenishment", "petty_cash_list_no": "零支1140307"}
    voucher = office.remit(ADMINISTRATION, "114年2月份零用金支用款", account, **replenished)
    office.refused("R04", "B-9.6", "purpose lacks 撥還零用金", voucher)

    undated = office.bill("gardening", 58_700)
    del undated["source_documents"][0]["date"]
    voucher = office.remit(FOREST_CARE, "自然教育中心環境養護費", undated)
    office.refused("R08", "B-9.12.1", "source document without date", voucher)

    dates(office)
    pensions(office)

    voucher = office.transfer([("P0310-003", RESEARCH, 318_000)], FOREST_CARE, "轉正P0310-003支出科目")
    voucher["account_lines"][0] = office.charge(FOREST_CARE, 318_000, side="debit")
    office.returned("R02", "B-20", "original voucher was refused, not paid", voucher)


def currencies(office: Office) -> None:
    """Foreign currency with and without its quota."""
    voucher = office.abroad(RESEARCH, "衛星影像授權費（結匯）", "settling_bank", "USD", "9640.50", "32.884")
    office.paid("B-21", "foreign currency USD", voucher)
    voucher = office.abroad(RESEARCH, "國際研討會報名費（結匯）", "settling_bank_tc", "EUR", "1250.00", "35.598")
    del voucher["foreign_currency"]["quota_ref"]
    office.refused("R10", "B-21", "foreign currency without quota", voucher)


def dates(office: Office) -> None:
    """Dates stated once, and two distribution dates together with a wrong total."""
    works, plants = office.bill("planting", 265_000), office.bill("nursery", 96_400)
    stated = {"legal_pay_date": "2025-03-10", "remit_date": "2025-03-10"}
    voucher = office.remit(DEVELOPMENT, "海岸林補植及苗木款", works, plants, **stated)
    office.paid("B-9.1", "dates stated once for the whole voucher", voucher)

    rangers = office.people(8, 2_400, 7_800, "0050050")
    rangers[0]["distribution_date"] = "2025-03-17"
    voucher = office.entrust(FOREST_CARE, "114年2月份巡護加班費", rangers, expense_class="staff")
    voucher["total_twd"] += 1_000
    voucher["account_lines"][0]["amount_twd"] += 1_000
    office.refused("R05;R09", "B-9.1", "different distribution dates, payee sum differs from total", voucher)


def pensions(office: Office) -> None:
    """Pensions the right way and the wrong way."""
    survivors = office.people(14, 12_800, 28_600, "0050050")
    voucher = office.entrust(ADMINISTRATION, "114年3月份遺屬年金", survivors, expense_class="retiree")
    office.paid("B-16.2", "entrusted, 14 payees", voucher)

    retired = office.people(3, 24_000, 47_000, "0050050")
    voucher = office.remit(ADMINISTRATION, "114年3月份退休人員月退休金", *retired, expense_class="retiree")
    office.refused("R03", "B-16.2", "pension remitted to individuals", voucher)
