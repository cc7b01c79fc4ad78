"""Reading the filtered lists that a person kept."""

from agencies.filter_models import SavedFilter


def saved_filters(user_id: int) -> list[SavedFilter]:
    """A person's saved filters by name."""
    return list(SavedFilter.objects.filter(user_id=user_id))
