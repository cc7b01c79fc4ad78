"""`import_cases FILE`: takes in approved advances."""

from typing import Any

from django.core.management.base import CommandParser

from treasury.core import clock
from treasury.ledger.services import cases_import
from treasury.management.base import DONE, ContractCommand


class Command(ContractCommand):
    """Takes in approved advances."""

    help = "Takes in approved advances (墊付款); a bad row is reported with its line."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="CSV, one row per case, UTF-8")

    def run(self, **options: Any) -> int:
        result = cases_import(path=options["file"], on=clock.today())
        if options["json"]:
            self.line(created=result.created, unchanged=result.unchanged)
        else:
            self.stdout.write(f"{result.created} cases new, {result.unchanged} as they were")
        return DONE
