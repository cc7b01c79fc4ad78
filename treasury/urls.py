"""Routes: the pages of each app, the API, Django's admin (read-only)."""

from django.contrib import admin
from django.urls import include, path

from agencies.pages.search import search

urlpatterns = [
    path("", include("agencies.urls")),
    path("search/", search, name="search"),
    path("vouchers/", include("vouchers.urls")),
    path("cards/", include("signing.urls")),
    path("log/", include("signing.log_urls")),
    path("desk/", include("disbursement.urls")),
    path("api/", include("treasury.api")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
