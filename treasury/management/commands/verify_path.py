"""`verify_path`: is this certificate to be believed, by RFC 5280?"""

from django.core.management.base import CommandParser

from treasury.management.verification import VerificationCommand


class Command(VerificationCommand):
    """One path, or a file of them."""

    help = "Validates a certification path by RFC 5280, with revocation."
    kind = "path"
    options = ("certificate", "trust", "intermediates", "crls")
    may_lack = ("intermediates",)
    flags = ("explicit_policy", "inhibit_mapping", "inhibit_any")

    def arguments(self, parser: CommandParser) -> None:
        super().arguments(parser)
        parser.add_argument("--explicit-policy", action="store_true", help="a policy must be valid for the whole path")
        parser.add_argument("--inhibit-mapping", action="store_true", help="policies may not be mapped")
        parser.add_argument("--inhibit-any", action="store_true", help="anyPolicy does not stand for a policy")
