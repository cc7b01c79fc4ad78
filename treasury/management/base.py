"""What every command of the contract shares: exit codes, `--json`, `--books`, problem objects on standard error."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from treasury.core.errors import Problem

DONE, FINDINGS, COULD_NOT_RUN = 0, 1, 2


class ContractCommand(BaseCommand):
    """A command with the contract's exit codes: 0 done, 1 done with findings, 2 could not run.

    Subclasses implement `arguments(parser)` and `run(**options) -> int`; a Problem becomes one JSON object on
    standard error and exit code 2.
    """

    takes_books = True
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        if self.takes_books:
            parser.add_argument("--books", metavar="NAME", help="use the books of this name (database run_NAME)")
            parser.add_argument("--profile", choices=["nta", "taichung"], default="nta", help="for books made anew")
        parser.add_argument("--json", action="store_true", help="JSON Lines on standard output, nothing else")
        self.arguments(parser)

    def arguments(self, parser: CommandParser) -> None:
        """Adds the command's own arguments."""

    def run(self, **options: Any) -> int:
        """Does the work; returns the exit code."""
        raise NotImplementedError(self.__class__.__name__)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.open_books(options)
            code = self.run(**options)
        except Problem as problem:
            self.report(problem)
            code = COULD_NOT_RUN
        if code:
            sys.exit(code)

    def open_books(self, options: dict[str, Any]) -> None:
        """Turns to the named books, making them when missing."""
        if self.takes_books:
            from treasury import books

            books.use(options.get("books"), profile=options["profile"])

    def report(self, problem: Problem) -> None:
        """One problem object as JSON on standard error."""
        self.stderr.write(json.dumps(problem.as_dict(), ensure_ascii=False), ending="\n")

    def line(self, **row: Any) -> None:
        """One JSON line on standard output."""
        self.stdout.write(json.dumps(row, ensure_ascii=False))
