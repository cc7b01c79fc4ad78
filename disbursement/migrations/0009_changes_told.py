"""What the bank returns and what becomes of cheques is told in the vouchers' feed of changes."""

from django.db import migrations

FEED = """
CREATE FUNCTION disbursement_tell_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO vouchers_voucherchange (transaction, agency_code, voucher_id, event, verb, state, subject_id, at)
    SELECT pg_current_xact_id(), v.agency_code, v.id, 'line.changed', NEW.verb, NEW.target, i.seq, NEW.at
    FROM disbursement_paymentinstruction i JOIN vouchers_voucher v ON v.id = i.voucher_id
    WHERE i.id = ANY (coalesce(NEW.subject_ids, ARRAY[NEW.subject_id]));
    RETURN NULL;
END $$;
CREATE TRIGGER tell_line_change AFTER INSERT ON core_history
    FOR EACH ROW WHEN (NEW.machine = 'instruction' AND NEW.verb IN ('return_by_bank', 'return_to_treasury', 'ready_again'))
    EXECUTE FUNCTION disbursement_tell_line();
CREATE FUNCTION disbursement_tell_cheque() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO vouchers_voucherchange (transaction, agency_code, voucher_id, event, verb, state, subject_id, at)
    SELECT pg_current_xact_id(), v.agency_code, v.id, 'cheque.changed', NEW.verb, NEW.target, c.payee_seq, NEW.at
    FROM disbursement_cheque c JOIN vouchers_voucher v ON v.id = c.voucher_id
    WHERE c.id = ANY (coalesce(NEW.subject_ids, ARRAY[NEW.subject_id]));
    RETURN NULL;
END $$;
CREATE TRIGGER tell_cheque_change AFTER INSERT ON core_history
    FOR EACH ROW WHEN (NEW.machine = 'cheque' AND NEW.verb <> 'create') EXECUTE FUNCTION disbursement_tell_cheque();
"""
NO_FEED = """
DROP TRIGGER tell_line_change ON core_history;
DROP TRIGGER tell_cheque_change ON core_history;
DROP FUNCTION disbursement_tell_line();
DROP FUNCTION disbursement_tell_cheque();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("disbursement", "0008_cheques_cancelled"),
        ("vouchers", "0007_jobs_and_changes"),
    ]

    operations = [migrations.RunSQL(FEED, NO_FEED)]
