"""Addresses of the API, `/api/v1`: composed of what each app offers."""

from django.urls import include, path, re_path

from agencies.api.token import ClientTokenView
from treasury.core.api.open import DocumentView, HealthView, NowhereView, guide

app_name = "api"
urlpatterns = [
    path("oauth2/token", ClientTokenView.as_view(), name="token"),
    path("v1/", guide, name="guide"),
    path("v1/health", HealthView.as_view()),
    path("v1/openapi.json", DocumentView.as_view(), name="openapi"),
    path("v1/", include("agencies.api.urls")),
    path("v1/", include("vouchers.api.urls")),
    path("v1/", include("disbursement.api.urls")),
    path("v1/", include("signing.api.urls")),
    re_path(r"^.*$", NowhereView.as_view()),
]
