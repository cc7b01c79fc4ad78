from django.apps import AppConfig


class VouchersConfig(AppConfig):
    name = "vouchers"
    verbose_name = "vouchers"

    def ready(self) -> None:
        """Tells home and rail of the agency's queues; news of jobs finds its handler."""
        from treasury.core.pages import finders
        from vouchers import handlers
        from vouchers.evidence import evidence_register
        from vouchers.pages.finding import FINDERS
        from vouchers.pages.home import register_panels
        from vouchers.pages.queues import register_queues

        del handlers
        evidence_register()
        register_queues()
        register_panels()
        finders.register(*FINDERS)
