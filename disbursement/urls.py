"""Addresses of the pages of this app."""

from django.urls import path

from disbursement.pages import (
    bank,
    batches,
    cheques,
    examination,
    outcomes,
    payments,
    reception,
    reconciliation,
    registers,
    results,
    returned,
    steps,
)

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
    # Money.
    path("payments/", payments.payments, name="payments"),
    path("payments/<slug:verb>/", payments.payments_act, name="payments_act"),
    path("outcomes/<uuid:key>/", outcomes.outcome, name="outcome"),
    path("batches/", batches.batches, name="batches"),
    path("batches/build/", batches.batches_make, name="batches_make"),
    path("batches/<int:pk>/", batches.batch, name="batch"),
    path("batches/<int:pk>/pain.001.xml", batches.batch_message, name="batch_message"),
    path("batches/<int:pk>/roster.jsonl", batches.batch_roster, name="batch_roster"),
    path("batches/<int:pk>/<slug:verb>/", batches.batch_act, name="batch_act"),
    path("cheques/", cheques.cheques, name="cheques"),
    path("cheques/stock/", cheques.stock_receive, name="stock_receive"),
    path("cheques/run.pdf", cheques.run_pdf, name="cheque_run"),
    path("cheques/<int:pk>/", cheques.cheque, name="cheque"),
    path("cheques/<int:pk>/cheque.pdf", cheques.cheque_pdf, name="cheque_pdf"),
    path("cheques/<int:pk>/<slug:verb>/", cheques.cheque_act, name="cheque_act"),
    path("bank/", bank.messages, name="bank"),
    path("bank/poll/", bank.poll, name="bank_poll"),
    path("bank/<int:pk>/", bank.message, name="bank_message"),
    path("bank/<int:pk>/raw/", bank.message_raw, name="bank_raw"),
    path("returned/", returned.returned, name="returned"),
    path("returned/<int:pk>/", returned.line, name="returned_line"),
    path("returned/<int:pk>/<slug:verb>/", returned.line_act, name="returned_act"),
    path("results/", results.results, name="results"),
    path("results/<int:pk>/", results.result, name="result"),
    path("reconciliation/", reconciliation.reconciliation_days, name="days"),
    path("reconciliation/<str:on>/", reconciliation.reconciliation_day, name="day"),
    path("reconciliation/<str:on>/<slug:verb>/", reconciliation.day_act, name="day_act"),
]
