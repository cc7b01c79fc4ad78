from django.db import migrations

from treasury.core.guards import refuse_truncate

# Vouchers from before there was a trigger that writes them.
_FILL = """
INSERT INTO vouchers_searchterm (voucher_id, field, text)
SELECT voucher.id, 'payee', left(line->>'name', 100)
FROM vouchers_voucher AS voucher, jsonb_array_elements(COALESCE(voucher.content->'payee_lines', '[]')) AS line
WHERE line->>'name' <> ''
UNION SELECT voucher.id, 'account', left(line->>'account_code', 100)
FROM vouchers_voucher AS voucher, jsonb_array_elements(COALESCE(voucher.content->'account_lines', '[]')) AS line
"""


class Migration(migrations.Migration):
    dependencies = [("vouchers", "0004_lists_and_return_requests")]
    operations = [
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        refuse_truncate("vouchers_returnrequest"),
    ]
