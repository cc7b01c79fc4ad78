"""Addresses of entry, home, people and agencies."""

from django.urls import path

from agencies.administration import PATHS
from agencies.pages import entry, filters

app_name = "agencies"
urlpatterns = [
    path("", entry.home, name="home"),
    path("login/", entry.LoginPage.as_view(), name="login"),
    path("logout/", entry.LogoutPage.as_view(), name="logout"),
    path("role/", entry.role, name="role"),
    path("appearance/", entry.appearance, name="appearance"),
    path("alive/", entry.alive, name="alive"),
    path("filters/", filters.save, name="filter_save"),
    path("filters/<int:filter_id>/drop/", filters.drop, name="filter_drop"),
    *PATHS,
]
