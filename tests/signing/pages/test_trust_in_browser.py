"""The page of trust material in a real browser, with everything on it that it can show: axe, edges, both languages."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from agencies.services import treasury_staff_provide
from signing import services
from signing.models import Authority
from signing.services.renewal import lists_renew
from tests.browser.chromium import LANGUAGES, LOOKS, cut_off, violations
from tests.pages import client_of
from tests.signing import forge
from tests.signing.forge import AT
from treasury.core import clock


@pytest.mark.parametrize("look", ["dark", "zoom"])
def test_it_is_clean_in_every_look(
    look: str, browser: Browser, live_server: LiveServer, trust: Path, day: datetime, settings: Settings
) -> None:
    # Given a list that is missing, one that is stale, one that was refused, in a folder that is read
    settings.ALLOWED_HOSTS, settings.TRUST_FOLDER = ["*"], str(trust)
    (trust / "crls" / "moica.crl").unlink()
    (trust / "crls" / "xca.crl").write_bytes(forge.pki().xca.crl(4, at=AT - timedelta(days=12)))
    (trust / "crls" / "gca.crl").write_bytes(forge.pki().gca.crl(2, at=AT))
    services.trust_import(folder=trust)
    (trust / "crls" / "gca.crl").write_bytes(forge.pki().gca.crl(9, signed_by=forge.key("impostor")))
    lists_renew()
    treasury_staff_provide()
    session = client_of("treasury-treasury_admin").cookies["sessionid"].value
    context = browser.new_context(base_url=live_server.url, **LOOKS[look])  # type: ignore[arg-type]
    cookies = {"sessionid": session, "django_language": LANGUAGES[look]}
    context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
    page = context.new_page()

    for address in ("/cards/trust/", f"/cards/trust/{Authority.objects.get(issuer_kind='GCA').pk}/", "/"):
        page.goto(address)
        assert page.locator("h1").count() == 1
        assert violations(page) == []
        assert cut_off(page) == []
    assert clock.now() == AT
    context.close()
