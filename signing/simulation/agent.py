"""What the card agent does with a request, in the public shape of Chunghwa Telecom's HiPKI component."""

import base64
import binascii
import re
from typing import Any, Final

from cryptography.hazmat.primitives import serialization

from signing.content import is_content, split
from signing.simulation import codes
from signing.simulation.backends import CardBackend, CardFailed, CardLocked, WrongPin
from signing.simulation.cards import Card
from signing.simulation.message import message_sign
from signing.simulation.slots import card_in_reader, cards_in_reader
from signing.simulation.windows import PackageRefused, Windows
from treasury.core import clock

VERSION: Final = "1.1"
# What may be asked without a PIN, so by any page that is known.
OPEN_FUNCTIONS: Final = frozenset({"GetUserCert"})
# What can be compared at all, and what a card takes as its new PIN.
_PIN: Final = re.compile(r"[ -~]{1,32}")
_NEW_PIN: Final = re.compile(r"[0-9]{6,8}")


class Agent:
    """The cards in the readers of one machine, and the windows that its people sign in."""

    def __init__(self, backend: CardBackend) -> None:
        self.backend = backend
        self.windows = Windows(handed=backend.folder / "handed")

    def readers(self, *, with_certificates: bool) -> dict[str, Any]:
        """What `GET /pkcs11info` answers: a slot per card, its description is the card number."""
        slots = [_slot(card, with_certificates) for card in cards_in_reader(self.backend)]
        return {"ret_code": codes.OK, "serverVersion": VERSION, "slots": slots}

    def handle(self, request: Any) -> dict[str, Any]:
        """What `POST /sign` answers to a package of a local program, PIN and content in it."""
        if not isinstance(request, dict) or not all(isinstance(key, str) for key in request):
            return answer(codes.BAD_JSON)
        card = card_in_reader(self.backend, str(request.get("slotDescription", "")))
        if card is None:
            return answer(codes.NO_CARD)
        function = request.get("func")
        if function == "GetUserCert":
            return answer(codes.OK, certb64=card.facts["certificate"], cardSN=card.card_no)
        if function == "MakeSignature" and request.get("signatureType") == "PKCS7":
            return self._sign(card, request, _content(request))
        if function == "UnlockPin":
            return self._unlock(card, request)
        return answer(codes.BAD_FUNCTION)

    def handle_window(self, request: dict[str, Any]) -> dict[str, Any]:
        """What `POST /sign` answers to a window of ours: it names a content that it was given and has shown."""
        function = request.get("func")
        try:
            if function == "UnlockPin":
                self.windows.heard(str(request["popup"]))
            elif function == "MakeSignature":
                content = self.windows.content(str(request["popup"]), request.get("id"))
            else:
                return answer(codes.BAD_FUNCTION)
        except PackageRefused as refused:
            return answer(refused.ret_code)
        card = card_in_reader(self.backend, str(request.get("slotDescription", "")))
        if card is None:
            return answer(codes.NO_CARD)
        if function == "UnlockPin":
            return self._unlock(card, request)
        fixed = {"pin": request.get("pin"), "withCardSN": True, "nonce": split(content).head.nonce}
        return self._sign(card, fixed, content)

    def _sign(self, card: Card, request: dict[str, Any], content: bytes) -> dict[str, Any]:
        """A PKCS#7 signature over a content of ours; nothing else is ever signed (no raw PKCS#1)."""
        if not content:
            return answer(codes.NO_CONTENT)
        if request.get("hashAlgorithm", "SHA256") != "SHA256" or not is_content(content):
            return answer(codes.REFUSED_CONTENT)
        at = clock.now()
        certificate = card.certificate
        if at < certificate.not_valid_before_utc:
            return answer(codes.NOT_YET_VALID)
        if at > certificate.not_valid_after_utc:
            return answer(codes.EXPIRED)
        pin = request.get("pin")
        if not isinstance(pin, str) or not _PIN.fullmatch(pin):
            return answer(codes.NO_PIN)
        try:
            message = message_sign(
                content=content,
                sign=lambda data: self.backend.sign(card, pin=pin, data=data),
                certificate=certificate,
                at=at,
                nonce=str(request.get("nonce", "")),
                card_no=card.card_no if request.get("withCardSN") in (True, "true") else "",
            )
        except CardLocked:
            return answer(codes.CARD_ERROR, last_error=codes.PIN_LOCKED)
        except WrongPin as wrong:
            return answer(codes.CARD_ERROR, last_error=codes.TRIES_LEFT.get(wrong.left, codes.PIN_LOCKED))
        except CardFailed:
            return answer(codes.CARD_ERROR, last_error=codes.DEVICE_FAILED)
        signature = base64.b64encode(message).decode()
        return answer(codes.OK, signature=signature, certb64=card.facts["certificate"], cardSN=card.card_no)

    def _unlock(self, card: Card, request: dict[str, Any]) -> dict[str, Any]:
        """A new PIN for the user code (what the authority's own site offers, A-4)."""
        pin, user_code = request.get("pin"), request.get("userCode")
        if not isinstance(pin, str) or not isinstance(user_code, str) or not pin:
            return answer(codes.NO_PIN)
        if not _NEW_PIN.fullmatch(pin):
            return answer(codes.CARD_ERROR, last_error=codes.PIN_LENGTH)
        try:
            self.backend.unlock(card, user_code=user_code if _PIN.fullmatch(user_code) else "-", new_pin=pin)
        except (WrongPin, CardLocked):
            return answer(codes.CARD_ERROR, last_error=codes.PIN_WRONG)
        except CardFailed:
            return answer(codes.CARD_ERROR, last_error=codes.DEVICE_FAILED)
        return answer(codes.OK)


def answer(ret_code: int, *, last_error: int = 0, **more: Any) -> dict[str, Any]:
    """One answer of the agent."""
    return {"ret_code": ret_code, "last_error": last_error, **more}


def _slot(card: Card, with_certificate: bool) -> dict[str, Any]:
    token = {
        "serialNumber": card.card_no,
        "label": card.facts["holder"],
        "agency": card.facts.get("agency_code", ""),
        "capacity": card.facts.get("capacity", ""),
        "validTo": card.certificate.not_valid_after_utc.astimezone(clock.ZONE).isoformat(),
        "isValid": card.is_valid(clock.now()),
    }
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
