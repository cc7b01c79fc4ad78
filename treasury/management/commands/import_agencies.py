"""`import_agencies FILE`: makes and changes agencies."""

from typing import Any

from django.core.management.base import CommandParser

from agencies.services import agency_import
from treasury.management.base import DONE, ContractCommand


class Command(ContractCommand):
    """Makes or changes the agencies of a file."""

    help = "Takes in a table of agencies; a bad row is reported with its line."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="CSV with agency_code, name, kind, UTF-8")

    def run(self, **options: Any) -> int:
        result = agency_import(path=options["file"])
        if options["json"]:
            self.line(created=result.created, changed=result.changed, unchanged=result.unchanged)
        else:
            self.stdout.write(
                f"{result.created} agencies new, {result.changed} changed, {result.unchanged} as they were"
            )
        return DONE
