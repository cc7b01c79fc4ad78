"""Addresses of the transparency log over the API."""

from django.urls import path

from signing.api import log

urlpatterns = [
    path("log/heads", log.HeadsView.as_view()),
    path("log/heads/latest", log.LatestHeadView.as_view()),
    path("log/heads/<int:size>", log.HeadView.as_view()),
    path("log/entries", log.EntriesView.as_view()),
    path("log/inclusion", log.InclusionView.as_view()),
    path("log/consistency", log.ConsistencyView.as_view()),
]
