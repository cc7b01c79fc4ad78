"""Saving the list one looks at under a name, and forgetting it again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies.pages.access import actor_in, needs
from agencies.services.filters import filter_drop, filter_save


@require_POST
@needs("")
def save(request: HttpRequest) -> HttpResponse:
    """Keeps a filtered list; it then stands in the rail and on the home page."""
    saved = filter_save(
        user_id=_own_id(request), name=request.POST.get("name", ""), address=request.POST.get("address", "")
    )
    messages.success(request, _("已儲存篩選「%(name)s」。") % {"name": saved.name})
    return HttpResponseRedirect(saved.address)


@require_POST
@needs("")
def drop(request: HttpRequest, filter_id: int) -> HttpResponse:
    """Forgets a saved filter."""
    filter_drop(user_id=_own_id(request), filter_id=filter_id)
    return HttpResponseRedirect(reverse("agencies:home"))


def _own_id(request: HttpRequest) -> int:
    user_id = actor_in(request).user_id
    assert user_id is not None
    return user_id
