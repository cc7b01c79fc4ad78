from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agencies", "0005_delegations")]
    operations = [
        migrations.RemoveConstraint(model_name="apiclient", name="client_scopes_known"),
        migrations.AddConstraint(
            model_name="apiclient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "scopes__contained_by",
                        [
                            "vouchers:read",
                            "vouchers:write",
                            "results:read",
                            "balances:read",
                            "tables:read",
                            "log:read",
                            "webhooks",
                        ],
                    ),
                    ("scopes__len__gt", 0),
                ),
                name="client_scopes_known",
            ),
        ),
    ]
