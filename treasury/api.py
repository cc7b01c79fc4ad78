"""Addresses of the API, `/api/v1`: composed of what each app offers."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
