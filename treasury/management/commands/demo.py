"""`make demo`: the main job on the shipped sample day."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from treasury import books
from treasury.day.play import play
from treasury.day.request import DayRequest
from treasury.day.telling import Teller
from treasury.management.base import DONE, FINDINGS, ContractCommand

SAMPLE = Path(settings.BASE_DIR) / "demo" / "sample_day"
SCENARIO = SAMPLE.parent / "bank_scenario.json"
DAYS = {"day1": date(2025, 3, 7), "day2": date(2025, 3, 10)}
BOOKS = "demo"


class Command(ContractCommand):
    """Plays both days of `demo/sample_day` in books of their own, made anew."""

    help = "Runs the main job on the shipped sample day and says where the documents lie."
    is_simulation = True

    def open_books(self, options: dict[str, Any]) -> None:
        books.hold(BOOKS)
        books.use(BOOKS, fresh=True)

    def run(self, **options: Any) -> int:
        out = Path(settings.BASE_DIR) / "var" / "demo"
        shutil.rmtree(out, ignore_errors=True)
        teller = Teller(self.stdout, as_json=options["json"])
        code = DONE
        for name, on in DAYS.items():
            request = DayRequest(
                on=on,
                vouchers=SAMPLE / name,
                out=out / name,
                agencies=SAMPLE / "agencies.csv",
                cases=SAMPLE / "advance_cases.csv",
                budget=SAMPLE / "budget.csv",
                fiscal_year=114,
                banks=SAMPLE / "banks.csv",
                bank_scenario=SCENARIO,
                is_fresh=on == min(DAYS.values()),
            )
            result = play(request, tell=teller.stage)
            for problem in result.problems:
                self.report(problem)
            teller.result(result)
            if result.problems or not result.is_reconciled:
                code = FINDINGS
        return code
