"""What every command of the contract shares: exit codes, `--json`, `--books`, problem objects on standard error."""

import json
import re
import sys
from abc import abstractmethod
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError

from treasury.core.errors import Problem
from treasury.embedded import ChildFailed, EmbeddedError
from treasury.environment import NotConfigured, is_production

DONE, FINDINGS, COULD_NOT_RUN = 0, 1, 2
_LONE = re.compile("[\ud800-\udfff]")


class ContractCommand(BaseCommand):
    """A command with the contract's exit codes: 0 done, 1 done with findings, 2 could not run.

    Subclasses implement `arguments(parser)` and `run(**options) -> int`; whatever keeps it from running becomes one
    problem object as JSON on standard error and exit code 2. `--traceback` shows where an unforeseen error came from.
    """

    takes_books = True
    # Acts for people, with simulated cards and a simulated bank: nothing for production.
    is_simulation = False
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        if self.takes_books:
            parser.add_argument("--books", metavar="NAME", help="use the books of this name (database run_NAME)")
            parser.add_argument("--profile", choices=["nta", "taichung"], default="nta", help="for books made anew")
        parser.add_argument("--json", action="store_true", help="JSON Lines on standard output, nothing else")
        self.arguments(parser)

    def arguments(self, parser: CommandParser) -> None:
        """Adds the command's own arguments."""

    @abstractmethod
    def run(self, **options: Any) -> int:
        """Does the work; returns the exit code."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Django's parser, but what it cannot read becomes a problem object too."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)

        def error(message: str) -> NoReturn:
            self.report(Problem("bad_arguments", message))
            sys.exit(COULD_NOT_RUN)

        parser.error = error  # type: ignore[method-assign]
        return parser

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._check_place()
            self.open_books(options)
            code = self.run(**options)
        except Exception as error:
            if options["traceback"]:
                raise
            self.report(_as_problem(error))
            code = COULD_NOT_RUN
        if code:
            sys.exit(code)

    def _check_place(self) -> None:
        """Problem `not_in_production` for a command that plays with simulations."""
        if self.is_simulation and is_production():
            raise Problem("not_in_production", "simulated cards and a simulated bank are refused when ENV=production")

    def open_books(self, options: dict[str, Any]) -> None:
        """Turns to the named books, making them when missing."""
        if self.takes_books:
            from treasury import books

            books.use(options["books"], profile=options["profile"])

    def report(self, problem: Problem) -> None:
        """One problem object as JSON on standard error."""
        self.stderr.write(_json(problem.as_dict()), lambda text: text, ending="\n")

    def line(self, **row: Any) -> None:
        """One JSON line on standard output."""
        self.stdout.write(_json(row))


def _json(row: dict[str, Any]) -> str:
    """One line of JSON; what UTF-8 cannot spell (the name of a file may hold it) is written as its escape."""
    text = json.dumps(row, ensure_ascii=False)
    return json.dumps(row) if _LONE.search(text) else text


def _as_problem(error: Exception) -> Problem:
    """What kept a command from running, as a problem object."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, NotConfigured):
        return Problem("not_configured", str(error))
    if isinstance(error, OperationalError | InterfaceError | EmbeddedError):
        return Problem("database_unavailable", " ".join(str(error).split()) or type(error).__name__)
    if isinstance(error, ChildFailed):
        return Problem("process_failed", str(error))
    if isinstance(error, OSError):
        return Problem("system_error", str(error))
    return Problem("internal_error", f"{type(error).__name__}: {error}")
