"""Routes: Django's admin, read-only (the pages and the API come above it)."""

from django.contrib import admin
from django.urls import path

urlpatterns = [path("admin/", admin.site.urls)]
