from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "treasury.ledger"
    label = "ledger"
    verbose_name = "帳務"
