"""Addresses of the pages of this app."""

from django.urls import path

from signing.pages import card, cards, notices, registering, signers, trust

app_name = "signing"
urlpatterns = [
    path("", cards.mine, name="mine"),
    path("pin/", cards.pin, name="pin"),
    path("registered/", cards.registered, name="registered"),
    path("registered/new/", registering.register, name="register"),
    path("registered/<int:pk>/", card.card, name="card"),
    path("registered/<int:pk>/<slug:verb>/", card.step, name="card_step"),
    path("registered/<int:pk>/forms/<slug:kind>.pdf", card.form_pdf, name="card_form"),
    path("signers/", signers.signers, name="signers"),
    path("signers/<int:pk>/", signers.gap, name="gap"),
    path("signers/<int:pk>/gap.pdf", signers.gap_pdf, name="gap_pdf"),
    path("notices/", notices.notices, name="notices"),
    path("notices/<int:pk>/read/", notices.read, name="notice_read"),
    path("trust/", trust.trust, name="trust"),
    path("trust/<int:authority_id>/", trust.generations, name="generations"),
]
