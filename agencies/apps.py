from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "agencies"
    label = "agencies"
    verbose_name = "機關與人員"

    def ready(self) -> None:
        """News of messages to send finds its handler, the rail its lists, the pages the words of refusals."""
        from agencies import handlers
        from agencies.pages.queues import register_queues
        from agencies.pages.wordings import WORDINGS
        from treasury.core.pages import wording

        del handlers
        register_queues()
        wording.register(WORDINGS)
