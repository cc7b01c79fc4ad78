"""`check_trust`: which authorities and revocation lists are in force, and what is due."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from signing.trust_selectors import authorities_shown, trust_warnings
from treasury.core import clock
from treasury.management.base import DONE, FINDINGS, ContractCommand


class Command(ContractCommand):
    """What the page of trust material shows, for a terminal or a monitor; exit 1 when something is to be done."""

    help = "Shows the authorities with their revocation lists in force; exit 1 names what is due."

    def run(self, **options: Any) -> int:
        at = clock.now()
        warnings = trust_warnings(at=at)
        for one in authorities_shown(at=at):
            if options["json"]:
                self.line(authority=_plain(asdict(one)))
            else:
                self.stdout.write(f"{one.standing:8} {one.subject}  {one.fingerprint}")
                for each in one.lists:
                    times = f"{_moment(each.this_update)} – {_moment(each.next_update)}"
                    self.stdout.write(f"         no. {each.number}, {times}, {each.entry_count} entries")
        for warning in warnings:
            if options["json"]:
                self.line(warning=_plain(asdict(warning)))
            else:
                until = f" {_moment(warning.at)}" if warning.at else ""
                self.stdout.write(f"{warning.code} {warning.subject}{until}")
        return FINDINGS if warnings else DONE


def _moment(at: datetime) -> str:
    return at.astimezone(clock.ZONE).isoformat(timespec="minutes")


def _plain(value: Any) -> Any:
    """As JSON has it: moments as ISO 8601 of Taipei, durations as seconds."""
    if isinstance(value, dict):
        return {("age_seconds" if key == "age" else key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.astimezone(clock.ZONE).isoformat()
    return int(value.total_seconds()) if hasattr(value, "total_seconds") else value
