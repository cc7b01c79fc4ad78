from django.apps import AppConfig


class SigningConfig(AppConfig):
    name = "signing"
    verbose_name = "signing"

    def ready(self) -> None:
        """Tells the pages this app's queues and panels and the words for its refusals."""
        from agencies import readiness
        from signing.card_words import CARD_WORDINGS
        from signing.log.words import WORDINGS as LOG_WORDINGS
        from signing.pages import log_panels
        from signing.pages.notices import banners as card_banners
        from signing.pages.queues import QUEUES
        from signing.pages.trust import panels_register
        from signing.remedies import WORDINGS
        from signing.signers import cards_ready
        from signing.trust_selectors import health_word
        from treasury.core import health
        from treasury.core.pages import banners, queues, wording

        queues.register(*QUEUES)
        banners.register(card_banners)
        readiness.register(cards_ready)
        wording.register(CARD_WORDINGS)
        wording.register(WORDINGS)
        wording.register(LOG_WORDINGS)
        log_panels.panels_register()
        health.register("revocation_lists", health_word)
        panels_register()
