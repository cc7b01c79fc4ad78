from django.apps import AppConfig


class TreasuryConfig(AppConfig):
    name = "treasury"
    label = "treasury"

    def ready(self) -> None:
        from treasury import celery  # the app that outbox messages are sent through

        del celery
