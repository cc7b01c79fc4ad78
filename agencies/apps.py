from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "agencies"
    label = "agencies"
    verbose_name = "機關與人員"
