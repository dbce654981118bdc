"""The live list, as a browser shows it."""

import asyncpg
import pytest

from e2e.browser.chromium import Tab
from e2e.browser.conftest import Serve
from e2e.browser.story import LONG, MARKUP, NESTED, OPENS, TITLE, publish, story
from integration.store.newsroom import BRIDGE, TAXES, article, revision, statements
from onrecord.contracts import ids
from onrecord.store.adapters.desk import Desk
from onrecord.store.api.access import Token, hash_token

pytestmark = pytest.mark.database
ROW = "document.querySelector('[data-statement=\"{}\"]')"
LIVE = "document.querySelector('#live').className === 'on'"


async def shown(tab: Tab) -> list[str]:
    found = await tab.look("[...document.querySelectorAll('#statements blockquote')].map((words) => words.textContent)")
    return list(found)


async def count(tab: Tab, number: int) -> None:
    await tab.until(f"document.querySelectorAll('#statements li').length === {number}")


async def test_a_statement_that_is_stored_later_appears_by_itself(tab: Tab, address: str, desk: Desk) -> None:
    await tab.open(address)
    await tab.until(f"{LIVE} && !document.querySelector('#empty').hidden")
    assert "No statements yet" in await tab.look("document.querySelector('#empty').textContent")
    await publish(desk, article(BRIDGE), statements(article(BRIDGE), BRIDGE))
    await count(tab, 1)
    assert await shown(tab) == [f"“{BRIDGE}”"]
    assert await tab.look("document.querySelector('#empty').hidden")
    assert await tab.look("document.querySelector('#statements .name').textContent") == "Ann Lee"
    assert await tab.look("document.querySelector('#statements a.out').href") == article(BRIDGE).url


async def test_kind_cue_and_an_unnamed_speaker_are_told(tab: Tab, address: str, desk: Desk) -> None:
    page, said = story()
    await publish(desk, page, said)
    await tab.open(address)
    await count(tab, 4)
    chips = "{}.querySelector('.chips').textContent"
    assert await tab.look(chips.format(ROW.format(said[0].statement_id))) == "direct quote said on"
    assert await tab.look(chips.format(ROW.format(said[1].statement_id))) == "reported did not say (negated)"
    unnamed = f"{ROW.format(said[3].statement_id)}.querySelector('.unnamed')"
    assert await tab.look(f"{unnamed}.textContent") == "port official unnamed"


async def test_hostile_text_is_shown_as_text(tab: Tab, address: str, desk: Desk) -> None:
    await publish(desk, *story())
    await tab.open(address)
    await count(tab, 4)
    assert set(await shown(tab)) == {f"“{OPENS}”", NESTED, MARKUP, LONG}
    assert await tab.look("document.title") == "onrecord: who said what"
    assert await tab.look("document.querySelectorAll('main script, main img, main b').length") == 0
    titles = await tab.look("[...document.querySelectorAll('.source a:not(.out)')].map((title) => title.textContent)")
    assert titles == [TITLE] * 4


async def test_a_retracted_statement_is_struck_at_once(tab: Tab, address: str, desk: Desk) -> None:
    page = article(BRIDGE, TAXES)
    await publish(desk, page, statements(page, BRIDGE, TAXES))
    await tab.open(address)
    await tab.until(LIVE)
    await count(tab, 2)
    again = article(BRIDGE, at=revision(10), item_revision=2)
    await publish(desk, again, statements(again, BRIDGE))
    gone = ROW.format(page.statement_ids[1])
    await tab.until(f"{gone}.classList.contains('retracted')")
    assert await tab.look(f"{gone}.querySelector('.gone').textContent") == "Retracted: no longer in the article"
    line = await tab.look(f"getComputedStyle({gone}.querySelector('blockquote')).textDecorationLine")
    assert line == "line-through"
    assert not await tab.look(f"{ROW.format(page.statement_ids[0])}.classList.contains('retracted')")


async def test_what_was_taken_down_is_not_even_struck(tab: Tab, address: str, desk: Desk, pool: asyncpg.Pool) -> None:
    page = article(BRIDGE)
    await publish(desk, page, statements(page, BRIDGE))
    await tab.open(address)
    await tab.until(LIVE)
    await count(tab, 1)
    await pool.execute(
        "UPDATE statements SET active = false, retracted_reason = 'taken_down', changed_tx = pg_current_xact_id(),"
        " changed_seq = nextval('statement_changes')"
    )
    await tab.until(f"{ROW.format(page.statement_ids[0])}.classList.contains('retracted')")
    assert BRIDGE not in await tab.look("document.body.textContent")


async def test_search_and_back(tab: Tab, address: str, desk: Desk) -> None:
    page = article(BRIDGE, TAXES)
    await publish(desk, page, statements(page, BRIDGE, TAXES))
    await tab.open(address)
    await count(tab, 2)
    await tab.write("#q", "taxes")
    await tab.click("#search button")
    await count(tab, 1)
    assert await tab.look("location.search") == "?q=taxes"
    await tab.look("history.back()")
    await count(tab, 2)
    assert await tab.look("document.querySelector('#q').value") == ""
    await tab.open(f"{address}/?q=nothing-like-it")
    await tab.until("document.querySelector('#empty').textContent === 'Nothing found.'")


async def test_a_speaker_leads_to_everything_they_said(tab: Tab, address: str, desk: Desk) -> None:
    page, other = article(BRIDGE), article(TAXES, url="https://gazette.example/2", item="2")
    await publish(desk, page, statements(page, BRIDGE))
    await publish(desk, other, statements(other, TAXES, speaker="Bo Chen"))
    await tab.open(address)
    await count(tab, 2)
    await tab.click(f"[data-statement='{other.statement_ids[0]}'] .speaker a")
    await tab.until("document.querySelectorAll('#statements li').length === 1 && !document.querySelector('#paused').hidden")
    assert await shown(tab) == [f"“{TAXES}”"]


async def test_a_statement_leads_to_its_place_in_the_article(tab: Tab, address: str, desk: Desk) -> None:
    page, said = story()
    await publish(desk, page, said)
    await tab.open(address)
    await count(tab, 4)
    await tab.click(f"[data-statement='{said[0].statement_id}'] .source a:not(.out)")
    await tab.until("location.pathname === '/article.html' && document.querySelector('mark.open')")
    assert await tab.look("document.querySelector('mark.open').textContent") == OPENS


async def test_a_server_with_tokens_asks_for_one(tab: Tab, serve: Serve, desk: Desk) -> None:
    page = article(BRIDGE)
    await publish(desk, page, statements(page, BRIDGE))
    async with serve(tokens=(Token("reader", hash_token("s3cret")),)) as address:
        for path in ("", f"/article.html?id={ids.article_id(page.url)}", "/operations.html"):
            await tab.look("sessionStorage.clear()") if path else None
            await tab.open(address + path)
            await tab.until("!document.querySelector('#token').hidden")
            await tab.write("#secret", "s3cret")
            await tab.press("Enter")
            await tab.until("document.querySelector('#token').hidden")
            await tab.until("document.querySelector('#statements li, #text p, #groups tr')")
    assert tab.complaints
    assert all("401" in complaint for complaint in tab.complaints)
    tab.complaints.clear()
