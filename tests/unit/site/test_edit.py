"""The courier's correction."""

import io

import feedparser
from aiohttp import ClientSession
from newspapers import Newspapers
from newspapers.content import reports, text_edit
from newspapers.harbour_courier import EDIT_STEP, corrected


async def text(reader: ClientSession, url: str) -> str:
    async with reader.get(url) as response:
        return await response.text()


async def test_page_and_entry_change_at_the_edit_step(papers: Newspapers, reader: ClientSession) -> None:
    edit = {name: words.replace("&", "&amp;") for name, words in text_edit().items()}
    papers.advance(EDIT_STEP - 1)
    before = await text(reader, papers.edited_link)
    feed_before = await text(reader, papers.feeds()[1].url)
    papers.advance()
    after = await text(reader, papers.edited_link)
    feed_after = await text(reader, papers.feeds()[1].url)
    assert edit["old"] in before
    assert edit["vanishes"] in before
    assert edit["added"] not in before
    assert edit["new"] in after
    assert edit["old"] not in after
    assert edit["vanishes"] not in after
    assert edit["added"] in after
    updated = [
        {entry.link: entry.updated for entry in feedparser.parse(io.BytesIO(feed.encode())).entries}
        for feed in (feed_before, feed_after)
    ]
    assert {link for link in updated[0] if updated[0][link] != updated[1][link]} == {papers.edited_link}


async def test_the_edited_item_is_expected_twice(papers: Newspapers) -> None:
    def revisions() -> dict[str, int]:
        return {end.link: end.revisions for end in papers.expected() if end.revisions > 1}

    assert revisions() == {}
    papers.advance(EDIT_STEP + 5)
    assert revisions() == {papers.edited_link: 2}


def test_edit_changes_three_paragraphs_only() -> None:
    report = next(report for report in reports() if report.key == text_edit()["key"])
    old, new = list(report.paragraphs), list(corrected(report).paragraphs)
    assert len([p for p in old if p not in new]) == 2
    assert len([p for p in new if p not in old]) == 2
    assert len(new) == len(old)
