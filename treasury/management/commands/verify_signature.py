from treasury.management.verification import VerificationCommand


class Command(VerificationCommand):
    help = "Verifies a CMS signature over content: verdict, signer, time, or a stable code of refusal."
    kind = "signature"
    options = ("content", "signature", "trust", "crls")
