"""`python -m signing.simulation.pki --pki DIR COMMAND`: makes the simulated authorities and tends their lists.

Commands: `init` (nothing where they exist), `refresh-crls`, `revoke`, `hold`, `release` (the last three with
`--issuer gca --serial HEX`), `renew-timestamps` (a new certificate of the timestamp authority, for `--years`). Time is
the product's clock, so `CLOCK` moves it; `--at` names another moment.
"""

import argparse
from datetime import datetime
from pathlib import Path

from signing.simulation.authorities import BELOW, Pki
from signing.simulation.time_certificates import YEARS, TimeCertificates
from treasury.core import clock


def main(arguments: list[str] | None = None) -> None:
    """Runs one command; prints nothing."""
    parser = argparse.ArgumentParser(prog="python -m signing.simulation.pki", description=__doc__)
    parser.add_argument("--pki", type=Path, required=True, help="folder of the authorities")
    parser.add_argument("--at", type=datetime.fromisoformat, help="moment (ISO 8601 with offset) instead of now")
    parser.add_argument("command", choices=["init", "refresh-crls", "revoke", "hold", "release", "renew-timestamps"])
    parser.add_argument("--issuer", choices=list(BELOW))
    parser.add_argument("--serial", type=lambda text: int(text, 16), help="hexadecimal digits")
    parser.add_argument("--reason", default="keyCompromise", help="reason of RFC 5280, for revoke")
    parser.add_argument("--years", type=int, default=YEARS, help="for renew-timestamps")
    given = parser.parse_args(arguments)
    now = given.at or clock.now()
    pki = Pki(given.pki)
    if given.command == "init":
        pki.make(now)
    elif given.command == "refresh-crls":
        pki.refresh_crls(now)
    elif given.command == "renew-timestamps":
        TimeCertificates(pki).renew(now, given.years)
    elif given.command == "release":
        pki.release(given.issuer, given.serial, now)
    else:
        reason = "certificateHold" if given.command == "hold" else given.reason
        pki.revoke(given.issuer, given.serial, reason, now)


if __name__ == "__main__":
    main()
