from django.apps import AppConfig


class SigningConfig(AppConfig):
    name = "signing"
    verbose_name = "signing"

    def ready(self) -> None:
        """Tells the pages this app's queues and the words for its refusals."""
        from signing.pages.queues import QUEUES
        from signing.remedies import WORDINGS
        from treasury.core.pages import queues, wording

        queues.register(*QUEUES)
        wording.register(WORDINGS)
