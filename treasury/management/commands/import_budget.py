"""`import_budget FILE --fiscal-year Y`: takes in a year's budget and so opens the year."""

from typing import Any

from django.core.management.base import CommandParser

from treasury.ledger.services import budget_import
from treasury.management.base import DONE, ContractCommand


class Command(ContractCommand):
    """Takes in the budget of a fiscal year."""

    help = "Takes in the budget of a fiscal year; a bad row is reported with its line."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="CSV, one row per account, UTF-8")
        parser.add_argument("--fiscal-year", type=int, required=True, metavar="Y", help="ROC year, 114 is 2025")

    def run(self, **options: Any) -> int:
        result = budget_import(path=options["file"], fiscal_year=options["fiscal_year"])
        if options["json"]:
            self.line(created=result.created, changed=result.changed, unchanged=result.unchanged)
        else:
            self.stdout.write(
                f"{result.created} accounts new, {result.changed} changed, {result.unchanged} as they were"
            )
        return DONE
