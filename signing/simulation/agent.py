"""What the card agent does with a request, in the public shape of Chunghwa Telecom's HiPKI component.

Codes are that component's: `ret_code` says what went wrong, `last_error` what the card said.
"""

import base64
import binascii
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import serialization

from signing.content import is_content
from signing.simulation.cards import CardFile, CardLocked, Reader, WrongPin, card_read, cards_read
from signing.simulation.message import message_sign
from treasury.core import clock

VERSION: Final = "1.0"
OK: Final = 0
NO_CONTENT: Final = 0x76000003
NO_CARD: Final = 0x76000006
BAD_JSON: Final = 0x7600000B
REFUSED_CONTENT: Final = 0x76000010
BAD_FUNCTION: Final = 0x76000002
CARD_ERROR: Final = 0x76000031
NO_PIN: Final = 0x76000998
NOT_YET_VALID: Final = 0x76500001
EXPIRED: Final = 0x76500002
PIN_WRONG: Final = 0xA0
PIN_LOCKED: Final = 0xA4
TRIES_LEFT: Final = {2: 0x80000002, 1: 0x80000001}


class Agent:
    """The cards in the readers of one machine: every card of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reader = Reader(folder)

    def readers(self, *, with_certificates: bool) -> dict[str, Any]:
        """What `GET /pkcs11info` answers: a slot per card, its description is the card number."""
        slots = [_slot(card, with_certificates) for card in cards_read(self.folder)]
        return {"ret_code": OK, "serverVersion": VERSION, "slots": slots}

    def handle(self, request: Any) -> dict[str, Any]:
        """What `POST /sign` answers to a package."""
        if not isinstance(request, dict) or not all(isinstance(key, str) for key in request):
            return answer(BAD_JSON)
        card = card_read(self.folder, str(request.get("slotDescription", "")))
        if card is None:
            return answer(NO_CARD)
        function = request.get("func")
        if function == "GetUserCert":
            return answer(OK, certb64=card.facts["certificate"], cardSN=card.card_no)
        if function == "MakeSignature" and request.get("signatureType") == "PKCS7":
            return self._sign(card, request)
        if function == "UnlockPin":
            return self._unlock(card, request)
        return answer(BAD_FUNCTION)

    def _sign(self, card: CardFile, request: dict[str, Any]) -> dict[str, Any]:
        """A PKCS#7 signature over a content of ours; nothing else is ever signed (no raw PKCS#1)."""
        content = _content(request)
        if not content:
            return answer(NO_CONTENT)
        if request.get("hashAlgorithm", "SHA256") != "SHA256" or not is_content(content):
            return answer(REFUSED_CONTENT)
        at = clock.now()
        certificate = card.certificate
        if at < certificate.not_valid_before_utc:
            return answer(NOT_YET_VALID)
        if at > certificate.not_valid_after_utc:
            return answer(EXPIRED)
        pin = request.get("pin")
        if not isinstance(pin, str) or not pin:
            return answer(NO_PIN)
        try:
            key = self.reader.key(card, pin)
        except CardLocked:
            return answer(CARD_ERROR, last_error=PIN_LOCKED)
        except WrongPin as wrong:
            return answer(CARD_ERROR, last_error=TRIES_LEFT.get(wrong.left, PIN_LOCKED))
        message = message_sign(
            content=content,
            key=key,
            certificate=certificate,
            at=at,
            nonce=str(request.get("nonce", "")),
            card_no=card.card_no if request.get("withCardSN") in (True, "true") else "",
        )
        signature = base64.b64encode(message).decode()
        return answer(OK, signature=signature, certb64=card.facts["certificate"], cardSN=card.card_no)

    def _unlock(self, card: CardFile, request: dict[str, Any]) -> dict[str, Any]:
        """A new PIN for the user code (what the authority's own site offers, A-4)."""
        try:
            self.reader.unlock(card, str(request.get("userCode", "")), str(request.get("pin", "")))
        except (WrongPin, CardLocked):
            return answer(CARD_ERROR, last_error=PIN_WRONG)
        return answer(OK)


def answer(ret_code: int, *, last_error: int = 0, **more: Any) -> dict[str, Any]:
    """One answer of the agent."""
    return {"ret_code": ret_code, "last_error": last_error, **more}


def _slot(card: CardFile, with_certificate: bool) -> dict[str, Any]:
    token = {"serialNumber": card.card_no, "label": card.facts["holder"]}
    if with_certificate:
        pem = card.certificate.public_bytes(serialization.Encoding.PEM).decode()
        token["certs"] = [
            {"label": "cert1", "usage": "digitalSignature", "certb64": card.facts["certificate"], "pem": pem}
        ]
    return {"slotDescription": card.card_no, "token": token}


def _content(request: dict[str, Any]) -> bytes:
    """The bytes to be signed: base64 with `tbsEncoding` base64, the text itself with NONE."""
    content = request.get("tbs")
    if not isinstance(content, str):
        return b""
    if request.get("tbsEncoding") != "base64":
        return content.encode(errors="replace")
    try:
        return base64.b64decode(content, validate=True)
    except binascii.Error:
        return b""
