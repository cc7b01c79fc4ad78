import django.db.models.deletion
import django_fsm
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from treasury.core.guards import refuse_truncate

# Cards of books made before had no steps: what they are is remembered as what they came to be known as.
_KNOWN_BEFORE = """
UPDATE signing_card SET state = 'revoked' WHERE state = 'ended';
INSERT INTO core_history (at, machine, subject_id, verb, source, target, actor_name, actor_role, actor_agency_code,
                          address, because, details)
SELECT registered_at, 'card', id, 'create', '', state, registered_by, 'system', '', '', ended_because, '{}'
FROM signing_card ORDER BY id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("signing", "0002_refuse_truncate"),
        ("core", "0003_history_filters"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(_KNOWN_BEFORE, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="CardHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField(null=True)),
                ("because", models.TextField()),
                ("held_by", models.CharField(max_length=80)),
                ("lifted_by", models.CharField(blank=True, default="", max_length=80)),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="CardNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("cert_2m", "到期前二個月"), ("cert_1m", "到期前一個月")], max_length=10),
                ),
                ("expires_on", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="SignerRegistration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("new", "新登記"), ("change", "變更"), ("loss", "遺失")], max_length=10),
                ),
                ("agency_code", models.CharField(max_length=20)),
                ("capacity", models.CharField(max_length=20)),
                ("letter_no", models.CharField(blank=True, default="", max_length=60)),
                ("since_at", models.DateTimeField(null=True)),
                ("applied_at", models.DateTimeField()),
                ("applied_by", models.CharField(max_length=80)),
                ("filed_at", models.DateTimeField(null=True)),
                ("filed_by", models.CharField(blank=True, default="", max_length=80)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="card",
            name="card_active_since",
        ),
        migrations.RemoveConstraint(
            model_name="card",
            name="card_ended_at",
        ),
        migrations.AddField(
            model_name="card",
            name="activated_by_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="card",
            name="registered_by_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="card",
            name="replaces",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="replaced_by", to="signing.card"
            ),
        ),
        migrations.AlterField(
            model_name="card",
            name="state",
            field=django_fsm.FSMField(
                choices=[
                    ("registered", "已註冊"),
                    ("file_sent", "憑證檔已送"),
                    ("paper_received", "註冊單已收"),
                    ("active", "啟用"),
                    ("on_hold", "暫停使用"),
                    ("lost", "遺失"),
                    ("replaced", "已換卡"),
                    ("revoked", "終止"),
                ],
                default="registered",
                max_length=20,
                protected=True,
            ),
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(fields=["spki_sha256"], name="card_of_key"),
        ),
        migrations.AddIndex(
            model_name="card",
            index=models.Index(fields=["valid_to"], name="card_expiry"),
        ),
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(fields=["agency_code", "capacity", "signed_at"], name="signature_of_capacity"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="card",
            trigger=pgtrigger.compiler.Trigger(
                name="state_edges",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state IS DISTINCT FROM NEW.state AND (OLD.state || '>' || NEW.state) NOT IN ('active>lost', 'active>on_hold', 'active>replaced', 'active>revoked', 'file_sent>lost', 'file_sent>paper_received', 'file_sent>revoked', 'on_hold>active', 'on_hold>lost', 'on_hold>replaced', 'on_hold>revoked', 'paper_received>active', 'paper_received>lost', 'paper_received>revoked', 'registered>file_sent', 'registered>lost', 'registered>revoked'))",
                    func="RAISE EXCEPTION 'a card does not go from % to %', OLD.state, NEW.state;",
                    hash="5c4115bfb1d35cc915ec3065b01a14609ba54c17",
                    operation='UPDATE OF "state"',
                    pgid="pgtrigger_state_edges_0b15d",
                    table="signing_card",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="card",
            trigger=pgtrigger.compiler.Trigger(
                name="state_at_birth",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.state NOT IN ('registered'))",
                    func="RAISE EXCEPTION 'a card is not born in state %', NEW.state;",
                    hash="fd0898ba4bd7c3e0b25f86f5987dcda59f9443a3",
                    operation="INSERT",
                    pgid="pgtrigger_state_at_birth_b7050",
                    table="signing_card",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="card",
            trigger=pgtrigger.compiler.Trigger(
                name="times_stand",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.active_from IS NOT NULL AND NEW.active_from IS DISTINCT FROM OLD.active_from) OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="07ad7922dd4e9df7a6139169c0c1b103fd23d61f",
                    operation="UPDATE",
                    pgid="pgtrigger_times_stand_8c462",
                    table="signing_card",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="card",
            trigger=pgtrigger.compiler.Trigger(
                name="key_of_one",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    PERFORM pg_advisory_xact_lock(hashtext('card key'), hashtext(encode(NEW.spki_sha256, 'hex')));\n                    IF EXISTS (\n                        SELECT FROM signing_card WHERE spki_sha256 = NEW.spki_sha256\n                        AND (user_id, agency_code, capacity) <> (NEW.user_id, NEW.agency_code, NEW.capacity)\n                    ) THEN\n                        RAISE EXCEPTION 'the key of card % is registered in another capacity', NEW.card_no;\n                    END IF;\n                    RETURN NEW;\n                ",
                    hash="c56dab4cb72d3ee112a2954075c2df4a8fb4d619",
                    operation="INSERT",
                    pgid="pgtrigger_key_of_one_49e16",
                    table="signing_card",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["active", "on_hold"]), _negated=True),
                    ("active_from__isnull", False),
                    _connector="OR",
                ),
                name="card_active_since",
            ),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["lost", "replaced", "revoked"]), _negated=True),
                    ("ended_at__isnull", False),
                    _connector="OR",
                ),
                name="card_ended_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("active_from__isnull", True),
                    ("ended_at__isnull", True),
                    ("ended_at__gte", models.F("active_from")),
                    _connector="OR",
                ),
                name="card_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("activated_by_id__isnull", True),
                    models.Q(
                        models.Q(
                            ("registered_by_id__isnull", True),
                            models.Q(("activated_by_id", models.F("registered_by_id")), _negated=True),
                            _connector="OR",
                        ),
                        models.Q(("activated_by_id", models.F("user_id")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="card_activated_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), ("replaces__isnull", False)),
                fields=("replaces",),
                name="card_replaced_once",
            ),
        ),
        migrations.AddField(
            model_name="cardhold",
            name="card",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="holds", to="signing.card"
            ),
        ),
        migrations.AddField(
            model_name="cardnotice",
            name="card",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="signing.card"
            ),
        ),
        migrations.AddField(
            model_name="cardnotice",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="card_notices", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="signerregistration",
            name="card",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="registrations", to="signing.card"
            ),
        ),
        migrations.AddField(
            model_name="signerregistration",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signer_registrations",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="cardhold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("to_at__isnull", True)), fields=("card",), name="hold_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="cardhold",
            constraint=models.CheckConstraint(
                condition=models.Q(("to_at__isnull", True), ("to_at__gte", models.F("from_at")), _connector="OR"),
                name="hold_times_in_order",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cardhold",
            trigger=pgtrigger.compiler.Trigger(
                name="keep",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="baceff55c38ac2d0debbae06189b4c533aa381c7",
                    operation="DELETE",
                    pgid="pgtrigger_keep_cf17d",
                    table="signing_cardhold",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cardhold",
            trigger=pgtrigger.compiler.Trigger(
                name="begin_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."card_id" IS DISTINCT FROM (NEW."card_id") OR OLD."from_at" IS DISTINCT FROM (NEW."from_at") OR OLD."because" IS DISTINCT FROM (NEW."because") OR OLD."held_by" IS DISTINCT FROM (NEW."held_by"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="1a2075dd63b6c9b9ec285466f676172791932289",
                    operation="UPDATE",
                    pgid="pgtrigger_begin_fixed_48992",
                    table="signing_cardhold",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cardhold",
            trigger=pgtrigger.compiler.Trigger(
                name="lifted_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.to_at IS NOT NULL)",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="0496e80314fad2ff8afadfcf922ec0c1d914bd4a",
                    operation="UPDATE",
                    pgid="pgtrigger_lifted_once_ce485",
                    table="signing_cardhold",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="cardnotice",
            index=models.Index(fields=["user", "id"], name="notice_of_user"),
        ),
        migrations.AddIndex(
            model_name="cardnotice",
            index=models.Index(condition=models.Q(("read_at__isnull", True)), fields=["user"], name="notice_unread"),
        ),
        migrations.AddConstraint(
            model_name="cardnotice",
            constraint=models.UniqueConstraint(fields=("card", "kind", "user"), name="notice_once"),
        ),
        migrations.AddConstraint(
            model_name="cardnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["cert_2m", "cert_1m"])), name="notice_kind_known"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cardnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="keep",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="854a3f3f0b4de03b8e550af73e7d447d117e2db3",
                    operation="DELETE",
                    pgid="pgtrigger_keep_b2dd4",
                    table="signing_cardnotice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cardnotice",
            trigger=pgtrigger.compiler.Trigger(
                name="message_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."card_id" IS DISTINCT FROM (NEW."card_id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."expires_on" IS DISTINCT FROM (NEW."expires_on") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="45653eded1fd3c734f9ee9ce9a1f4a0f15d8a785",
                    operation="UPDATE",
                    pgid="pgtrigger_message_fixed_a3edd",
                    table="signing_cardnotice",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="signerregistration",
            index=models.Index(fields=["agency_code", "capacity", "id"], name="signer_of_agency"),
        ),
        migrations.AddConstraint(
            model_name="signerregistration",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["new", "change", "loss"])), name="signer_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="signerregistration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "new"),
                    models.Q(("since_at__isnull", False), ("since_at__lte", models.F("applied_at"))),
                    _connector="OR",
                ),
                name="signer_change_since",
            ),
        ),
        migrations.AddConstraint(
            model_name="signerregistration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "loss"), _negated=True), ("filed_at", models.F("applied_at")), _connector="OR"
                ),
                name="signer_loss_at_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="signerregistration",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("filed_at__isnull", True), ("filed_at__gte", models.F("applied_at")), _connector="OR"),
                    models.Q(
                        ("revoked_at__isnull", True), ("revoked_at__gte", models.F("applied_at")), _connector="OR"
                    ),
                ),
                name="signer_times_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="signerregistration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "loss"), _negated=True), fields=("card",), name="signer_card_applied_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="signerregistration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "loss")), fields=("card",), name="signer_card_lost_once"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signerregistration",
            trigger=pgtrigger.compiler.Trigger(
                name="keep",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="4cbe8bc3f31e036d063e265de7e2f29a595c7b7d",
                    operation="DELETE",
                    pgid="pgtrigger_keep_b9c53",
                    table="signing_signerregistration",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signerregistration",
            trigger=pgtrigger.compiler.Trigger(
                name="application_fixed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."agency_code" IS DISTINCT FROM (NEW."agency_code") OR OLD."capacity" IS DISTINCT FROM (NEW."capacity") OR OLD."card_id" IS DISTINCT FROM (NEW."card_id") OR OLD."since_at" IS DISTINCT FROM (NEW."since_at") OR OLD."applied_at" IS DISTINCT FROM (NEW."applied_at") OR OLD."applied_by" IS DISTINCT FROM (NEW."applied_by"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="9244e9f189662934a1a6f363afc4f1468335c85f",
                    operation="UPDATE",
                    pgid="pgtrigger_application_fixed_79e1a",
                    table="signing_signerregistration",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signerregistration",
            trigger=pgtrigger.compiler.Trigger(
                name="times_stand",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.filed_at IS NOT NULL AND NEW.filed_at IS DISTINCT FROM OLD.filed_at) OR (OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="168df8de907ef2f8d92e4b0418bf7e7a9512177e",
                    operation="UPDATE",
                    pgid="pgtrigger_times_stand_9da20",
                    table="signing_signerregistration",
                    when="BEFORE",
                ),
            ),
        ),
        refuse_truncate("signing_cardhold", "signing_signerregistration", "signing_cardnotice"),
    ]
