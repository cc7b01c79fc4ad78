"""Hostile pages in a real browser: other origins, no origin, names that point here, frames, second packages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.signing.agent.process import RunningAgent, fresh
from tests.signing.agent.window import REBOUND, opened
from tests.signing.signing_site import SigningSite, site_running

# Asks the agent as a page may, and says what came of it: the status, or that the browser let nothing through.
ASK = """async ([address, body]) => {
  const given = body ? { method: "POST", body } : {};
  try { return String((await fetch(address, given)).status); } catch { return "nothing"; }
}"""
SIGN = '{"func": "MakeSignature", "popup": "x", "id": "1", "slotDescription": "x", "pin": "135790"}'


@pytest.fixture
def evil(agent: RunningAgent) -> Iterator[SigningSite]:
    """A site that the agent does not know, with an empty page and no policy of its own."""
    with site_running(agent.url) as evil:
        evil.page = "<!doctype html><title>evil</title>"
        yield evil


@pytest.fixture
def page(context: BrowserContext, evil: SigningSite) -> Page:
    """The evil site's page; `said` is what it was told by messages."""
    page = context.new_page()
    page.goto(evil.url)
    page.evaluate("window.said = []; addEventListener('message', (event) => said.push(event.data))")
    return page


@pytest.mark.threat("raw-signature")
def test_contents_that_are_not_ours_are_not_signed(
    context: BrowserContext, site: SigningSite, agent: RunningAgent
) -> None:
    site.contents = [b"a digest to be signed"]

    window = opened(page := context.new_page(), site)

    expect(page.locator("[data-card-error]")).to_have_attribute("data-code", "refused_content")
    assert site.results is None
    assert window.is_closed() or "不予簽署" in window.locator("#status").inner_text()


@pytest.mark.threat("origin-evil")
def test_a_strange_page_gets_no_signature_out_of_a_window(page: Page, site: SigningSite, agent: RunningAgent) -> None:
    with page.expect_popup() as popup:
        page.evaluate(f"window.w = open('{agent.url}/popupForm?origin={site.url}')")
    window = popup.value
    window.wait_for_load_state()

    page.evaluate("w.postMessage({func: 'MakeSignatures', packages: [], nonce: 'evil-nonce'}, '*')")
    page.wait_for_timeout(200)

    expect(window.locator("#status")).to_contain_text("等待網站交付")
    expect(window.locator("#pin-form")).to_be_hidden()
    assert page.evaluate("said") == []
    window.close()


@pytest.mark.threat("origin-evil")
def test_a_strange_page_reads_and_asks_nothing(page: Page, agent: RunningAgent) -> None:
    asked = [page.evaluate(ASK, [agent.url + path, None]) for path in ("/pkcs11info", "/popupForm", "/selfTest.htm")]
    asked += [page.evaluate(ASK, [agent.url + path, SIGN]) for path in ("/sign", "/popup/package", "/popup/close")]

    assert asked == ["nothing"] * 6
    with page.expect_navigation() as sent:
        page.evaluate(
            f"""() => {{ document.body.innerHTML = '<form method="post" action="{agent.url}/sign"></form>';
            document.forms[0].submit(); }}"""
        )
    assert sent.value.status == 403


@pytest.mark.threat("origin-evil")
def test_a_page_without_an_origin_gets_nothing(page: Page, agent: RunningAgent) -> None:
    script = (
        f"fetch('{agent.url}/pkcs11info').then((found) => found.text(), () => 'nothing')"
        ".then((text) => parent.postMessage(origin + ' ' + text, '*'))"
    )

    page.evaluate(
        """(script) => { const frame = document.createElement('iframe');
        frame.sandbox = 'allow-scripts'; frame.srcdoc = `<script>${script}</script>`; document.body.append(frame); }""",
        script,
    )
    page.wait_for_function("said.length")

    assert page.evaluate("said") == ["null nothing"]


@pytest.mark.threat("host-rebinding")
def test_a_name_that_points_here_is_not_served(context: BrowserContext, agent: RunningAgent) -> None:
    page = context.new_page()
    found = page.goto(f"http://{REBOUND}:{agent.port}/pkcs11info")

    assert found is not None
    assert (found.status, "slots" in found.text()) == (403, False)
    # The page is of one origin with the agent now, as far as the browser knows.
    assert [page.evaluate(ASK, given) for given in (["/pkcs11info", None], ["/sign", SIGN])] == ["403", "403"]


@pytest.mark.threat("iframe")
@pytest.mark.parametrize("by", ["strange", "known"])
def test_no_page_puts_the_window_into_a_frame(page: Page, site: SigningSite, agent: RunningAgent, by: str) -> None:
    if by == "known":
        site.page = "<!doctype html><title>known, and taken over</title>"
        page.goto(site.url)
    for path in (f"/popupForm?origin={site.url}", "/selfTest.htm", "/popup/popup.js"):
        with page.expect_response(lambda answer: answer.url.startswith(agent.url)):
            page.evaluate(
                "(address) => { document.body.innerHTML = `<iframe src='${address}'></iframe>`; }", agent.url + path
            )
        page.wait_for_function("() => { try { return !frames[0].document; } catch { return true; } }")

        framed = page.frames[-1]
        assert framed.url == "chrome-error://chromewebdata/"
        assert "data-popup" not in framed.content()


@pytest.mark.threat("window-second")
def test_a_second_package_is_refused_by_the_window(
    context: BrowserContext, site: SigningSite, agent: RunningAgent
) -> None:
    page = context.new_page()
    page.goto(site.url)
    page.evaluate("window.said = []; addEventListener('message', (event) => said.push(event.data))")
    page.evaluate("window.opens = window.open; window.open = (...given) => window.w = opens(...given); 0")
    with page.expect_popup() as popup:
        page.locator("[data-card-submit]").click()
    expect(popup.value.locator("#pin")).to_be_focused()

    page.evaluate(f"w.postMessage({{func: 'MakeSignatures', packages: [], nonce: 'second'}}, '{agent.url}')")
    page.wait_for_function("said.some((one) => one.func === 'refused')")

    expect(popup.value.locator("#list > li")).to_have_count(2)
    popup.value.locator("#cancel").click()


@pytest.mark.threat("window-second")
def test_a_second_window_waits_while_the_first_has_the_pin_before_it(
    context: BrowserContext, site: SigningSite, agent: RunningAgent
) -> None:
    first = opened(context.new_page(), site)
    expect(first.locator("#pin")).to_be_focused()
    site.contents = [fresh()]

    second = opened(page := context.new_page(), site)

    expect(page.locator("[data-card-error]")).to_have_attribute("data-code", "busy")
    assert second.is_closed() or second.locator("#pin-form").is_hidden()
    expect(first.locator("#list > li")).to_have_count(2)
    first.locator("#cancel").click()
