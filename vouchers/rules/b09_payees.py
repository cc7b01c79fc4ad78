"""Point 9, items 8 to 10: method and payee list are filled in, names stand without gaps."""

import re
import unicodedata
from collections.abc import Iterator

from vouchers.facts import VoucherFacts
from vouchers.reasons import Reason
from vouchers.rules.catalogue import Binds, Found, Text, entry_rule, payee_path
from vouchers.rules.worlds import EntryWorld
from vouchers.texts import all_text, texts_of

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ANY_BLANK = re.compile(r"\s")
# A single blank inside is left to Latin names; it is a blank, not a line break or a tab.
_GAP = re.compile(rf"\A\s|\s\Z|\s\s|[\t-\r\x85\u2028\u2029]|(?<=[{_HAN}])\s(?=[{_HAN}])")
_ACCOUNT_FIELDS = {
    "bank_code": Text("銀行代號", "bank code"),
    "account_no": Text("帳號", "account number"),
    "account_name": Text("戶名", "account name"),
}


@entry_rule(
    "B-9.8",
    Reason.R04,
    Binds.PAYMENT,
    title=Text("付款憑單應載明支付方式", "A payment voucher states its method"),
    remedy=Text("選擇支付方式，以電匯存帳為原則", "Choose the method; remittance is the normal one"),
)
def method_is_stated(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Without a method nothing can be paid."""
    if voucher.method is None:
        yield Found("/method", "未載明支付方式", "the payment method is missing")


@entry_rule(
    "B-9.9",
    Reason.R04,
    Binds.PAYMENT,
    title=Text("受款人名稱與戶名應頂格書寫，不得留空白", "Payee and account names stand without gaps"),
    remedy=Text("刪除名稱前後及字間之空白", "Remove the blanks around and inside the name"),
)
def names_have_no_gaps(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """No blank, half or full width, at either end, between two Han characters, or beside another blank."""
    if not any(map(_ANY_BLANK.search, (f"{line.name}{line.account_name}" for line in voucher.payee_lines))):
        return
    for index, line in enumerate(voucher.payee_lines):
        for field, name in (("name", line.name), ("account_name", line.account_name)):
            if name and _ANY_BLANK.search(name) and _GAP.search(name):
                yield Found(payee_path(index, field), f"「{name}」含不當空白", f"misplaced blank in “{name}”")


@entry_rule(
    "B-9.9",
    Reason.R04,
    Binds.PAYMENT,
    title=Text("戶名應與受款人相符，不符者應註明理由", "The account is the payee's own, or the reason is given"),
    remedy=Text("更正戶名，或註明戶名不符之理由", "Correct the account name, or give the reason"),
)
def account_name_is_the_payee(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """A sole proprietor's account in the owner's name is the usual reason."""
    for index, line in enumerate(voucher.payee_lines):
        if line.account_name and line.account_name != line.name and line.account_name_reason is None:
            yield Found(
                payee_path(index, "account_name"),
                f"戶名「{line.account_name}」與受款人「{line.name}」不符",
                f"account name “{line.account_name}” is not the payee “{line.name}”",
            )


@entry_rule(
    "B-9.9",
    Reason.R04,
    Binds.EVERY_VOUCHER,
    title=Text("憑單文字應為可列印之字元", "Every character can be printed"),
    remedy=Text(
        "改用可列印之字，罕用字請洽公庫",
        "Use a character that can be printed; ask the treasury about rare ones",
    ),
)
def characters_can_be_printed(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """Without a glyph it would be lost on a cheque; judged by the packaged fonts, whatever a machine has."""
    if not world.missing_glyphs(all_text(voucher)):
        return
    for path, text in texts_of(voucher):
        for character in world.missing_glyphs(text):
            named = f"U+{ord(character):04X} {unicodedata.name(character, '')}".rstrip()
            yield Found(
                path,
                f"無法列印之字元「{character}」（{named}）",
                f"“{character}” ({named}) cannot be printed",
            )


@entry_rule(
    "B-9.9",
    Reason.R04,
    Binds.EVERY_VOUCHER,
    title=Text("憑單文字應為標準組合形式（NFC）", "Texts are in composed form (NFC)"),
    remedy=Text("重新輸入該文字", "Type the text again"),
)
def texts_are_composed(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """What is signed has one spelling only: two byte sequences that look alike must not both be possible."""
    if unicodedata.is_normalized("NFC", all_text(voucher)):
        return
    for path, text in texts_of(voucher):
        if not unicodedata.is_normalized("NFC", text):
            yield Found(path, f"「{text}」非標準組合形式", f"“{text}” is not in composed form")


@entry_rule(
    "B-9.10",
    Reason.R04,
    Binds.PAYMENT,
    title=Text("付款憑單應有受款人", "A payment voucher names its payees"),
    remedy=Text("填寫受款人清單", "Fill in the payee list"),
)
def payees_are_listed(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """At least one payee."""
    if not voucher.payee_lines:
        yield Found("/payee_lines", "無受款人", "there is no payee")


@entry_rule(
    "B-9.10",
    Reason.R04,
    Binds.REMITTANCE,
    title=Text(
        "電匯存帳之受款人應有銀行代號、帳號及戶名",
        "A remittance states each payee's bank code, account number and account name",
    ),
    remedy=Text("補填受款人帳戶資料", "Complete the payee's account"),
)
def remitted_accounts_are_complete(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """One finding for each of the three that is missing."""
    for index, line in enumerate(voucher.payee_lines):
        if line.bank_code is not None and line.account_no is not None and line.account_name is not None:
            continue
        for field, name in _ACCOUNT_FIELDS.items():
            if getattr(line, field) is None:
                yield Found(payee_path(index, field), f"受款人缺{name.zh}", f"the payee's {name.en} is missing")


@entry_rule(
    "B-9.10",
    Reason.R04,
    Binds.REMITTANCE,
    title=Text("電匯存帳應註明聯行通匯或跨行通匯", "A remittance states its network"),
    remedy=Text("選擇通匯別", "Choose the network"),
)
def remittance_states_its_network(voucher: VoucherFacts, world: EntryWorld) -> Iterator[Found]:
    """An explicit null states nothing."""
    if voucher.network is None:
        yield Found("/network", "未註明通匯別", "the network is missing")
