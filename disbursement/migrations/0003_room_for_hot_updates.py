from django.db import migrations

# An instruction changes its state four times; with room on its page a change touches no index.
ROOM = "ALTER TABLE disbursement_paymentinstruction SET (fillfactor = 40)"
NONE = "ALTER TABLE disbursement_paymentinstruction RESET (fillfactor)"


class Migration(migrations.Migration):
    dependencies = [("disbursement", "0002_refuse_truncate")]
    operations = [migrations.RunSQL(ROOM, NONE)]
