"""國立公共資訊圖書館: the month's salaries of a hundred people, books, petty amounts, a number used twice."""

from demo.making.office import Office

ADMINISTRATION = "5321800100"
SERVICES = "5321801000"
RESERVE = "5321809800"
ADVANCE = "ADV114-013"


def first_day(office: Office) -> None:
    """Friday: everything is accepted."""
    salaries = office.people(101, 36_800, 57_900, "0040107")
    voucher = office.entrust(ADMINISTRATION, "114年3月份員工薪津", salaries, expense_class="staff")
    office.paid("B-16.1", "entrusted, 101 staff", voucher)

    voucher = office.remit(SERVICES, "114年度外文學術資料庫使用授權", office.bill("database", 348_000))
    office.paid("B-9.9", "foreign company, name in Latin letters with inner blanks", voucher)

    books = office.bill("books", 876_540)
    books["source_documents"] = [office.paper("invoice", twd) for twd in (312_480, 298_060, 266_000)]
    voucher = office.remit(ADMINISTRATION, "114年第1季中文圖書採購", books)
    office.paid("B-14.1.1", "remittance intra_bank, three invoices", voucher)

    voucher = office.remit(ADMINISTRATION, "114年2月份影印機租賃費", office.bill("copiers", 18_400))
    office.paid("B-14.1.1", "remittance intra_bank", voucher)

    voucher = office.advance(ADVANCE, ADMINISTRATION, "地震後電梯緊急檢修", office.bill("lifts", 740_000))
    office.paid("B-32.0", "advance within its case", voucher)

    account = office.own_account("員工薪津專戶", "0040107", 27_350)
    reason = {"entrusted_impossible_reason": "到職人員尚未於劃帳銀行開戶，無法委託劃帳"}
    voucher = office.remit(SERVICES, "114年2月份員工差旅費", account, expense_class="staff", **reason)
    office.paid("B-16.4", "staff money to the agency's special account, with reason", voucher)


def second_day(office: Office) -> None:
    """Monday: petty amounts on both sides of the line, faults, a number twice, a correction."""
    whole_twd = office.accounts[RESERVE].released_twd
    voucher = office.remit(RESERVE, "防汛沙包及抽水機零件", office.bill("repairs", whole_twd))
    office.paid("B-23.2.1", "exactly the whole available balance", voucher)

    petty_amounts(office)

    writer = office.to("writer", 24_000, "individual_receipt")
    del writer["bank_code"], writer["account_no"], writer["account_name"]
    voucher = office.remit(SERVICES, "世界閱讀日講座鐘點費", office.bill("books", 11_000))
    voucher |= {"total_twd": 24_000, "payee_lines": [writer], "network": "fisc"}
    voucher["account_lines"][0]["amount_twd"] = 24_000
    office.refused("R04", "B-9.10", "no bank, account number or account name", voucher)

    voucher = office.remit(SERVICES, "兒童閱讀節海報印製費", office.bill("printing", 38_900, id="87254163"))
    office.refused("R04", "B-9.12.1", "UBN checksum", voucher)

    paper = office.bill("stationery", 12_650)
    del paper["source_documents"][0]["number"]
    voucher = office.remit(ADMINISTRATION, "辦公文具及紙張採購", paper)
    office.refused("R08", "B-9.12.1", "invoice without number", voucher)

    maps = office.bill("printing", 54_200, remit_date="2025-03-10")
    lights = office.bill("repairs", 31_800, remit_date="2025-03-17")
    voucher = office.remit(ADMINISTRATION, "導覽圖印製及燈具更換", maps, lights)
    office.refused("R09", "B-9.1", "different remittance dates", voucher)

    voucher = office.remit(SERVICES, "114年2月份分館清潔費", office.bill("cleaning_tc", 73_600))
    first = office.paid("B-14.1.1", "first of two with one number", voucher)
    voucher = office.remit(SERVICES, "114年2月份分館清潔費（加班）", office.bill("cleaning_tc", 16_200))
    voucher["number"] = first["number"]
    office.refused("R04", "B-9.2", "number used twice in the file", voucher)

    originals = [("P0307-003", ADMINISTRATION, 876_540), ("P0307-004", ADMINISTRATION, 9_200)]
    voucher = office.transfer(originals, SERVICES, "轉正P0307-003、P0307-004支出科目")
    office.paid("B-20", "account corrected, 2 originals, one of them in part", voucher)


def petty_amounts(office: Office) -> None:
    """Pay amounts around 10,000 with and without a reason."""
    voucher = office.remit(ADMINISTRATION, "114年2月份飲水機濾心更換", office.bill("repairs", 9_850))
    office.refused("R10", "B-9.12.2", "10,000 or less without reason", voucher)
    voucher = office.remit(ADMINISTRATION, "114年2月份病媒防治費", office.bill("cleaning_tc", 10_000))
    voucher["notes"] = {"petty_exception_reason": "合約約定按月由庫款直接支付"}
    office.paid("B-9.12.2", "exactly 10,000 with reason", voucher)
    voucher = office.remit(ADMINISTRATION, "書標及磁條採購", office.bill("stationery", 10_001))
    office.paid("B-9.12.2", "exactly 10,001 needs no reason", voucher)
