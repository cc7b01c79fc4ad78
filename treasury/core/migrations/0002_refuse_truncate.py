from django.db import migrations

from treasury.core.guards import refuse_truncate


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [refuse_truncate("core_history", "core_idempotencykey")]
