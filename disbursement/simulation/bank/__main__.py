"""Starts the bank: `python -m disbursement.simulation.bank --store FILE --port 0 --ready-file F`.

Exit codes: 0 told to end; 1 a fault of its own; 2 could not start (one problem object as JSON on standard error).
"""

import argparse
import json
import os
import signal
import sqlite3
import sys
import threading
from pathlib import Path

from disbursement.simulation.bank.execution import Executor
from disbursement.simulation.bank.scenario import scenario_load
from disbursement.simulation.bank.server import Bank, Server
from disbursement.simulation.bank.store import Store, StoreInUse
from treasury.core.errors import Problem


def main() -> int:
    """Runs until SIGTERM or SIGINT."""
    options = _options()
    try:
        scenario = scenario_load(options.scenario)
        store = Store(options.store, account_no=options.account_no, opening_twd=options.opening_twd)
        server = Server(options.port)
    except (Problem, StoreInUse, sqlite3.Error, OSError) as problem:
        known = problem if isinstance(problem, Problem) else Problem("bank_cannot_start", str(problem))
        print(json.dumps(known.as_dict(), ensure_ascii=False), file=sys.stderr)
        return 2
    faults: list[str] = []

    def end() -> None:
        threading.Thread(target=server.shutdown).start()

    def fault() -> None:
        faults.append("executor")
        end()

    executor = Executor(store, scenario, fault)
    server.bank = Bank(store, scenario, executor, options.institution, scenario.drop_after_accept)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end())
    executor.start()
    _announce(options.ready_file, f"http://127.0.0.1:{server.server_address[1]}")
    server.serve_forever(poll_interval=0.1)
    executor.end()
    store.close()
    return 1 if faults else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m disbursement.simulation.bank", description="The agent bank")
    parser.add_argument("--store", type=Path, required=True, help="the bank's books, an SQLite file")
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--ready-file", type=Path, help="gets the address once the bank serves")
    parser.add_argument("--scenario", type=Path, help="how it behaves, a JSON file")
    parser.add_argument("--opening-twd", type=int, default=0, help="what the account holds when the store is new")
    parser.add_argument("--account-no", default="00400000000018", help="the master account, when the store is new")
    parser.add_argument("--institution", default="004", help="the bank's own institution code")
    return parser.parse_args()


def _announce(ready_file: Path | None, address: str) -> None:
    """Writes the address whole or not at all."""
    if ready_file is None:
        print(address, flush=True)
        return
    draft = ready_file.with_name(ready_file.name + ".new")
    draft.write_text(address + "\n")
    os.replace(draft, ready_file)


if __name__ == "__main__":
    sys.exit(main())
