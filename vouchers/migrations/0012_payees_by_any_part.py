"""A payee is found by any part of the name: the characters of each name stand in an index.

PostgreSQL's own trigrams are an extension that the embedded server has not got, and Chinese names are too short for them.
"""

from django.db import migrations

_INDEX = """
CREATE INDEX search_payee_characters ON vouchers_searchterm USING gin (string_to_array("text"::text, NULL))
WHERE field = 'payee'
"""


class Migration(migrations.Migration):
    dependencies = [("vouchers", "0011_forms_that_end")]
    operations = [migrations.RunSQL(_INDEX, "DROP INDEX search_payee_characters")]
