import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("vouchers", "0002_refuse_truncate"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="voucher",
            name="content_frozen",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voucher",
            trigger=pgtrigger.compiler.Trigger(
                name="name_frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.agency_code IS DISTINCT FROM NEW.agency_code OR OLD.fiscal_year IS DISTINCT FROM NEW.fiscal_year OR OLD.number IS DISTINCT FROM NEW.number)",
                    func="RAISE EXCEPTION 'voucher % keeps its name', OLD.number;",
                    hash="d6e5359877cb3c98339dd100db3bdda5de477ec7",
                    operation='UPDATE OF "agency_code", "fiscal_year", "number"',
                    pgid="pgtrigger_name_frozen_d5ada",
                    table="vouchers_voucher",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="voucher",
            trigger=pgtrigger.compiler.Trigger(
                name="content_frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state <> 'draft' AND (OLD.kind IS DISTINCT FROM NEW.kind OR OLD.method IS DISTINCT FROM NEW.method OR OLD.issue_on IS DISTINCT FROM NEW.issue_on OR OLD.payable_on IS DISTINCT FROM NEW.payable_on OR OLD.purpose IS DISTINCT FROM NEW.purpose OR OLD.total_twd IS DISTINCT FROM NEW.total_twd OR OLD.payee_count IS DISTINCT FROM NEW.payee_count OR OLD.content IS DISTINCT FROM NEW.content))",
                    func="RAISE EXCEPTION 'voucher % is no draft any more, its content stands', OLD.number;",
                    hash="35de6da65b5782d28d3571768195a8ae1564d354",
                    operation='UPDATE OF "kind", "method", "issue_on", "payable_on", "purpose", "total_twd", "payee_count", "content"',
                    pgid="pgtrigger_content_frozen_85e53",
                    table="vouchers_voucher",
                    when="BEFORE",
                ),
            ),
        ),
    ]
