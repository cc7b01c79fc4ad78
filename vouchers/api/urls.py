"""Addresses of vouchers over the API."""

from django.urls import path, re_path

from vouchers.api import changes, evidence, jobs, tables, vouchers
from vouchers.api.showing import VERBS

_VERBS = "|".join(VERBS)

urlpatterns = [
    path("vouchers", vouchers.VouchersView.as_view()),
    path("vouchers/findings", vouchers.VoucherFindingsView.as_view()),
    path("vouchers/<int:voucher_id>", vouchers.VoucherView.as_view()),
    path("vouchers/<int:voucher_id>/voucher.pdf", vouchers.VoucherPdfView.as_view()),
    path("vouchers/<int:voucher_id>/evidence", evidence.VoucherEvidenceView.as_view()),
    re_path(rf"^vouchers/(?P<voucher_id>[0-9]+)/(?P<verb>{_VERBS})$", vouchers.VoucherStepView.as_view()),
    path("voucher-jobs", jobs.VoucherJobsView.as_view()),
    path("voucher-jobs/<int:job_id>", jobs.VoucherJobView.as_view()),
    path("changes", changes.ChangesView.as_view()),
    path("tables/states", tables.StatesView.as_view()),
    path("tables/reasons", tables.ReasonsView.as_view()),
]
