from django.apps import AppConfig


class DisbursementConfig(AppConfig):
    name = "disbursement"
    verbose_name = "disbursement"

    def ready(self) -> None:
        """Tells the core of the handlers, the home page of the queues, the voucher's page of its panels."""
        from disbursement import handlers
        from disbursement.evidence import evidence_register
        from disbursement.pages.money_wordings import money_wordings_register
        from disbursement.pages.panels import panels_register
        from disbursement.pages.payment_queues import payment_queues_register
        from disbursement.pages.queues import queues_register
        from disbursement.pages.wordings import wordings_register

        del handlers
        evidence_register()
        queues_register()
        panels_register()
        wordings_register()
        payment_queues_register()
        money_wordings_register()
