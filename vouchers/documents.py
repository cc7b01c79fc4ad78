"""Payment and transfer vouchers as the forms print them: the content in words, with names, seals and digest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

import agencies.selectors
from signing import services as signing
from treasury.core import clock
from treasury.core.documents.shapes import (
    AccountLine,
    Choice,
    Mark,
    Original,
    PayeeLine,
    PaymentVoucher,
    Seal,
    TransferVoucher,
    VoucherHead,
)
from treasury.core.parameters import parameters_on
from treasury.ledger import selectors as ledger
from vouchers import words
from vouchers.acts import Act, acts_of
from vouchers.models import Voucher
from vouchers.remarks import payee_remarks, remarks, slips_by_payee, special_instructions

VoucherShape = PaymentVoucher | TransferVoucher
Content = Mapping[str, Any]

_STATUS = {
    "draft": "草稿",
    **dict.fromkeys(("in_review", "awaiting_accountant", "awaiting_head", "certified"), "簽核中"),
    "returned": "已退件",
    "cancelled": "已取消",
}
# Who prepares and checks signs by acting; who certifies signs with a card, or with a seal on paper.
_PREPARED = (("承辦人員", ("submit",)), ("覆核人員", ("pass_review", "print_for_paper")))


@dataclass(frozen=True, slots=True)
class _World:
    """What the books know of the vouchers to be printed, read once for all of them."""

    agency_names: Mapping[str, str]
    bank_names: Mapping[str, str]
    fund_names: Mapping[str, str]
    accounts: Mapping[int, Mapping[str, ledger.AccountFacts]]
    seals: Mapping[tuple[str, int], tuple[signing.SealFacts, ...]]
    digests: Mapping[tuple[str, int], str]
    acts: Mapping[int, Mapping[str, Act]]
    capacities: Sequence[str]


def voucher_shape(voucher: Voucher, *, marks: tuple[Mark, ...] = ()) -> VoucherShape:
    """One voucher as its form prints it; see `voucher_shapes`."""
    return voucher_shapes([voucher], marks={voucher.pk: marks})[0]


def voucher_shapes(
    vouchers: Sequence[Voucher], *, marks: Mapping[int, tuple[Mark, ...]] | None = None
) -> list[VoucherShape]:
    """Vouchers as their forms print them, in the order given (B-9, B-20).

    A fixed number of statements for any number of vouchers of one fiscal year, if they come with their content.
    `marks` are the treasury's own (公庫處理) by voucher id: the desk knows them. Seals come from the signatures over
    the revision in hand; a place where nobody has signed yet is empty.
    """
    world = _world(vouchers)
    given = marks or {}
    return [_shape(voucher, world, given.get(voucher.pk, ())) for voucher in vouchers]


def _world(vouchers: Sequence[Voucher]) -> _World:
    references = [_reference(voucher) for voucher in vouchers]
    contents = [voucher.content for voucher in vouchers]
    codes = {voucher.agency_code for voucher in vouchers}
    named = agencies.selectors.agencies().filter(code__in=codes)
    return _World(
        agency_names=dict(named.values_list("code", "name")),
        bank_names=agencies.selectors.bank_names(_bank_codes(contents)),
        fund_names=_fund_names(contents),
        accounts={year: ledger.accounts(year) for year in {voucher.fiscal_year for voucher in vouchers}},
        seals=signing.seals_of(references),
        digests=signing.digests_of(references),
        acts=acts_of(voucher.pk for voucher in vouchers),
        capacities=parameters_on(clock.today()).required_capacities,
    )


def _reference(voucher: Voucher) -> tuple[str, int]:
    return voucher.reference, voucher.revision


def _bank_codes(contents: Iterable[Content]) -> set[str]:
    codes: set[str] = set()
    for content in contents:
        codes.update(line["bank_code"] for line in content.get("payee_lines", ()) if "bank_code" in line)
        codes.add(content.get("entrusted", {}).get("bank_code", ""))
    return codes - {""}


def _fund_names(contents: Iterable[Content]) -> dict[str, str]:
    lines = (line for content in contents for line in content["account_lines"])
    codes = {line["fund_code"] for line in lines if line.get("fund_code")}
    return ledger.fund_names(codes) if codes else {}


def _shape(voucher: Voucher, world: _World, marks: tuple[Mark, ...]) -> VoucherShape:
    content: Content = voucher.content
    common: dict[str, Any] = {
        "head": _head(voucher, world),
        "gate": _choice(words.GATES, content.get("gate")),
        "nature": _nature(content),
        "purpose": content["purpose"],
        "total_twd": content["total_twd"],
        "account_lines": _account_lines(voucher, world),
        "seals": _seals(voucher, world),
        "remarks": remarks(content),
        "attachment_count": len(content.get("attachments", ())),
        "marks": marks,
    }
    if voucher.kind == "transfer":
        return TransferVoucher(**common, originals=_originals(voucher))
    entrusted = content.get("entrusted", {}) if voucher.method == "entrusted" else {}
    bank_code = entrusted.get("bank_code", "")
    return PaymentVoucher(
        **common,
        method=_choice(words.METHODS, content.get("method")),
        network=_choice(words.NETWORKS, content.get("network")),
        payee_lines=_payee_lines(content, world),
        legal_pay_on=_date(content, "legal_pay_date"),
        distribution_on=_date(content, "distribution_date"),
        remit_on=_date(content, "remit_date"),
        disbursement_bank_code=bank_code,
        disbursement_bank=world.bank_names.get(bank_code, ""),
        disbursement_account=entrusted.get("disbursement_account", ""),
        crossing=_crossing(voucher),
        special_instructions=special_instructions(content),
    )


def _head(voucher: Voucher, world: _World) -> VoucherHead:
    return VoucherHead(
        treasury=settings.TREASURY_NAME,
        agency_code=voucher.agency_code,
        agency_name=world.agency_names[voucher.agency_code],
        fiscal_year=voucher.fiscal_year,
        number=voucher.number,
        issued_on=voucher.issue_on,
        revision=voucher.revision,
        status=_STATUS.get(voucher.state, ""),
        digest_sha256=world.digests.get(_reference(voucher), ""),
        is_paper=_is_paper(voucher, world),
    )


def _is_paper(voucher: Voucher, world: _World) -> bool:
    """Whether the revision went to paper: its seals are stamped by hand (A-5.4)."""
    return "print_for_paper" in world.acts.get(voucher.pk, {})


def _choice(options: Mapping[str, str], code: str | None) -> Choice:
    return Choice(tuple(options.values()), options.get(code or "", ""))


def _crossing(voucher: Voucher) -> Choice | None:
    if voucher.method not in ("cheque_self", "cheque_forward"):
        return None
    return _choice(words.CROSSINGS, voucher.content.get("cheque", {}).get("crossing", "crossed"))


def _nature(content: Content) -> str:
    """款項性質, with the class of expenditure where it binds the method (B-16)."""
    nature = words.NATURES[content.get("nature", "normal")]
    expense_class = content.get("expense_class", "general")
    return nature if expense_class == "general" else f"{nature}（{words.EXPENSE_CLASSES[expense_class]}）"


def _date(content: Content, name: str) -> date | None:
    """A date of the voucher, or the one its payee lines state: there is only one of each (B-9.1)."""
    sources = (content, *content.get("payee_lines", ()))
    stated = next((source[name] for source in sources if name in source), None)
    return date.fromisoformat(stated) if stated else None


def _account_lines(voucher: Voucher, world: _World) -> tuple[AccountLine, ...]:
    """The account list; a name the agency left out is that of the budget."""
    accounts = world.accounts[voucher.fiscal_year]
    return tuple(
        AccountLine(
            account_code=line["account_code"],
            account_name=line.get("account_name") or _name_of(accounts.get(line["account_code"])),
            amount_twd=line["amount_twd"],
            fund=_fund(line.get("fund_code"), world),
            side=line.get("side", "") if voucher.kind == "transfer" else "",
        )
        for line in voucher.content["account_lines"]
    )


def _name_of(account: ledger.AccountFacts | None) -> str:
    return account.account_name if account else ""


def _fund(fund_code: str | None, world: _World) -> str:
    return f"{fund_code} {world.fund_names.get(fund_code, '')}".strip() if fund_code else ""


def _payee_lines(content: Content, world: _World) -> tuple[PayeeLine, ...]:
    """The payee list; what belongs to the only payee stands among the voucher's remarks.

    The payees of an entrusted transfer have their accounts with its bank unless they name another (B-14.1.2).
    """
    lines = content.get("payee_lines", ())
    bank_code = content.get("entrusted", {}).get("bank_code", "")
    is_list = len(lines) > 1
    slips = slips_by_payee(content)
    return tuple(
        PayeeLine(
            name=line["name"],
            amount_twd=line["amount_twd"],
            identifier_kind=words.IDENTIFIERS.get(line.get("id_type", ""), "證號" if line.get("id") else ""),
            identifier=line.get("id", ""),
            bank_code=line.get("bank_code", bank_code),
            bank_name=world.bank_names.get(line.get("bank_code", bank_code), ""),
            account_no=line.get("account_no", ""),
            account_name=line.get("account_name", ""),
            remarks=payee_remarks(line, slips.get(seq, ())) if is_list else (),
        )
        for seq, line in enumerate(lines, 1)
    )


def _originals(voucher: Voucher) -> tuple[Original, ...]:
    return tuple(
        Original(
            number=_number_of(original, voucher.agency_code),
            fiscal_year=original.get("fiscal_year", voucher.fiscal_year),
            account_code=original.get("account_code", ""),
            amount_twd=original.get("amount_twd"),
        )
        for original in voucher.content.get("originals", ())
    )


def _number_of(original: Content, agency_code: str) -> str:
    """The number of a corrected voucher, with its agency where that is another one."""
    other = original.get("agency_code", agency_code)
    return str(original["number"]) if other == agency_code else f"{other} {original['number']}"


def _seals(voucher: Voucher, world: _World) -> tuple[Seal, ...]:
    """The certification row: who prepared, who checked, and the signatures (B-6.2)."""
    acts = world.acts.get(voucher.pk, {})
    signed = {seal.capacity: seal for seal in world.seals.get(_reference(voucher), ())}
    prepared = (_acted(word, next((acts[verb] for verb in verbs if verb in acts), None)) for word, verbs in _PREPARED)
    certified = [_signed(capacity, signed.get(capacity)) for capacity in world.capacities]
    if _is_paper(voucher, world):
        certified = [Seal(capacity=words.CAPACITIES[capacity]) for capacity in ("accountant", "head")]
    elif "releaser" not in world.capacities:
        certified.append(_acted(words.CAPACITIES["releaser"], acts.get("release")))
    return (*prepared, *certified)


def _acted(word: str, act: Act | None) -> Seal:
    return Seal(capacity=word, name=act.name, at=act.at) if act else Seal(capacity=word)


def _signed(capacity: str, seal: signing.SealFacts | None) -> Seal:
    word = words.CAPACITIES[capacity]
    if seal is None:
        return Seal(capacity=word)
    return Seal(
        capacity=word,
        name=seal.holder,
        at=seal.signed_at,
        certificate_serial=seal.certificate_serial,
        card_no=seal.card_no,
    )
