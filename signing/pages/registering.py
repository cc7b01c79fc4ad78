"""Registering a card: whose it is, its number, its certificate as a file, as text, or read from the card agent."""

import base64
import binascii
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.delegations import signers_of
from agencies.pages.access import actor_in, needs
from agencies.pages.forms import PageForm, RocDateField, sent, shown
from signing.selectors import cards_registered
from signing.services.registrations import SignerApplication, issuer_for, signer_register
from signing.states import IN_USE
from signing.templatetags.cards import capacity_name, issuer_name
from treasury.core import clock
from treasury.core.parameters import parameters_on
from treasury.core.texts import either

CERTIFICATE_BYTES_MAX: Final = 16 * 1024


class RegisterForm(PageForm):
    """A signer, the card's number and certificate, and what the application says."""

    signer = forms.ChoiceField(label=_("持卡人與職務"), help_text=_("只列出擔任或受授權代簽該職務的人員。"))
    card_no = forms.CharField(label=_("卡號"), max_length=32, help_text=_("印在卡片正面。"))
    certificate = forms.FileField(
        label=_("憑證檔"), required=False, help_text=_("簽章用憑證，DER 或 PEM，16 KB 以內。")
    )
    pasted = forms.CharField(
        label=_("或貼上憑證內容"),
        required=False,
        max_length=CERTIFICATE_BYTES_MAX,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("PEM 文字，或由讀卡機讀取後自動填入。"),
    )
    replaces_id = forms.ChoiceField(
        label=_("換發或接替的卡片"), required=False, help_text=_("本卡啟用時，該卡即終止。同一把金鑰的舊卡會自動認出。")
    )
    since_on = RocDateField(
        label=_("異動日期"), required=False, help_text=_("更換簽證人員時填新任到職日，例如 114/3/10；新登記不填。")
    )
    letter_no = forms.CharField(
        label=_("函文字號"),
        required=False,
        max_length=60,
        help_text=_("貴機關函送紙本的文號；尚未發文可不填，由公庫登記。"),
    )

    def __init__(self, *args: Any, agency_code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = parameters_on(clock.today()).required_capacities
        signers = signers_of(agency_code, wanted, clock.today())
        self.fields["signer"].choices = [  # type: ignore[attr-defined]
            ("", _("請選擇")),
            *(
                (f"{user_id}:{capacity}", _signer(name, capacity, is_lent))
                for user_id, name, capacity, is_lent in signers
            ),
        ]
        cards = cards_registered(agency_code=agency_code).filter(state__in=IN_USE, replaced_by__isnull=True)
        self.fields["replaces_id"].choices = [  # type: ignore[attr-defined]
            ("", _("無")),
            *(
                (str(one.pk), f"{one.card_no} {one.user.display_name}（{capacity_name(one.capacity)}）")
                for one in cards
            ),
        ]

    def clean(self) -> dict[str, Any]:
        """One certificate: the file's, or the text's as PEM or base64."""
        given: dict[str, Any] = super().clean() or {}
        file, text = given.get("certificate"), (given.get("pasted") or "").strip()
        if file is None and not text:
            self.add_error("certificate", ValidationError(_("請選擇憑證檔，或貼上憑證內容。")))
        elif file is not None and file.size > CERTIFICATE_BYTES_MAX:
            self.add_error("certificate", ValidationError(_("檔案太大，請確認是否為憑證檔。")))
        else:
            given["der"] = file.read() if file is not None else _decoded(text)
        return given


@needs("signing.create_card")
def register(request: HttpRequest) -> HttpResponse:
    """The form, and the registration itself."""
    actor = actor_in(request)
    form = RegisterForm(request.POST or None, request.FILES or None, agency_code=actor.agency_code)

    def effect(given: dict[str, Any]) -> str:
        user_id, _colon, capacity = given["signer"].partition(":")
        application = SignerApplication(
            user_id=int(user_id),
            capacity=capacity,
            card_no=given["card_no"],
            certificate=given["der"],
            letter_no=given["letter_no"],
            since_on=given["since_on"],
            replaces_id=int(given["replaces_id"]) if given["replaces_id"] else None,
        )
        card = signer_register(application=application, agency_code=actor.agency_code, actor=actor)
        return reverse("signing:card", args=[card.pk])

    context = {"form": form, "issuer": issuer_name(issuer_for(actor.agency_code))}
    return sent(request, form, effect) or shown(request, "signing/register.html", context, form)


def _signer(name: str, capacity: str, is_lent: bool) -> str:
    lent = either("代簽人", "delegate") if is_lent else ""
    return f"{name}（{capacity_name(capacity)}{either('，', ', ') + lent if lent else ''}）"


def _decoded(text: str) -> bytes:
    """PEM as it is; anything else as base64, or as it is where it is none (the service then says what is wrong)."""
    if text.startswith("-----"):
        return text.encode()
    try:
        return base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError):
        return text.encode()
