"""The paper forms of a card (A-2.4, B-12.1), filled in from its registration."""

from typing import Final

from django.conf import settings

from agencies.roles import Role
from agencies.selectors import agency_by_code
from signing.models import Card, IssuerKind, SignerKind, SignerRegistration
from signing.validity import day_of
from treasury.core import clock, roc
from treasury.core.documents.application_shapes import Application, FormField, FormPart
from treasury.core.errors import Problem

# What the address of a form says, and its title in both languages.
FORMS: Final = {
    "registration": ("電子支付作業憑證註冊單", "Registration of a certificate for electronic payment"),
    "application": ("國庫電子支付作業申請表", "Application for electronic payment by the treasury"),
    "signer": ("簽證印鑑及自然人憑證簽證申請書", "Application of a signer: specimen seal and certificate"),
}
_DECLARATIONS: Final = {
    "registration": (
        "本機關茲將下列憑證註冊於電子支付作業，所附憑證檔與本單所載相符；"
        "憑證遺失、人員異動或停用時，當即通報並辦理變更。"
    ),
    "application": (
        "本機關申請以憑證簽章辦理電子支付作業，同意依規定指派人員、保管卡片及密碼，"
        "並對以所註冊憑證簽章之支付文件負其責任。"
    ),
    "signer": ("下列簽證人員之印鑑及憑證自登記生效日起用於支付憑單之簽證；於完成變更登記前所為之支付，由本機關負責。"),
}
_NOTES: Final = (
    "本表由系統依註冊資料產生，請核對後用印，函送公庫；憑證檔由系統傳送。",
    "卡片密碼由持卡人自行保管，本表及系統均不記載。",
)


def card_form(*, card: Card, kind: str) -> Application:
    """One of the FORMS for a card; Problem `not_found` (404) for any other kind."""
    if kind not in FORMS:
        raise Problem("not_found", f"there is no form {kind}", status=404)
    agency = agency_by_code(card.agency_code)
    title, title_en = FORMS[kind]
    applied = card.registrations.exclude(kind=SignerKind.LOSS).first()
    holder = _holder(card)
    parts = {
        "registration": (holder, _certificate(card)),
        "application": (holder, _application(card, applied), _certificate(card)),
        "signer": (_application(card, applied), holder, _certificate(card)),
    }
    return Application(
        treasury=settings.TREASURY_NAME,
        title=title,
        title_en=title_en,
        agency_code=agency.code,
        agency_name=agency.name,
        number=f"C{card.pk:07d}",
        dated_on=day_of(card.registered_at),
        parts=parts[kind],
        declaration=_DECLARATIONS[kind],
        seals=("簽證印鑑式樣" if kind == "signer" else "權限管理者", "主辦會計人員", "機關長官", "機關印信"),
        notes=_NOTES,
    )


def _holder(card: Card) -> FormPart:
    return FormPart(
        title="持卡人",
        title_en="Holder",
        fields=(
            FormField(label="姓名", label_en="Name", value=card.user.display_name),
            FormField(label="職務", label_en="Capacity", value=str(Role(card.capacity).label)),
            FormField(label="帳號", label_en="User name", value=card.user.username, is_code=True),
            FormField(label="編制內", label_en="Establishment", value="是" if card.user.is_establishment else "否"),
        ),
    )


def _certificate(card: Card) -> FormPart:
    return FormPart(
        title="憑證",
        title_en="Certificate",
        fields=(
            FormField(label="卡號", label_en="Card number", value=card.card_no, is_code=True),
            FormField(label="憑證機構", label_en="Issuer", value=str(IssuerKind(card.issuer_kind).label)),
            FormField(label="生效日", label_en="Valid from", value=roc.format_date(day_of(card.valid_from))),
            FormField(label="到期日", label_en="Valid to", value=roc.format_date(day_of(card.valid_to))),
            FormField(label="憑證序號", label_en="Serial", value=card.serial.upper(), is_wide=True, is_code=True),
            FormField(label="憑證主體", label_en="Subject", value=card.subject, is_wide=True),
            FormField(
                label="憑證指紋",
                label_en="SHA-256",
                value=bytes(card.fingerprint).hex().upper(),
                is_wide=True,
                is_code=True,
            ),
        ),
    )


def _application(card: Card, applied: SignerRegistration | None) -> FormPart:
    kind = str(SignerKind(applied.kind).label) if applied else ""
    since = roc.format_date(day_of(applied.since_at)) if applied and applied.since_at else ""
    replaced = card.replaces.card_no if card.replaces else ""
    return FormPart(
        title="申請事項",
        title_en="Application",
        fields=(
            FormField(label="申請類別", label_en="Kind", value=kind),
            FormField(label="異動日期", label_en="Changed on", value=since),
            FormField(label="原卡號", label_en="Replaces", value=replaced, is_code=True),
            FormField(label="函文字號", label_en="Letter no.", value=applied.letter_no if applied else ""),
            FormField(label="登記人", label_en="Registered by", value=card.registered_by),
            FormField(label="列印日期", label_en="Printed on", value=roc.format_date(clock.today())),
        ),
    )
