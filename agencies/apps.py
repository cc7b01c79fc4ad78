from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "agencies"
    label = "agencies"
    verbose_name = "機關與人員"

    def ready(self) -> None:
        """News of messages to send finds its handler."""
        from agencies import handlers

        del handlers
