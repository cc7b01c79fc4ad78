"""`first_admin USERNAME --name NAME`: the account that opens all others."""

from typing import Any

from django.core.management.base import CommandParser

from agencies.services.founding import treasury_found
from treasury.management.base import DONE, ContractCommand


class Command(ContractCommand):
    """Opens the account of the treasury's first administrator and prints a password for one login."""

    help = "Opens the account of the treasury's first administrator; refused once there has been one."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--name", required=True, help="the person's name, as it stands in every history")

    def run(self, **options: Any) -> int:
        user, password = treasury_found(username=options["username"], display_name=options["name"])
        if options["json"]:
            self.line(username=user.username, password=password)
        else:
            self.stdout.write(f"{user.username}, for the first login only: {password}")
        return DONE
