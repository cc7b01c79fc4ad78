"""`import_banks FILE`: brings the bank directory to the state of a file."""

from typing import Any

from django.core.management.base import CommandParser

from agencies.services import bank_import
from treasury.management.base import DONE, ContractCommand


class Command(ContractCommand):
    """Brings the banks and branches to the state of a file."""

    help = "Takes in the directory of banks and branches; a bad row is reported with its line."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="CSV as FISC publishes it, UTF-8")

    def run(self, **options: Any) -> int:
        result = bank_import(path=options["file"])
        if options["json"]:
            self.line(
                created=result.created,
                changed=result.changed,
                unchanged=result.unchanged,
                closed=result.closed,
            )
        else:
            self.stdout.write(
                f"{result.created} branches new, {result.changed} changed, "
                f"{result.unchanged} as they were, {result.closed} closed"
            )
        return DONE
