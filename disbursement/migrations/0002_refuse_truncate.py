from django.db import migrations

from treasury.core.guards import refuse_truncate


class Migration(migrations.Migration):
    dependencies = [("disbursement", "0001_initial")]
    operations = [
        refuse_truncate(
            "disbursement_reception",
            "disbursement_acceptance",
            "disbursement_returnnotice",
            "disbursement_bankmessage",
            "disbursement_reconciliation",
        )
    ]
