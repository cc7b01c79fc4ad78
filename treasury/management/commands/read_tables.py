"""`read_tables USERNAME`: who reads every table at /admin/."""

from typing import Any

from django.core.management.base import CommandParser

from agencies.services.founding import tables_open
from treasury.management.base import DONE, ContractCommand


class Command(ContractCommand):
    """Opens the read-only tables to an auditor or an administrator of the treasury, or closes them."""

    help = "Lets an auditor or an administrator of the treasury read every table at /admin/ (--end: no longer)."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--end", action="store_true", help="no longer")

    def run(self, **options: Any) -> int:
        user = tables_open(username=options["username"], is_open=not options["end"])
        if options["json"]:
            self.line(username=user.username, reads_tables=user.is_staff)
        else:
            self.stdout.write(f"{user.username} {'reads' if user.is_staff else 'does not read'} every table at /admin/")
        return DONE
