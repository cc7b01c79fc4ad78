from django.db import migrations

from treasury.core.guards import refuse_truncate


class Migration(migrations.Migration):
    dependencies = [("signing", "0001_initial"), ("core", "0002_refuse_truncate")]
    operations = [
        refuse_truncate(
            "signing_authority",
            "signing_crlgeneration",
            "signing_card",
            "signing_signedbody",
            "signing_signature",
            "signing_electronicpaymentdocument",
        )
    ]
