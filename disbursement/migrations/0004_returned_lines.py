import django.db.models.deletion
import django_fsm
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from treasury.core.guards import refuse_truncate


class Migration(migrations.Migration):
    dependencies = [
        ("disbursement", "0003_room_for_hot_updates"),
    ]

    operations = [
        migrations.CreateModel(
            name="InstructionAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attempt", models.PositiveSmallIntegerField()),
                ("end_to_end_id", models.CharField(max_length=35, unique=True)),
                ("network", models.CharField(max_length=12)),
                ("bank_code", models.CharField(max_length=7)),
                ("account_no", models.CharField(max_length=16)),
                ("account_name", models.CharField(max_length=80)),
                ("return_code", models.CharField(max_length=4)),
                ("ended_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ReturnSlip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "form",
                    models.CharField(
                        choices=[("expenditure_return", "支出收回書"), ("payment_in", "繳款書")], max_length=20
                    ),
                ),
                ("fiscal_year", models.PositiveSmallIntegerField()),
                ("slip_no", models.BigIntegerField()),
                ("draws", models.JSONField()),
                ("made_on", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=80)),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="paymentinstruction",
            name="state_edges",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="paymentinstruction",
            name="payee_frozen",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="remittancebatch",
            name="state_edges",
        ),
        migrations.AddField(
            model_name="paymentinstruction",
            name="returned_on",
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name="remittancebatch",
            name="state",
            field=django_fsm.FSMField(
                choices=[
                    ("built", "已編製"),
                    ("sent", "已傳送"),
                    ("unknown", "結果未明"),
                    ("answered", "已回覆"),
                    ("settled", "已扣帳"),
                    ("rejected", "整批退件"),
                ],
                default="built",
                max_length=50,
                protected=True,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paymentinstruction",
            trigger=pgtrigger.compiler.Trigger(
                name="state_edges",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state IS DISTINCT FROM NEW.state AND (OLD.state || '>' || NEW.state) NOT IN ('batched>sent', 'batched>unknown', 'corrected>ready', 'corrected>returned_to_treasury', 'credited>returned_by_bank', 'ready>batched', 'returned_by_bank>corrected', 'returned_by_bank>returned_to_treasury', 'sent>credited', 'sent>returned_by_bank', 'sent>unknown', 'unknown>credited', 'unknown>returned_by_bank', 'unknown>sent'))",
                    func="RAISE EXCEPTION 'a instruction does not go from % to %', OLD.state, NEW.state;",
                    hash="8f80d0b45152a8e234d08bd4690f9461e4df6146",
                    operation='UPDATE OF "state"',
                    pgid="pgtrigger_state_edges_de7a7",
                    table="disbursement_paymentinstruction",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paymentinstruction",
            trigger=pgtrigger.compiler.Trigger(
                name="amount_frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state NOT IN ('') AND (OLD.voucher_id IS DISTINCT FROM NEW.voucher_id OR OLD.seq IS DISTINCT FROM NEW.seq OR OLD.amount_twd IS DISTINCT FROM NEW.amount_twd))",
                    func="RAISE EXCEPTION 'instruction % stands as it was accepted', OLD.end_to_end_id;",
                    hash="f1e921aa3c443345628edb9ff20ea24184fae731",
                    operation='UPDATE OF "voucher_id", "seq", "amount_twd"',
                    pgid="pgtrigger_amount_frozen_3d49c",
                    table="disbursement_paymentinstruction",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paymentinstruction",
            trigger=pgtrigger.compiler.Trigger(
                name="payee_frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state NOT IN ('', 'returned_by_bank', 'corrected') AND (OLD.network IS DISTINCT FROM NEW.network OR OLD.bank_code IS DISTINCT FROM NEW.bank_code OR OLD.account_no IS DISTINCT FROM NEW.account_no OR OLD.account_name IS DISTINCT FROM NEW.account_name))",
                    func="RAISE EXCEPTION 'instruction % stands as it was accepted', OLD.end_to_end_id;",
                    hash="0f251e291a01a5cc32fb40c5c5e8b7176b64de4e",
                    operation='UPDATE OF "network", "bank_code", "account_no", "account_name"',
                    pgid="pgtrigger_payee_frozen_e9778",
                    table="disbursement_paymentinstruction",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="paymentinstruction",
            trigger=pgtrigger.compiler.Trigger(
                name="name_frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state NOT IN ('', 'corrected') AND (OLD.end_to_end_id IS DISTINCT FROM NEW.end_to_end_id OR OLD.attempt IS DISTINCT FROM NEW.attempt))",
                    func="RAISE EXCEPTION 'instruction % stands as it was accepted', OLD.end_to_end_id;",
                    hash="c9621f0839259922dc54fa14b3c069970e2256f0",
                    operation='UPDATE OF "end_to_end_id", "attempt"',
                    pgid="pgtrigger_name_frozen_9c72a",
                    table="disbursement_paymentinstruction",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="remittancebatch",
            trigger=pgtrigger.compiler.Trigger(
                name="state_edges",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state IS DISTINCT FROM NEW.state AND (OLD.state || '>' || NEW.state) NOT IN ('answered>settled', 'built>answered', 'built>rejected', 'built>sent', 'built>settled', 'built>unknown', 'sent>answered', 'sent>rejected', 'sent>settled', 'unknown>answered', 'unknown>rejected', 'unknown>sent', 'unknown>settled'))",
                    func="RAISE EXCEPTION 'a batch does not go from % to %', OLD.state, NEW.state;",
                    hash="38d0608f27c0ccef1375b95c86cedd19de6dfbf0",
                    operation='UPDATE OF "state"',
                    pgid="pgtrigger_state_edges_56603",
                    table="disbursement_remittancebatch",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="instructionattempt",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="attempts", to="disbursement.remittancebatch"
            ),
        ),
        migrations.AddField(
            model_name="instructionattempt",
            name="instruction",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="disbursement.paymentinstruction",
            ),
        ),
        migrations.AddField(
            model_name="returnslip",
            name="instruction",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="return_slip",
                to="disbursement.paymentinstruction",
            ),
        ),
        migrations.AddConstraint(
            model_name="instructionattempt",
            constraint=models.UniqueConstraint(fields=("instruction", "attempt"), name="attempt_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="instructionattempt",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ab7972d56d837fde3bffad50fe385605c3b6a289",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_91592",
                    table="disbursement_instructionattempt",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="returnslip",
            constraint=models.UniqueConstraint(fields=("fiscal_year", "slip_no"), name="slip_no_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="returnslip",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="4754c1f1b2382e6812f9a454c0901cfcfb672604",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3752a",
                    table="disbursement_returnslip",
                    when="BEFORE",
                ),
            ),
        ),
        refuse_truncate("disbursement_instructionattempt", "disbursement_returnslip"),
    ]
