"""The operations view, as a browser shows it."""

from datetime import timedelta

import pytest

from e2e.browser.chromium import Tab
from e2e.browser.story import MARKUP, TITLE, hostile_news
from integration.store.newsroom import START, URL, delivered, item, item_id, outcome
from onrecord.contracts import Deferred, Lane, OutcomeKind
from onrecord.store.adapters.desk import Desk
from onrecord.store.adapters.ledger import Ledger

pytestmark = pytest.mark.database
TILES = (
    "Object.fromEntries([...document.querySelectorAll('.tile')].map((tile) =>"
    " [tile.querySelector('dt').textContent, tile.querySelector('dd').textContent]))"
)
ROWS = "[...document.querySelectorAll('#{} tr')].map((row) => [...row.cells].map((cell) => cell.textContent.trim()))"
FAR = timedelta(days=36500)  # a retry that is still to come, whenever the test runs


def deferral(name: str) -> Deferred:
    return Deferred(
        item_id=item_id(name), item_revision=1, service="scraper", reason="status_503", attempt=1, deferred_at=START,
        until=START + FAR, lane=Lane.live,
    )  # fmt: skip


async def opened(tab: Tab, address: str, query: str = "") -> None:
    await tab.open(f"{address}/operations.html{query}")
    await tab.until("document.querySelector('.tile') && document.querySelector('#groups tr')")


async def test_the_ledger_adds_up_and_follows(tab: Tab, address: str, ledger: Ledger) -> None:
    await ledger.take_items([delivered(item(name)) for name in "abcd"])
    await ledger.take_ends([delivered(outcome(OutcomeKind.stored, name="a")), delivered(deferral("b"))])
    await opened(tab, address)
    assert await tab.look(TILES) == {"in": "4", "ended": "1", "in flight": "2", "waiting": "1"}
    assert [row[:2] for row in await tab.look(ROWS.format("outcomes"))] == [["stored", "1"]]
    await ledger.take_ends([delivered(outcome(OutcomeKind.gone, name="c"))])
    await tab.until("document.querySelectorAll('#outcomes tr').length === 2")
    assert await tab.look(TILES) == {"in": "4", "ended": "2", "in flight": "1", "waiting": "1"}


async def test_lag_tells_what_is_known_and_what_is_not(tab: Tab, address: str) -> None:
    await opened(tab, address)
    assert await tab.look(ROWS.format("groups")) == [
        ["scraper", "1,234", "item.v1 1,234"],
        ["feed", "unknown", "the broker can not tell"],
    ]


async def test_dead_letters_and_feeds(tab: Tab, address: str, desk: Desk, ledger: Ledger) -> None:
    await hostile_news(desk, ledger)
    await opened(tab, address)
    await tab.until("document.querySelector('#letters tr') && document.querySelector('#feed-rows tr')")
    [letter] = await tab.look(ROWS.format("letters"))
    assert letter[1] == "extractor"
    assert letter[2].startswith(MARKUP)
    assert letter[3] == "javascript:alert(1)"
    assert await tab.look("document.querySelector('#letters a').protocol") == "http:"
    [feed] = await tab.look(ROWS.format("feed-rows"))
    assert (feed[0], feed[1], feed[3], feed[4]) == (TITLE, "2", "0", "dead letter 1 stored 1")
    assert await tab.look("document.querySelectorAll('main script, main img, main a[href^=javascript]').length") == 0
    assert "Poll results: see metrics" in await tab.look("document.body.textContent")


async def test_an_items_path_leads_to_its_trace(tab: Tab, address: str, desk: Desk, ledger: Ledger) -> None:
    await hostile_news(desk, ledger)
    await opened(tab, address)
    await tab.write("#item", URL)
    await tab.click("#why button")
    await tab.until("document.querySelectorAll('.hops li').length === 3")
    steps = await tab.look("[...document.querySelectorAll('.hops b')].map((step) => step.textContent)")
    assert steps == ["item found", "article extracted", "outcome recorded"]
    trace = f"{7:032x}"
    assert await tab.look(f"[...document.links].some((a) => a.href === 'http://127.0.0.1:16686/trace/{trace}')")
    await opened(tab, address, f"?item={item_id('broken')}")
    await tab.until("document.querySelectorAll('.hops li').length === 2")
    assert "dead letter by extractor" in await tab.look("document.querySelector('.life').textContent")
    assert await tab.look("document.querySelectorAll('main a[href^=javascript]').length") == 0


async def test_an_address_that_no_item_has_is_said(tab: Tab, address: str) -> None:
    await opened(tab, address, "?item=https://nobody.example/")
    await tab.until("!document.querySelector('#path-problem').hidden")
    assert "No item has this address" in await tab.look("document.querySelector('#path-problem').textContent")
