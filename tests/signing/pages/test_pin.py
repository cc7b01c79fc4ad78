"""Where PINs are reset: at the authorities, never here (A-4)."""

from datetime import datetime

from agencies.models import Agency
from agencies.services import staff_provide
from tests.pages import client_of
from treasury.core.parameters import profile_seed

CABINET = "0003010000"


def test_where_pins_are_reset_is_linked_and_no_page_asks_for_one(db: None, day: datetime) -> None:
    profile_seed("nta")
    Agency.objects.create(code=CABINET, name="行政院")
    staff_provide(agency_codes=[CABINET])
    page = client_of(f"{CABINET}-head").get("/cards/pin/").content.decode()

    for address in ("https://gca.nat.gov.tw/", "https://xca.nat.gov.tw/", "https://moica.nat.gov.tw/"):
        assert f'href="{address}"' in page
    for address in ("/cards/registered/new/", "/cards/registered/", "/cards/pin/"):
        text = client_of(f"{CABINET}-admin").get(address).content.decode()
        assert 'type="password"' not in text and 'name="pin"' not in text
