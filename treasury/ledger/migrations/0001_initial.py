"""The tables of the ledger, with the triggers and checks that guard them."""

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="FiscalYear",
            fields=[
                ("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(choices=[("open", "開帳"), ("closed", "關帳")], default="open", max_length=10),
                ),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "會計年度",
                "verbose_name_plural": "會計年度",
            },
        ),
        migrations.CreateModel(
            name="BudgetLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fiscal_year", models.PositiveSmallIntegerField()),
                ("account_code", models.CharField(max_length=20)),
                ("account_name", models.CharField(max_length=100)),
                ("level", models.CharField(max_length=10)),
                ("agency_code", models.CharField(max_length=20)),
                ("agency_name", models.CharField(max_length=100)),
                ("gate", models.CharField(choices=[("current", "經常門"), ("capital", "資本門")], max_length=10)),
                ("annual_twd", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "預算科目",
                "verbose_name_plural": "預算科目",
                "constraints": [
                    models.UniqueConstraint(fields=("fiscal_year", "account_code"), name="budget_line_once_a_year"),
                    models.CheckConstraint(
                        condition=models.Q(("annual_twd__gte", 0)), name="budget_line_not_below_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gate__in", ["current", "capital"])), name="budget_line_gate"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Allotment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allotments",
                        to="ledger.budgetline",
                    ),
                ),
                ("month", models.PositiveSmallIntegerField()),
                ("amount_twd", models.BigIntegerField()),
                ("released", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "分配預算",
                "verbose_name_plural": "分配預算",
                "constraints": [
                    models.UniqueConstraint(fields=("line", "month"), name="allotment_once_a_month"),
                    models.CheckConstraint(condition=models.Q(("month__range", (1, 12))), name="allotment_month"),
                    models.CheckConstraint(condition=models.Q(("amount_twd__gte", 0)), name="allotment_not_below_zero"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AdvanceCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency_code", models.CharField(max_length=20)),
                ("case_no", models.CharField(max_length=40)),
                ("approved_twd", models.BigIntegerField()),
                ("approval_doc_no", models.CharField(max_length=60)),
            ],
            options={
                "verbose_name": "墊付款案",
                "verbose_name_plural": "墊付款案",
                "constraints": [
                    models.UniqueConstraint(fields=("agency_code", "case_no"), name="advance_case_once"),
                    models.CheckConstraint(condition=models.Q(("approved_twd__gt", 0)), name="advance_case_above_zero"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Fund",
            fields=[
                ("code", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("agency_code", models.CharField(max_length=20)),
            ],
            options={
                "verbose_name": "特種基金及專戶",
                "verbose_name_plural": "特種基金及專戶",
            },
        ),
        migrations.CreateModel(
            name="Authority",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=100, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("budget", "budget"), ("case", "case"), ("fund", "fund"), ("general", "general")],
                        max_length=10,
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField(null=True)),
                ("agency_code", models.CharField(max_length=20)),
                ("code", models.CharField(max_length=40)),
                ("available_twd", models.BigIntegerField(default=0)),
                ("reserved_twd", models.BigIntegerField(default=0)),
                ("expended_twd", models.BigIntegerField(default=0)),
                ("relieved_twd", models.BigIntegerField(default=0)),
                ("settled_twd", models.BigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "支用依據餘額",
                "verbose_name_plural": "支用依據餘額",
                "indexes": [models.Index(fields=["fiscal_year", "agency_code"], name="authority_of_agency")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("available_twd__gte", 0),
                            ("expended_twd__gte", 0),
                            ("reserved_twd__gte", 0),
                            ("relieved_twd__gte", 0),
                            ("settled_twd__gte", 0),
                        ),
                        name="authority_not_below_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "relieved_twd__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("reserved_twd"), "+", models.F("expended_twd")
                                ),
                            )
                        ),
                        name="authority_relieves_what_was_spent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "budget"), ("fiscal_year__isnull", True), _connector="XOR"),
                        name="authority_year_of_budget",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Chain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("agency_code", models.CharField(blank=True, max_length=20)),
                ("fiscal_year", models.PositiveSmallIntegerField()),
                ("seq", models.BigIntegerField(default=0)),
                ("head", models.BinaryField()),
            ],
            options={
                "verbose_name": "帳務鏈",
                "verbose_name_plural": "帳務鏈",
                "constraints": [models.UniqueConstraint(fields=("agency_code", "fiscal_year"), name="chain_once")],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "chain",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="ledger.chain",
                    ),
                ),
                ("seq", models.BigIntegerField()),
                ("event_type", models.CharField(max_length=30)),
                ("event_ref", models.CharField(max_length=120)),
                ("booked_on", models.DateField()),
                ("at", models.DateTimeField()),
                ("fingerprint", models.BinaryField()),
                ("previous_hash", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "verbose_name": "分錄",
                "verbose_name_plural": "分錄",
                "constraints": [
                    models.UniqueConstraint(fields=("chain", "seq"), name="posting_once_in_chain"),
                    models.UniqueConstraint(fields=("event_type", "event_ref"), name="posting_once_an_event"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "posting", "line_no", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "posting",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="ledger.posting",
                    ),
                ),
                ("line_no", models.PositiveSmallIntegerField()),
                ("account_code", models.CharField(max_length=4)),
                (
                    "authority",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="ledger.authority",
                    ),
                ),
                ("side", models.CharField(max_length=1)),
                ("amount_twd", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "分錄明細",
                "verbose_name_plural": "分錄明細",
                "indexes": [
                    models.Index(
                        condition=models.Q(("authority__isnull", False)),
                        fields=["authority"],
                        name="entry_of_authority",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount_twd__gt", 0)), name="entry_above_zero"),
                    models.CheckConstraint(condition=models.Q(("side__in", ["C", "D"])), name="entry_side"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "account_code__in",
                                (
                                    "1101",
                                    "2101",
                                    "2102",
                                    "2103",
                                    "3101",
                                    "3201",
                                    "8101",
                                    "8201",
                                    "8202",
                                    "8203",
                                    "8204",
                                    "8205",
                                    "8206",
                                    "8207",
                                ),
                            )
                        ),
                        name="entry_account_of_chart",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "account_code__in",
                                ("3201", "8101", "8201", "8202", "8203", "8204", "8205", "8206", "8207"),
                            ),
                            ("authority__isnull", True),
                            _connector="XOR",
                        ),
                        name="entry_authority_where_kept",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DayDigest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("heads", models.JSONField()),
                ("previous_digest", models.BinaryField()),
                ("digest", models.BinaryField(unique=True)),
            ],
            options={
                "verbose_name": "每日帳務摘要",
                "verbose_name_plural": "每日帳務摘要",
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="fiscalyear",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="2f2793439b881333c931ec828ede321eace23f76",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_1b080",
                    table="ledger_fiscalyear",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="budgetline",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="53c7f8bfd0627488239b5b2e586ed846069fdefa",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_c35cf",
                    table="ledger_budgetline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="allotment",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="5e0cdf4a6cf7c25350feb3a69282e790a21e0aaa",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_542ad",
                    table="ledger_allotment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="allotment",
            trigger=pgtrigger.compiler.Trigger(
                name="fixed_when_released",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."released")',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="31874ee763be5415958f8f9a24cac595cbf43b14",
                    operation="UPDATE",
                    pgid="pgtrigger_fixed_when_released_53a37",
                    table="ledger_allotment",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="advancecase",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="68d542011e8fd5206c8e5f04c5934cfba9e97094",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f941a",
                    table="ledger_advancecase",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="fund",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="ad44f66cea5990f9c1b60f161bbab88406c09366",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_33d78",
                    table="ledger_fund",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="authority",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="6b605115e024cb08d8bb4e0f0a8df33c16d1db2b",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_1c3ab",
                    table="ledger_authority",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="authority",
            trigger=pgtrigger.compiler.Trigger(
                name="by_booking_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (current_setting('ledger.booking', true) IS DISTINCT FROM 'on')",
                    func="RAISE EXCEPTION 'ledger: only ledger_book may % %', lower(TG_OP), TG_TABLE_NAME;",
                    hash="950279004a1f028a3b9270067b7e4d76a96d47dc",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_by_booking_only_65b7b",
                    table="ledger_authority",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="authority",
            trigger=pgtrigger.compiler.Trigger(
                name="begins_at_zero",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NOT (NEW."available_twd" = 0 AND NEW."expended_twd" = 0 AND NEW."relieved_twd" = 0 AND NEW."reserved_twd" = 0 AND NEW."settled_twd" = 0))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                    hash="b36f99cbe68ee2fdcf7f150532e3608de627063a",
                    operation="INSERT",
                    pgid="pgtrigger_begins_at_zero_80997",
                    table="ledger_authority",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chain",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="68ca7402be479b8a8c8db7d2af64c42968eccf2a",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_adc05",
                    table="ledger_chain",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="chain",
            trigger=pgtrigger.compiler.Trigger(
                name="by_booking_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (current_setting('ledger.booking', true) IS DISTINCT FROM 'on')",
                    func="RAISE EXCEPTION 'ledger: only ledger_book may % %', lower(TG_OP), TG_TABLE_NAME;",
                    hash="24de010a094f8febb88b49acb679658d33062226",
                    level="STATEMENT",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_by_booking_only_f6300",
                    table="ledger_chain",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="posting",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7b239e9284152ba7def92c3dbc6b17b168823747",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_f2ff5",
                    table="ledger_posting",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="posting",
            trigger=pgtrigger.compiler.Trigger(
                name="by_booking_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (current_setting('ledger.booking', true) IS DISTINCT FROM 'on')",
                    func="RAISE EXCEPTION 'ledger: only ledger_book may % %', lower(TG_OP), TG_TABLE_NAME;",
                    hash="3f83d7787ac1767bb7fe180b819bde576cdb06cd",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_by_booking_only_cc4c2",
                    table="ledger_posting",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="entry",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="bd80cdea55986d8dc4a873a0796f1dd071e72f1d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_af900",
                    table="ledger_entry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="entry",
            trigger=pgtrigger.compiler.Trigger(
                name="by_booking_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (current_setting('ledger.booking', true) IS DISTINCT FROM 'on')",
                    func="RAISE EXCEPTION 'ledger: only ledger_book may % %', lower(TG_OP), TG_TABLE_NAME;",
                    hash="736c6130c5a214aea703d529ca950e86568335b4",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_by_booking_only_6e857",
                    table="ledger_entry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="daydigest",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="cff4fdbbbe0c6edb24d3ab70cd4cd3f011671c50",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_849a8",
                    table="ledger_daydigest",
                    when="BEFORE",
                ),
            ),
        ),
    ]
