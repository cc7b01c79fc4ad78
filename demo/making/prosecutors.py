"""臺灣臺中地方檢察署: witnesses and victims paid by cheque, motorcycles to the last dollar, corrections."""

from demo.making.office import Office

ADMINISTRATION = "3423500100"
PROSECUTION = "3423501000"
BUILDING = "3423508500"
VEHICLES = "3423509011"


def first_day(office: Office) -> None:
    """Friday: everything is accepted."""
    witnesses = [office.to(key, twd, "individual_receipt") for key, twd in (("witness_1", 1_560), ("witness_2", 2_230))]
    why = "證人未開立金融機構帳戶"
    voucher = office.cheque(PROSECUTION, "證人日費及旅費", "no_account", why, *witnesses)
    voucher["notes"] = {"petty_exception_reason": "證人到庭當日支付，零用金已用罄"}
    office.paid("B-17.1", "cheque_self, crossed, 2 payees, 10,000 or less with reason", voucher)

    victims = [office.to("victim_1", 400_000), office.to("victim_2", 300_000)]
    why = "犯罪被害人無法及時提供存款帳戶"
    voucher = office.cheque(PROSECUTION, "犯罪被害補償金", "welfare", why, *victims)
    office.paid("B-17.1", "cheque_self, crossed, 2 payees", voucher)

    voucher = office.cheque(PROSECUTION, "犯罪被害補償金", "welfare", why, office.to("victim_2", 180_000))
    office.paid("B-27.2", "uncrossed below 500,000, private payee", office.uncrossed(voucher))

    voucher = office.remit(PROSECUTION, "114年2月份毒品尿液檢驗費", office.bill("laboratory", 186_400))
    office.paid("B-14.1.1", "remittance fisc, 1 payee", voucher)

    voucher = office.remit(ADMINISTRATION, "114年2月份辦公廳舍清潔費", office.bill("cleaning_tc", 148_300))
    office.paid("B-14.1.1", "remittance intra_bank", voucher)

    voices = [
        office.to(key, twd, "individual_receipt") for key, twd in (("interpreter_1", 14_600), ("interpreter_2", 9_800))
    ]
    voucher = office.remit(PROSECUTION, "114年2月份偵查庭通譯費", *voices)
    office.paid("B-9.12.1", "individual receipts (resident_id, passport)", voucher)

    voucher = office.remit(BUILDING, "廳舍擴建工地保全費（暫付）", office.bill("guards", 95_000), nature="temporary")
    office.paid("B-11.2", "temporary payment", voucher)


def second_day(office: Office) -> None:
    """Monday: the vehicles' balance to the dollar, cheques and rosters with faults, accounts corrected."""
    voucher = office.remit(VEHICLES, "電動機車3輛汰換", office.bill("motorcycles", 3 * 73_333))
    office.paid("B-23.2.1", "exactly the whole available balance", voucher)
    voucher = office.remit(VEHICLES, "電動機車1輛增購", office.bill("motorcycles", 73_333))
    office.returned("R01", "B-23.2.1", "nothing is left of the account", voucher)

    cheques_and_rosters(office)
    wrong_accounts(office)

    stage = office.remit(ADMINISTRATION, "擴建工程委託測量費", office.bill("drones", 286_000))
    stage = office.paid("B-14.1.1", "remittance fisc, 1 payee", stage)
    originals = [(stage["number"], ADMINISTRATION, 286_000)]
    voucher = office.transfer(originals, BUILDING, f"轉正{stage['number']}支出科目")
    office.paid("B-20", "account corrected, original paid earlier the same day", voucher)

    voucher = office.transfer([("P0307-004", PROSECUTION, 186_400)], ADMINISTRATION, "轉正P0307-004支出科目")
    voucher["account_lines"][0]["amount_twd"] = 184_600
    office.refused("R05", "B-20", "debit differs from credit", voucher)

    copier = office.bill("copiers", 23_500, account_name="影拓事務機器股份有限公司臺中分公司")
    del copier["id"]
    voucher = office.remit(ADMINISTRATION, "114年2月份影印機租賃費", copier)
    office.refused("R04;R08", "B-9.9", "account holder differs without reason, no UBN", voucher)


def cheques_and_rosters(office: Office) -> None:
    """Cheques and entrusted transfers that the system refuses."""
    why = "受款人於會勘現場即時交付，無法以電匯存帳支付"
    share = office.to("township", 88_000, "plain_receipt")
    voucher = office.cheque(PROSECUTION, "法治教育巡迴活動分攤經費", "special", why, share)
    note = "uncrossed, government or public enterprise below 500,000"
    office.refused("R03", "B-27.2", note, office.uncrossed(voucher))

    victim = office.to("victim_1", 60_000)
    voucher = office.cheque(PROSECUTION, "犯罪被害補償金（暫時補償）", "welfare", why, victim)
    voucher["cheque"] = {"consent_ref": voucher["cheque"]["consent_ref"]}
    office.refused("R10", "B-15.2", "cheque without ground or reason", voucher)

    overtime = office.people(12, 3_600, 16_800, "0040107")
    voucher = office.entrust(ADMINISTRATION, "114年2月份值勤加班費", overtime, expense_class="staff")
    voucher["entrusted"]["bank_code"] = "0049990"
    office.refused("R04", "B-14.1.2", "entrusted bank code not in directory", voucher)

    overtime = office.people(9, 5_200, 14_300, "0040107")
    voucher = office.entrust(ADMINISTRATION, "114年2月份法警超勤加班費", overtime, expense_class="staff")
    del voucher["entrusted"]
    office.refused("R04", "B-14.1.2", "no entrusted block", voucher)


def wrong_accounts(office: Office) -> None:
    """Accounts of another agency and of nobody."""
    voucher = office.remit(ADMINISTRATION, "公文系統維護費", office.bill("software", 118_000))
    voucher["account_lines"] = [office.charge("3423101000", 118_000)]
    office.returned("R02", "B-24.2", "account code of another agency", voucher)

    voucher = office.remit(ADMINISTRATION, "數位證物儲存設備維護費", office.bill("network", 207_500))
    voucher["account_lines"][0]["account_code"] = "9923500100"
    office.refused("R04", "B-9.3.1", "unknown account code", voucher)
