"""The agent bank, spoken to over HTTP: what was certainly not said, and what may have been heard, are told apart.

A caller that gets `OutcomeUnknown` must not say the same again before it has asked (`enquire`); after `BankUnreachable`
nothing has happened at the bank. Nothing is repeated in here, no redirect is followed, no proxy is used.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from treasury.core.errors import Problem

MAX_ANSWER_BYTES = 64 * 2**20
_CONNECT_SECONDS = 5.0
_XML = {"Content-Type": "application/xml"}
_JSON_LINES = {"Content-Type": "application/x-ndjson"}


class BankUnreachable(Problem):
    """The bank did not hear us: nothing happened there, the same may be said again later."""

    def __init__(self, detail: str) -> None:
        super().__init__("bank_unreachable", detail, status=503)


class OutcomeUnknown(Problem):
    """The bank may have heard us and its answer was lost: ask before saying it again."""

    def __init__(self, detail: str) -> None:
        super().__init__("bank_outcome_unknown", detail, status=504)


class BankRefused(Problem):
    """The bank understood and refused; code, detail, path and status are the bank's, nothing happened there."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The bank has taken a batch. The same batch again has the same receipt."""

    message_id: str
    receipt_no: str
    received_at: datetime
    line_count: int
    total_twd: int


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What the bank knows of a batch or of a line.

    `status`: `unknown` (never heard of it), `accepted` (taken, not yet executed), `credited`, `partly_returned` (a
    batch only), `returned` (a line, with its return code) or `rejected` (executed nothing of it).
    """

    status: str
    reference: str
    message_id: str = ""
    amount_twd: int = 0
    return_code: str = ""


class BankClient:
    """One conversation with the bank at `base_url`; an answer is awaited `timeout` seconds. Not shared by threads."""

    def __init__(self, base_url: str, timeout: float) -> None:
        self._base_url = base_url.rstrip("/")
        self._pool = urllib3.PoolManager(
            retries=False,
            timeout=urllib3.Timeout(connect=min(timeout, _CONNECT_SECONDS), read=timeout),
        )

    def submit(self, message_id: str, message: bytes, roster: bytes | None = None) -> Receipt:
        """Hands in a pain.001, its roster (JSON Lines, an entrusted transfer's only) before it.

        BankUnreachable, OutcomeUnknown, or BankRefused: status 409 when the id stands for another message already.
        """
        if roster is not None:
            self._tell("PUT", f"/rosters/{quote(message_id, safe='')}", roster, _JSON_LINES)
        answer = self._tell("PUT", f"/batches/{quote(message_id, safe='')}", message, _XML)
        try:
            return Receipt(
                message_id=str(answer["message_id"]),
                receipt_no=str(answer["receipt_no"]),
                received_at=datetime.fromisoformat(answer["received_at"]),
                line_count=int(answer["line_count"]),
                total_twd=int(answer["total_twd"]),
            )
        except (KeyError, TypeError, ValueError):
            raise OutcomeUnknown("the bank's receipt cannot be read") from None

    def enquire(self, reference: str) -> Enquiry:
        """What became of a message id or an end-to-end id; BankUnreachable."""
        answer = self._ask(f"/enquiries/{quote(reference, safe='')}")
        try:
            return Enquiry(
                status=str(answer["status"]),
                reference=str(answer["reference"]),
                message_id=str(answer.get("message_id", "")),
                amount_twd=int(answer.get("amount_twd", 0)),
                return_code=str(answer.get("return_code", "")),
            )
        except (KeyError, TypeError, ValueError):
            raise BankUnreachable("the bank's answer to an enquiry cannot be read") from None

    def results(self, after: int) -> list[tuple[int, bytes]]:
        """Every result (pain.002) the bank numbered above `after`, in order, with its number; BankUnreachable."""
        found: list[tuple[int, bytes]] = []
        while True:
            page = self._ask(f"/results?after={after}")
            try:
                rows = [(int(row["seq"]), str(row["message"]).encode()) for row in page["results"]]
                has_more = bool(page["has_more"])
            except (KeyError, TypeError, ValueError):
                raise BankUnreachable("the bank's results cannot be read") from None
            # A bank that repeats itself is not heard twice, nor can it keep us here.
            fresh = sorted(row for row in dict(rows).items() if row[0] > after)
            found += fresh
            if not fresh or not has_more:
                return found
            after = fresh[-1][0]

    def statement(self, on: date) -> bytes:
        """The statement (camt.053) of one day; BankUnreachable, or BankRefused for a day that has not come."""
        return self._answer("GET", f"/statements/{on.isoformat()}")

    def roster_outcome(self, message_id: str) -> dict[str, Any]:
        """A delivered roster: payee_count, total_twd, received_at, and the payees the bank could not credit.

        `failed`: objects with `row` (from 0), `account_no`, `amount_twd`, `return_code`. BankUnreachable, BankRefused.
        """
        return self._ask(f"/rosters/{quote(message_id, safe='')}")

    def cheque_stop(self, cheque_no: str) -> str:
        """Asks to stop payment of a cheque: `stopped`, or `already_paid` when it came too late (B-29.1)."""
        return str(self._tell("PUT", f"/stops/{quote(cheque_no, safe='')}", b"", {}).get("outcome", ""))

    def close(self) -> None:
        """Closes the connections."""
        self._pool.clear()

    def __enter__(self) -> "BankClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _tell(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        """Says something that changes the bank's books; whatever is lost on the way is of unknown outcome."""
        answer = _json(self._answer(method, path, body, headers))
        if answer is None:
            raise OutcomeUnknown("the bank's answer cannot be read")
        return answer

    def _ask(self, path: str) -> dict[str, Any]:
        """Asks without changing anything at the bank."""
        answer = _json(self._answer("GET", path))
        if answer is None:
            raise BankUnreachable("the bank's answer cannot be read")
        return answer

    def _answer(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> bytes:
        """The body of a successful answer. A question is never of unknown outcome: it can be asked again."""
        lost: type[BankUnreachable | OutcomeUnknown] = BankUnreachable if body is None else OutcomeUnknown
        try:
            answer = self._pool.request(
                method,
                self._base_url + path,
                body=body,
                headers=headers,
                redirect=False,
                preload_content=False,
            )
            try:
                content = answer.read(MAX_ANSWER_BYTES + 1)
                if len(content) > MAX_ANSWER_BYTES:
                    answer.close()
            finally:
                answer.release_conn()
        except (NewConnectionError, ConnectTimeoutError) as problem:
            raise BankUnreachable(f"no connection to the bank: {problem}") from None
        except (HTTPError, OSError) as problem:
            raise lost(f"the bank's answer was lost: {problem}") from None
        if len(content) > MAX_ANSWER_BYTES:
            raise lost(f"the bank's answer is longer than {MAX_ANSWER_BYTES} bytes")
        if answer.status == 503:
            raise BankUnreachable("the bank takes nothing at the moment")
        if answer.status >= 500 or answer.status < 200 or 300 <= answer.status < 400:
            raise lost(f"the bank answered {answer.status}")
        if answer.status >= 400:
            raise _refusal(answer.status, content)
        return content


def _json(content: bytes) -> dict[str, Any] | None:
    """A JSON object, or None when the bytes are something else."""
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


def _refusal(status: int, content: bytes) -> BankRefused:
    """The bank's problem object as ours."""
    told = _json(content) or {}
    code, detail, path = (str(told.get(key, ""))[:500] for key in ("code", "detail", "path"))
    return BankRefused(code or "bank_refused", detail or f"the bank refused with {status}", path=path, status=status)
