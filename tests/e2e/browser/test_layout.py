"""What holds for every page: it fits the screen, can be read, and runs nothing but its own scripts."""

import pytest

from e2e.browser.chromium import Tab
from e2e.browser.story import hostile_news
from integration.store.newsroom import item_id
from onrecord.store.adapters.desk import Desk
from onrecord.store.adapters.ledger import Ledger

pytestmark = pytest.mark.database
PAGES = {
    "/": "document.querySelectorAll('#statements li').length === 4",
    "/article.html?id={article}": "document.querySelector('#legend li')",
    "/article.html?id={article}#{statement}": "!document.querySelector('#facts').hidden",
    "/operations.html": "document.querySelector('#letters tr') && document.querySelector('#feed-rows tr')",
    "/operations.html?item={item}": "document.querySelector('.hops li')",
}
WIDEST = "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)"
TEXT_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
CONTRASTS = """(() => {
  const light = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const own = getComputedStyle(element).backgroundColor;
    return own === 'rgba(0, 0, 0, 0)' && element.parentElement ? behind(element.parentElement) : own;
  };
  const found = {};
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !element.checkVisibility()) continue;
    const [one, other] = [light(getComputedStyle(element).color), light(behind(element))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const name = element.tagName + '.' + element.className;
    found[name] = Math.min(found[name] || 21, contrast);
  }
  return found;
})()"""
EVERY_COLOR = """[...Array(10).keys()].forEach((number) => {
  const made = document.createElement('mark');
  made.className = `said color-${number}`;
  made.textContent = 'words';
  document.querySelector('#text').append(made);
})"""


@pytest.mark.parametrize("width_px", [1440, 390])
async def test_no_page_is_wider_than_the_screen(tab: Tab, address: str, desk: Desk, ledger: Ledger, width_px: int) -> None:
    page = await hostile_news(desk, ledger)
    await tab.size(width_px)
    for path, ready in PAGES.items():
        at = path.format(article=page.article_id, statement=page.statement_ids[3], item=item_id())
        await tab.open("about:blank")
        await tab.open(address + at)
        await tab.until(ready)
        assert await tab.look(WIDEST) <= width_px, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_can_be_read(tab: Tab, address: str, desk: Desk, ledger: Ledger, scheme: str) -> None:
    page = await hostile_news(desk, ledger)
    await tab.scheme(scheme)
    for path, ready in PAGES.items():
        await tab.open("about:blank")
        await tab.open(address + path.format(article=page.article_id, statement=page.statement_ids[3], item=item_id()))
        await tab.until(ready)
        if path.startswith("/article"):
            await tab.look(EVERY_COLOR)
        contrasts = await tab.look(CONTRASTS)
        assert len(contrasts) > 5
        assert {name: contrast for name, contrast in contrasts.items() if contrast < TEXT_CONTRAST} == {}, path


async def test_the_policy_stops_what_would_run_and_the_browser_says_so(tab: Tab, address: str) -> None:
    """Else an empty list of complaints would prove nothing."""
    await tab.open(address)
    await tab.look("""(() => {
        const script = document.createElement('script');
        script.textContent = 'window.owned = true';
        const image = document.createElement('img');
        image.src = 'https://elsewhere.example/pixel.png';
        document.body.append(script, image);
    })()""")
    await tab.look("import('/spans.js').then(() => 'a turn of the loop, so that the complaints are in')")
    assert await tab.look("window.owned") is None
    assert sum("Content Security Policy" in complaint for complaint in tab.complaints) == 2
    tab.complaints.clear()
