"""消防署: an exercise, rescue gear, an advance for search and rescue, vehicles beyond the balance."""

from demo.making.office import Office

ADMINISTRATION = "3708510100"
FIRE_SERVICE = "3708511000"
PORT_SERVICE = "3708512000"
SPECIAL_RESCUE = "3708513000"
VEHICLES = "3708519011"
ADVANCE = "ADV114-011"


def first_day(office: Office) -> None:
    """Friday: everything is accepted."""
    overtime = office.people(72, 8_000, 19_000, "0060084")
    voucher = office.entrust(ADMINISTRATION, "114年2月份超時服勤加班費", overtime, expense_class="staff")
    office.paid("B-16.1", "entrusted, 72 staff", voucher)

    why = "演習現場零星支付，由指定人員領回轉發"
    officer = office.to("officer_fire", 620_000, is_forwarder=True)
    voucher = office.cheque(FIRE_SERVICE, "114年度災害防救演習預借經費", "special", why, officer)
    voucher["nature"] = "advance_funds"
    note = "uncrossed from 500,000, designated forwarding person, no approval needed"
    office.paid("B-27.2", note, office.forwarded(office.uncrossed(voucher), "officer_fire"))

    parts = office.bill("helicopter_parts", 1_850_000)
    voucher = office.advance(ADVANCE, SPECIAL_RESCUE, "震災搜救直升機緊急航材", parts)
    office.paid("B-32.0", "advance within its case", voucher)

    voucher = office.remit(FIRE_SERVICE, "消防衣帽鞋汰換第1批", office.bill("fire_gear", 2_437_500))
    office.paid("B-14.1.1", "remittance fisc, 1 payee", voucher)

    voucher = office.remit(PORT_SERVICE, "港務消防艇年度歲修", office.bill("boats", 1_268_000))
    office.paid("B-14.1.1", "remittance intra_bank", voucher)

    voucher = office.remit(ADMINISTRATION, "114年2月份數據專線費", office.bill("telecom", 389_214))
    office.paid("B-9.12.1", "remittance to a public enterprise", voucher)

    replenished = {"nature": "petty_cash_replenishment", "petty_cash_list_no": "零支1140305"}
    account = office.own_account("零用金專戶", "0040750", 86_417)
    voucher = office.remit(ADMINISTRATION, "114年2月份撥還零用金", account, **replenished)
    office.paid("B-9.6", "petty-cash replenishment", voucher)


def second_day(office: Office) -> None:
    """Monday: balances and an advance at their edge, cheques of every kind, faults."""
    voucher = office.remit(VEHICLES, "救災指揮車汰換1輛", office.bill("cars", 1_180_000))
    office.returned("R01", "B-23.2.1", "more than the available balance", voucher)
    voucher = office.remit(VEHICLES, "公務電動機車2輛", office.bill("motorcycles", 198_000))
    office.paid("B-23.2.1", "a smaller one on the same account", voucher)

    voucher = office.advance(ADVANCE, SPECIAL_RESCUE, "搜救隊生命探測器", office.bill("fire_gear", 2_480_000))
    office.returned("R01", "B-32.0", "advance above the rest of its case", voucher)
    voucher = office.advance(ADVANCE, SPECIAL_RESCUE, "搜救隊生命探測器", office.bill("fire_gear", 2_350_000))
    office.paid("B-32.0", "advance of exactly the rest of its case", voucher)

    cheques(office)

    voucher = office.remit(FIRE_SERVICE, "住宅用火災警報器採購", office.bill("fire_gear", 742_000))
    voucher["payee_lines"][0]["amount_twd"] = 724_000
    voucher["payee_lines"][0]["source_documents"][0]["amount_twd"] = 724_000
    office.refused("R05", "B-24.5", "payee sum differs from total", voucher)

    voucher = office.remit(ADMINISTRATION, "114年3月份大樓電梯保養費", office.bill("lifts", 58_200))
    voucher["issue_date"] = "2025-03-31"
    office.refused("R04", "B-24.4", "issue date after today", voucher)

    voucher = office.transfer([("P0306-021", FIRE_SERVICE, 145_000)], ADMINISTRATION, "轉正P0306-021支出科目")
    office.returned("R02", "B-20", "original voucher is no agency's", voucher)

    reason = {"account_name": "程嘉倫", "account_name_reason": "獨資商號，帳戶以負責人程嘉倫名義開立"}
    ropes = office.bill("mountain_gear", 364_800, **reason)
    voucher = office.remit(SPECIAL_RESCUE, "山域搜救繩索及吊帶", ropes)
    office.paid("B-9.9", "sole proprietorship, account in the owner's name, with reason", voucher)


def cheques(office: Office) -> None:
    """Uncrossed cheques of 500,000 and more, and a cheque without its block."""
    why = "受款人於集結現場即時交付，無法以電匯存帳支付"
    rooms = office.bill("hotel", 536_000)
    voucher = office.cheque(SPECIAL_RESCUE, "國際搜救隊集結住宿費", "special", why, rooms)
    office.refused("R03", "B-27.2", "uncrossed from 500,000 without approval", office.uncrossed(voucher))

    shared = office.to("county_police", 560_000, "plain_receipt")
    voucher = office.cheque(FIRE_SERVICE, "聯合演習分攤經費", "special", why, shared)
    voucher = office.uncrossed(voucher, "專案核准字第11400317號")
    note = "uncrossed from 500,000 with special approval, government or public enterprise"
    office.paid("B-27.2", note, voucher)

    subsidy = office.to("village", 48_000, "plain_receipt")
    voucher = office.cheque(FIRE_SERVICE, "義消分隊裝備保養補助", "special", why, subsidy)
    del voucher["cheque"]
    office.refused("R03;R10", "B-15.2", "no cheque block", voucher)
