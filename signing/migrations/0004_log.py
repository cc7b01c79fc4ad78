import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from treasury.core.guards import refuse_truncate


class Migration(migrations.Migration):
    dependencies = [
        ("signing", "0003_cards_life"),
        ("core", "0002_refuse_truncate"),
    ]

    operations = [
        migrations.CreateModel(
            name="LogHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("size", models.BigIntegerField(unique=True)),
                ("root", models.BinaryField(max_length=32)),
                ("note", models.BinaryField()),
                ("keys", models.TextField()),
                ("made_at", models.DateTimeField(db_index=True)),
                ("token", models.BinaryField()),
                ("token_at", models.DateTimeField()),
                ("token_until", models.DateTimeField()),
                ("token_facts", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="LogNode",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "index", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="LogEntry",
            fields=[
                ("index", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("document", "電子支付文件"), ("day", "每日帳務摘要"), ("head_token", "樹頭時戳")],
                        max_length=12,
                    ),
                ),
                ("source_id", models.BigIntegerField()),
                ("ref", models.CharField(max_length=70)),
                ("body", models.BinaryField()),
                ("leaf_hash", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "source_id"), name="log_entry_once"),
                    models.UniqueConstraint(fields=("kind", "ref"), name="log_ref_once"),
                    models.CheckConstraint(condition=models.Q(("index__gte", 0)), name="log_index_from_zero"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "leaf_hash",
                                models.Func(
                                    models.F("body"),
                                    output_field=models.BinaryField(),
                                    template="sha256(decode('00', 'hex') || %(expressions)s)",
                                ),
                            )
                        ),
                        name="log_leaf_of_body",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="logentry",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="543ea1d7ded62e3011e3adfa81e746059ae86413",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_cc59c",
                    table="signing_logentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="logentry",
            trigger=pgtrigger.compiler.Trigger(
                name="in_order",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF NEW.index <> COALESCE((SELECT max(index) FROM signing_logentry), -1) + 1 THEN\n            RAISE EXCEPTION 'log: entry % does not follow the last one', NEW.index;\n        END IF;\n        RETURN NEW;\n    ",
                    hash="1622af77533dd3f9c7ea5e65f6bada04a39d1c16",
                    operation="INSERT",
                    pgid="pgtrigger_in_order_158be",
                    table="signing_logentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="loghead",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9ccc58db5c6ff5759f53ccf5c6a7cbc0d52c8ae7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_cacac",
                    table="signing_loghead",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="lognode",
            constraint=models.CheckConstraint(condition=models.Q(("level__gte", 1)), name="log_node_above_leaves"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lognode",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9d4a5503cae1fbc1211447ad9ac6aa2dbdfb0226",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_47b0b",
                    table="signing_lognode",
                    when="BEFORE",
                ),
            ),
        ),
        refuse_truncate("signing_logentry", "signing_lognode", "signing_loghead"),
    ]
