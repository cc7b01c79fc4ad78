"""`verify_signature`: does this signature hold over these bytes?"""

from treasury.management.verification import VerificationCommand


class Command(VerificationCommand):
    """One signature, or a file of them."""

    help = "Verifies a CMS signature over content: verdict, signer, time, or a stable code of refusal."
    kind = "signature"
    options = ("content", "signature", "trust", "crls")
