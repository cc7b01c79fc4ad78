from django.db import migrations, models

_STATES = (
    *("draft", "in_review", "awaiting_accountant", "awaiting_head", "certified", "returned"),
    *("printed", "paper_signed", "released", "received", "on_hold_paper", "accepted", "postponed", "scheduled"),
    *("mailed", "paper_received"),
)


class Migration(migrations.Migration):
    dependencies = [("vouchers", "0007_jobs_and_changes")]
    operations = [
        migrations.AddIndex(
            model_name="voucher",
            index=models.Index(
                fields=["payable_on", "id"], name="voucher_open_due", condition=models.Q(state__in=_STATES)
            ),
        ),
    ]
