"""Addresses of the pages of the transparency log."""

from django.urls import path

from signing.pages import log

app_name = "log"
urlpatterns = [
    path("", log.heads, name="heads"),
    path("heads/<int:size>.note", log.head_note, name="note"),
    path("heads/<int:size>.tst", log.head_token, name="token"),
    path("consistency", log.proof_of_consistency, name="consistency"),
    path("inclusion", log.proof_of_inclusion, name="inclusion"),
]
