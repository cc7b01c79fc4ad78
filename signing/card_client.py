"""Our side of the card agent: asks a card to sign, over HTTP on loopback, and says in words what went wrong."""

import base64
import http.client
import json
import threading
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from treasury.core.errors import Problem

_LOCKED: Final = 0xA4
_TRIES_LEFT: Final = {0x80000002: 2, 0x80000001: 1}
_PROBLEMS: Final[dict[int, tuple[str, str]]] = {
    0x76000003: ("card_no_content", "沒有待簽內容"),
    0x76000006: ("card_absent", "讀卡機未連線或未插卡"),
    0x7600000B: ("card_request_malformed", "卡片服務無法解讀要求"),
    0x7600000F: ("card_service_forbidden", "卡片服務不接受此來源"),
    0x76000010: ("card_refuses_content", "卡片服務不簽署非正規化之內容"),
    0x76000998: ("card_no_pin", "未輸入密碼"),
    0x76000999: ("card_cancelled", "使用者取消"),
    0x76500001: ("card_not_yet_valid", "卡片憑證尚未生效"),
    0x76500002: ("card_expired", "卡片憑證已逾期"),
}


@dataclass(frozen=True, slots=True)
class CardInReader:
    """A card the service can reach; `certificate` is DER, empty unless asked for."""

    card_no: str
    label: str
    certificate: bytes


class CardClient:
    """Speaks to one card agent; usable from several threads, each with a connection of its own."""

    def __init__(self, base_url: str, *, timeout_seconds: float = 60) -> None:
        self._address = urlsplit(base_url).netloc
        self._timeout_seconds = timeout_seconds
        self._own = threading.local()

    def cards(self, *, with_certificates: bool = False) -> tuple[CardInReader, ...]:
        """The cards in the readers; Problem `card_service_down`."""
        found = self._ask("GET", "/pkcs11info?withcert=true" if with_certificates else "/pkcs11info")
        return tuple(
            CardInReader(
                card_no=slot["slotDescription"],
                label=slot["token"]["label"],
                certificate=base64.b64decode(slot["token"]["certs"][0]["certb64"]) if with_certificates else b"",
            )
            for slot in found["slots"]
        )

    def certificate(self, card_no: str) -> bytes:
        """The signing certificate (DER) of a card; Problem `card_absent`."""
        found = self._sign({"func": "GetUserCert", "slotDescription": card_no})
        return base64.b64decode(found["certb64"])

    def sign(self, *, card_no: str, pin: str, content: bytes, nonce: str = "") -> bytes:
        """A detached CMS message (DER) over content by a card.

        Problem `card_pin_wrong` (the detail says how many tries are left), `card_locked`, `card_absent`,
        `card_expired`, `card_not_yet_valid`, `card_refuses_content`, `card_service_down`.
        """
        found = self._sign(
            {
                "func": "MakeSignature",
                "signatureType": "PKCS7",
                "hashAlgorithm": "SHA256",
                "tbs": base64.b64encode(content).decode(),
                "tbsEncoding": "base64",
                "withCardSN": True,
                "nonce": nonce,
                "slotDescription": card_no,
                "pin": pin,
            }
        )
        return base64.b64decode(found["signature"])

    def close(self) -> None:
        """Gives up this thread's connection."""
        connection = getattr(self._own, "connection", None)
        if connection is not None:
            connection.close()
            self._own.connection = None

    def _sign(self, package: dict[str, Any]) -> dict[str, Any]:
        found = self._ask("POST", "/sign", json.dumps(package).encode())
        if found["ret_code"] != 0:
            raise card_problem(found["ret_code"], found["last_error"])
        return found

    def _ask(self, method: str, path: str, body: bytes | None = None) -> dict[str, Any]:
        """One request. Only a kept connection that the service has closed meanwhile is opened anew, once: a request
        that may have been heard is not said again, for a wrong PIN would cost two tries."""
        is_kept = getattr(self._own, "connection", None) is not None
        try:
            try:
                return self._ask_once(method, path, body)
            except ConnectionError:
                self.close()
                if not is_kept:
                    raise
                return self._ask_once(method, path, body)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise Problem("card_service_down", f"卡片服務未回應：{error}", status=503) from None

    def _ask_once(self, method: str, path: str, body: bytes | None) -> dict[str, Any]:
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection(self._address, timeout=self._timeout_seconds)
            self._own.connection = connection
        connection.request(method, path, body, {"Content-Type": "application/json"} if body is not None else {})
        found: dict[str, Any] = json.loads(connection.getresponse().read())
        return found


def card_problem(ret_code: int, last_error: int) -> Problem:
    """What a card agent's answer means, in words; see `CardClient.sign` for the codes."""
    if last_error == _LOCKED:
        return Problem("card_locked", "卡片已鎖，請以用戶代碼解鎖")
    if last_error in _TRIES_LEFT:
        return Problem("card_pin_wrong", f"密碼錯誤，尚可再試 {_TRIES_LEFT[last_error]} 次")
    code, detail = _PROBLEMS.get(ret_code, ("card_refused", f"卡片服務拒絕（0x{ret_code:08X}）"))
    return Problem(code, detail)
