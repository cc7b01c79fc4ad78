from django.apps import AppConfig


class DisbursementConfig(AppConfig):
    name = "disbursement"
    verbose_name = "disbursement"

    def ready(self) -> None:
        from disbursement import handlers

        del handlers
