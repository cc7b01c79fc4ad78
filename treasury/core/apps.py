from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "treasury.core"
    label = "core"
    verbose_name = "core"
