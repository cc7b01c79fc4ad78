"""`run_day`: a treasury day from end to end without a browser."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from treasury import books
from treasury.core.errors import Problem
from treasury.day.play import DayResult, play
from treasury.day.request import DayRequest
from treasury.day.telling import Teller
from treasury.management.arguments import day
from treasury.management.base import DONE, FINDINGS, ContractCommand


class Command(ContractCommand):
    """Loads tables, imports voucher files, and brings every voucher as far as it goes on one day."""

    help = "Plays a treasury day: import, review, sign, release, verify, examine, pay, reconcile."
    is_simulation = True

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=day, required=True)
        parser.add_argument("--vouchers", type=Path, required=True, metavar="DIR")
        parser.add_argument("--out", type=Path, required=True, metavar="DIR")
        parser.add_argument("--agencies", type=Path, metavar="CSV")
        parser.add_argument("--cases", type=Path, metavar="CSV")
        parser.add_argument("--budget", type=Path, metavar="CSV")
        parser.add_argument("--fiscal-year", type=int, metavar="Y")
        parser.add_argument("--banks", type=Path, metavar="CSV")
        parser.add_argument("--bank-scenario", type=Path, metavar="FILE")
        parser.add_argument("--fresh", action="store_true", help="drop the books and make them anew")

    def open_books(self, options: dict[str, Any]) -> None:
        name = options["books"] or "day"
        books.hold(name)
        books.use(name, profile=options["profile"], fresh=options["fresh"])

    def run(self, **options: Any) -> int:
        if (options["budget"] is None) != (options["fiscal_year"] is None):
            raise Problem("bad_arguments", "--budget and --fiscal-year go together")
        request = DayRequest(
            on=options["date"],
            vouchers=options["vouchers"],
            out=options["out"],
            agencies=options["agencies"],
            cases=options["cases"],
            budget=options["budget"],
            fiscal_year=options["fiscal_year"],
            banks=options["banks"],
            bank_scenario=options["bank_scenario"],
            is_fresh=options["fresh"],
        )
        teller = Teller(self.stdout, as_json=options["json"])
        result = play(request, tell=teller.stage)
        for problem in result.problems:
            self.report(problem)
        teller.result(result)
        return _code(result)


def _code(result: DayResult) -> int:
    return DONE if result.is_reconciled and not result.problems else FINDINGS
