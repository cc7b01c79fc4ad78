from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("signing", "0004_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="FolderReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("folder", models.TextField(unique=True)),
                ("read_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("files", models.PositiveIntegerField()),
                ("refused", models.PositiveIntegerField()),
                ("code", models.CharField(blank=True, default="", max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name="ListRefusal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.BinaryField(max_length=32)),
                ("file_name", models.CharField(max_length=255)),
                ("code", models.CharField(max_length=40)),
                ("detail", models.TextField(blank=True, default="")),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-last_at", "-id"],
                "constraints": [models.UniqueConstraint(fields=("sha256", "code"), name="list_refused_once")],
            },
        ),
    ]
