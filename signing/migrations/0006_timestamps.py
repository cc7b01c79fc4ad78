from datetime import UTC, datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    """Books from before have signatures without timestamps: these stand with an empty one, which never verifies."""

    dependencies = [
        ("signing", "0005_trust"),
    ]

    operations = [
        migrations.AddField(
            model_name="signature",
            name="token",
            field=models.BinaryField(default=b""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="signature",
            name="token_at",
            field=models.DateTimeField(default=datetime(1970, 1, 1, tzinfo=UTC)),
            preserve_default=False,
        ),
    ]
