"""Addresses of payment results over the API."""

from django.urls import path

from disbursement.api import results

urlpatterns = [
    path("vouchers/<int:voucher_id>/results", results.ResultsView.as_view()),
    path("return-notices", results.ReturnNoticesView.as_view()),
]
