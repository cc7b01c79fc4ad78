"""司法官學院: allowances of trainees, lecturers, and the faults of everyday papers."""

from demo.making.office import Office

ADMINISTRATION = "3423100100"
TRAINING = "3423101000"
RESERVE = "3423109800"


def first_day(office: Office) -> None:
    """Friday: everything is accepted; one waits for its date."""
    trainees = office.people(88, 45_200, 52_600, "0060763")
    voucher = office.entrust(TRAINING, "第64期學習司法官114年3月份津貼", trainees, expense_class="staff")
    office.paid("B-16.1", "entrusted, 88 trainees", voucher)

    fees = {"lecturer_1": 12_000, "lecturer_2": 16_000, "lecturer_3": 8_000}
    lines = [office.to(key, twd, "individual_receipt") for key, twd in fees.items()]
    voucher = office.remit(TRAINING, "司法官在職進修課程講座鐘點費", *lines)
    office.paid("B-9.12.1", "individual receipts (national_id), 3 payees", voucher)

    voucher = office.remit(TRAINING, "114年2月份學員膳食費", office.bill("catering", 463_450))
    office.paid("B-14.1.1", "remittance fisc, 1 payee", voucher)

    covers = office.to("printing", 28_600, "plain_receipt")
    voucher = office.remit(TRAINING, "擬判測驗試卷印製費", covers)
    office.paid("B-9.12.1", "plain receipt", voucher)

    voucher = office.remit(TRAINING, "學員機關參訪交通費（預付）", office.bill("travel", 156_000), nature="prepaid")
    office.paid("B-11.2", "prepaid payment", voucher)

    voucher = office.remit(ADMINISTRATION, "114年2月份電話費", office.bill("telecom", 45_812))
    voucher["legal_pay_date"] = "2025-03-20"
    office.expect("scheduled", "", "B-9.1", "due by law on 20 March", voucher)


def second_day(office: Office) -> None:
    """Monday: identifiers, sums, gates, networks, consent, and a reserve too small."""
    stranger = office.to("lecturer_3", 16_000, "individual_receipt")
    del stranger["id"], stranger["id_type"]
    voucher = office.remit(TRAINING, "刑事鑑識課程講座鐘點費", stranger)
    office.refused("R10", "B-9.12.1", "individual without ID", voucher)

    mistyped = office.to("lecturer_2", 12_000, "individual_receipt", id="F201793580")
    voucher = office.remit(TRAINING, "洗錢防制課程講座鐘點費", mistyped)
    office.refused("R04", "B-9.12.1", "national ID checksum, digits transposed", voucher)

    voices = office.to("interpreter_1", 11_400, "individual_receipt")
    voucher = office.remit(TRAINING, "司法通譯課程鐘點費", voices)
    office.paid("B-9.12.1", "individual receipt (resident_id)", voucher)

    voucher = office.remit(ADMINISTRATION, "學員宿舍冷氣清洗費", office.bill("repairs", 64_300))
    voucher["account_lines"] = [office.charge(ADMINISTRATION, 43_000), office.charge(TRAINING, 21_000)]
    office.refused("R05", "B-24.5", "account sum differs from total", voucher)

    voucher = office.remit(TRAINING, "模擬法庭視聽設備維護費", office.bill("network", 132_000), gate="capital")
    office.refused("R04", "B-9.5", "wrong gate", voucher)

    voucher = office.remit(TRAINING, "學員學籍系統維護費", office.bill("software", 245_000))
    del voucher["network"]
    office.refused("R04", "B-9.10", "remittance without network", voucher)

    water = office.to("water", 38_127, "plain_receipt")
    voucher = office.cheque(ADMINISTRATION, "114年2月份水費", "utility", "公用事業費用，繳費單限以支票繳納", water)
    del voucher["cheque"]["consent_ref"]
    office.refused("R03", "B-15.2", "cheque without consent", voucher)

    account = office.own_account("零用金專戶", "0040864", 10_000)
    voucher = office.remit(ADMINISTRATION, "114年度額定零用金", account, nature="fixed_petty_cash")
    office.paid("B-9.12.2", "fixed petty cash of 10,000 or less, no reason needed", voucher)

    voucher = office.remit(RESERVE, "講堂投影機緊急更換", office.bill("network", 68_000))
    office.returned("R01", "B-23.2.1", "more than the available balance", voucher)

    pension = office.people(1, 41_200, 41_200, "0060763")
    pension[0] |= {"is_first_pension": True, "first_pension": {"retirement_date": "2025-03-01"}}
    voucher = office.entrust(ADMINISTRATION, "114年3月份月退休金", pension, expense_class="retiree")
    office.refused("R10", "B-9.12.3", "first pension without approval number", voucher)

    voucher = office.remit(TRAINING, "法學叢書採購", office.bill("lawbooks", 57_320))
    office.paid("B-14.1.1", "remittance fisc, 1 payee", voucher)
