"""Addresses of what every client asks for: tables, balances, subscriptions."""

from django.urls import path

from agencies.api import tables, webhooks

urlpatterns = [
    path("tables/banks", tables.BanksView.as_view()),
    path("tables/accounts", tables.AccountsView.as_view()),
    path("balances", tables.BalancesView.as_view()),
    path("webhooks", webhooks.WebhooksView.as_view()),
    path("webhooks/<int:webhook_id>", webhooks.WebhookView.as_view()),
    path("webhooks/<int:webhook_id>/secret", webhooks.WebhookSecretView.as_view()),
    path("webhooks/<int:webhook_id>/deliveries", webhooks.DeliveriesView.as_view()),
    path("webhooks/<int:webhook_id>/deliveries/<int:delivery_id>/replay", webhooks.ReplayView.as_view()),
]
