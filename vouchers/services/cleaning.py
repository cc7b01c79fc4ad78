"""Forms and files that nobody comes back to: announced, then cleaned away. No voucher is ever touched."""

from datetime import timedelta

from django.conf import settings

from treasury.core import clock
from vouchers.drafts import DraftForm, UploadedFile


def drafts_clean() -> int:
    """Announces forms that were not saved for long, and deletes those announced `DRAFT_NOTICE_DAYS` ago; returns how
    many are gone.

    Whoever saves an announced form keeps it. A night without cleaning shortens nobody's notice.
    """
    today = clock.today()
    notice = timedelta(days=settings.DRAFT_NOTICE_DAYS)
    left_at = clock.now() - timedelta(days=settings.DRAFT_KEPT_DAYS) + notice
    forms = DraftForm.objects.filter(saved_at__lt=left_at)
    gone, _ = forms.filter(ends_on__lte=today).delete()
    forms.filter(ends_on=None).update(ends_on=today + notice)
    return gone


def files_clean() -> int:
    """Deletes voucher files that were uploaded and never taken in; returns how many."""
    gone, _ = UploadedFile.objects.filter(
        uploaded_at__lt=clock.now() - timedelta(days=settings.UPLOAD_KEPT_DAYS)
    ).delete()
    return gone
