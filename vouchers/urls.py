"""Addresses of the pages of this app."""

from django.urls import path

from vouchers.pages import (
    diff,
    done,
    drafts,
    files,
    form,
    form_check,
    form_payees,
    lists,
    lookups,
    sign,
    steps,
    transmission,
    voucher,
)

app_name = "vouchers"
urlpatterns = [
    path("", lists.voucher_list, name="list"),
    path("transmission/", transmission.transmission, name="transmission"),
    path("sign/", sign.sign_review, name="sign"),
    path("sign/contents/", sign.sign_contents, name="sign_contents"),
    path("sign/results/", sign.sign_results, name="sign_results"),
    path("sign/results/<uuid:key>/", sign.signed, name="signed"),
    path("<int:pk>/", voucher.voucher_page, name="voucher"),
    path("<int:pk>/voucher.pdf", voucher.voucher_pdf, name="pdf"),
    path("<int:pk>/evidence.zip", voucher.voucher_evidence, name="evidence"),
    path("<int:pk>/diff/", diff.voucher_diff, name="diff"),
    path("<int:pk>/steps/<str:verb>/", steps.voucher_step, name="step"),
    # The clerk's form, drafts and files.
    path("new/", form.new, name="new"),
    path("drafts/", drafts.drafts, name="drafts"),
    path("drafts/<uuid:key>/", form.draft, name="draft"),
    path("drafts/<uuid:key>/find/", lookups.find, name="draft_find"),
    path("drafts/<uuid:key>/payees/", form_payees.payees, name="draft_payees"),
    path("drafts/<uuid:key>/check/", form_check.check, name="draft_check"),
    path("drafts/<uuid:key>/send/", form_check.send, name="draft_send"),
    path("lookups/", lookups.suggestions, name="lookups"),
    path("lookups/capitals/", lookups.capitals, name="capitals"),
    path("import/", files.upload, name="import"),
    path("import/<uuid:key>/", files.look, name="import_look"),
    path("import/<uuid:key>/take/", files.take_in, name="import_take"),
    path("import/<int:pk>/", files.taken, name="import_done"),
    path("<int:pk>/edit/", form.edit, name="edit"),
    path("<int:pk>/check/", form_check.check_voucher, name="check"),
    path("<int:pk>/copy/", drafts.copy, name="copy"),
    path("<int:pk>/done/<str:verb>/", done.done, name="done"),
]
