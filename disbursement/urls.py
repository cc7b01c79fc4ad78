"""Addresses of the pages of this app."""

from django.urls import path

from disbursement.pages import examination, reception, registers, steps

app_name = "disbursement"
urlpatterns = [
    path("reception/", reception.reception, name="reception"),
    path("examination/", examination.examination, name="examination"),
    path("examination/<int:voucher_id>/", examination.examine, name="examine"),
    path("vouchers/<int:voucher_id>/steps/<slug:verb>/", steps.step, name="step"),
    path("registers/", registers.registers, name="registers"),
    path("registers/<str:on>/<str:name>.pdf", registers.register_pdf, name="register_pdf"),
    path("registers/<str:on>/<str:name>/", registers.register, name="register"),
    path("notices/<int:notice_id>.pdf", registers.notice_pdf, name="notice"),
]
