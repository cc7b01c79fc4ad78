"""Addresses of the pages of this app."""

from django.urls import path

from signing.pages import cards, trust

app_name = "signing"
urlpatterns = [
    path("", cards.mine, name="mine"),
    path("pin/", cards.pin, name="pin"),
    path("registered/", cards.registered, name="registered"),
    path("trust/", trust.trust, name="trust"),
    path("trust/<int:authority_id>/", trust.generations, name="generations"),
]
