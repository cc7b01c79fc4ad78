"""The simulated bank as a child of the test, and the orders the tests send to it."""

import json
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import urllib3

from disbursement.bank_client import BankClient
from disbursement.iso20022 import pain001
from treasury.core import clock
from treasury.embedded.children import Child

ACCOUNT_NO = "00400000000018"


class BankProcess:
    """One bank process; `start` after `kill` continues with the same books."""

    def __init__(self, argv: list[str], *, directory: Path, clock_setting: str) -> None:
        ready_file = directory / "bank.ready"
        self._child = Child(
            "bank",
            [*argv, "--ready-file", str(ready_file)],
            env={"CLOCK": clock_setting},
            ready_file=ready_file,
            log=directory / "bank.log",
        )
        self.url = ""

    def start(self) -> "BankProcess":
        self._child.start()
        self.url = self._child.wait_ready()
        return self

    def kill(self) -> None:
        self._child.kill()

    def stop(self) -> None:
        self._child.stop()

    def client(self, timeout: float = 20) -> BankClient:
        return BankClient(self.url, timeout)

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of a raw request; a body that is not bytes is sent as JSON."""
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        answer = urllib3.request(method, self.url + path, body=content, retries=False, timeout=20)
        return answer.status, json.loads(answer.data)

    def balance_twd(self) -> int:
        return int(self.ask("GET", "/account")[1]["balance_twd"])


def order(
    message_id: str = "NTA-20250307-00001",
    *,
    amounts: tuple[int, ...] = (1000, 2500),
    network: str = "fisc",
    on: date = date(2025, 3, 7),
    prefix: str = "",
    accounts: tuple[str, ...] = (),
) -> bytes:
    """A pain.001 with a line per amount; ids, accounts and names follow from the position."""
    bank_code = "0040059" if network == "intra_bank" else "8220059"
    lines = [
        pain001.CreditLine(
            f"{prefix or message_id}.{position}",
            amount_twd,
            bank_code,
            accounts[position] if accounts else f"{position:012d}",
            f"受款人{position}",
            "貨款",
        )
        for position, amount_twd in enumerate(amounts)
    ]
    created_at = datetime(2025, 3, 7, 9, 0, tzinfo=clock.ZONE)
    return pain001.build(pain001.Batch(message_id, created_at, on, network, "國庫集中支付", ACCOUNT_NO, lines))


def wait_for_results(client: BankClient, count: int, *, after: int = 0, seconds: float = 20) -> list[tuple[int, bytes]]:
    """The results once there are that many."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = client.results(after)
        if len(found) >= count:
            return found
        time.sleep(0.01)
    raise AssertionError(f"{len(client.results(after))} results of {count} after {seconds} s")
