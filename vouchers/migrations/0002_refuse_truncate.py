from django.db import migrations

from treasury.core.guards import refuse_truncate


class Migration(migrations.Migration):
    dependencies = [("vouchers", "0001_initial")]
    operations = [refuse_truncate("vouchers_intakefile", "vouchers_intakeitem")]
