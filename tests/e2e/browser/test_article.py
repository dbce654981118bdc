"""One article with its statements in place, as a browser shows it."""

import json
import random

import pytest

from e2e.browser.chromium import Tab
from e2e.browser.story import LONG, MARKUP, NESTED, OPENS, TEXT, TITLE, publish, story
from integration.store.newsroom import BRIDGE, article, item_id, revision, statements
from onrecord.contracts import Kind, TextField
from onrecord.contracts.statement import ContentPart
from onrecord.store.adapters.desk import Desk

pytestmark = pytest.mark.database
READY = "document.querySelector('#article') && !document.querySelector('#article').hidden"
MARKED = "[...document.querySelectorAll('mark[data-statements~=\"{}\"]')]"
CASES = 200


async def opened(tab: Tab, address: str, desk: Desk) -> list[str]:
    page, said = story()
    await publish(desk, page, said)
    await tab.open(f"{address}/article.html?id={page.article_id}")
    await tab.until(READY)
    return [str(each.statement_id) for each in said]


async def test_every_highlight_is_the_statement_and_the_text_is_the_article(tab: Tab, address: str, desk: Desk) -> None:
    ids = await opened(tab, address, desk)
    for key, words in zip(ids, (OPENS, NESTED, MARKUP, LONG), strict=True):
        assert await tab.look(f"{MARKED.format(key)}.map((mark) => mark.textContent).join('')") == words
    lines = await tab.look("[...document.querySelectorAll('#text p')].map((line) => line.textContent)")
    assert lines == [line for line in TEXT.split("\n") if line]
    assert await tab.look("document.querySelector('#title').textContent") == TITLE
    assert await tab.look("document.querySelector('#lost').hidden")
    assert await tab.look("document.querySelectorAll('main script, main img').length") == 0


async def test_speakers_are_told_apart_by_number_and_color(tab: Tab, address: str, desk: Desk) -> None:
    ids = await opened(tab, address, desk)
    legend = await tab.look(
        "[...document.querySelectorAll('#legend li')].map((line) => [line.querySelector('.swatch').textContent,"
        " line.querySelector('.name').textContent, line.querySelector('.many').textContent])"
    )
    assert legend == [
        ["1", "Ann Lee", "2 statements"],
        ["2", "Bo Chen", "1 statement"],
        ["3", "port official unnamed", "1 statement"],
    ]
    labels = [await tab.look(f"{MARKED.format(key)}.find((mark) => mark.dataset.label).dataset.label") for key in ids]
    assert labels == ["1", "2", "1", "3"]
    colors = await tab.look("[...document.querySelectorAll('.swatch')].map((one) => getComputedStyle(one).backgroundColor)")
    assert len(set(colors)) == 3


async def test_nested_speech_is_marked_as_such_and_names_both(tab: Tab, address: str, desk: Desk) -> None:
    ids = await opened(tab, address, desk)
    inner = MARKED.format(ids[2])
    assert await tab.look(f"{inner}.every((mark) => mark.classList.contains('nested'))")
    assert await tab.look(f"{inner}[0].dataset.statements") == f"{ids[2]} {ids[1]}"
    await tab.click(f"mark[data-statements^='{ids[2]}']")
    await tab.until("!document.querySelector('#facts').hidden")
    assert "Overlaps with Bo Chen" in await tab.look("document.querySelector('#known .also').textContent")
    await tab.click("#known .also button")
    await tab.until(f"document.querySelector('#known blockquote').textContent === {json.dumps(NESTED)}")


async def test_mention_and_cue_are_marked(tab: Tab, address: str, desk: Desk) -> None:
    await opened(tab, address, desk)
    texts = "[...document.querySelectorAll('#text .{}')].map((words) => words.textContent)"
    assert await tab.look(texts.format("mention")) == ["Ann Lee", "A port official"]
    assert await tab.look(texts.format("cue")) == ["said on", "did not say", "warned"]


async def test_a_click_and_a_key_show_the_facts(tab: Tab, address: str, desk: Desk) -> None:
    ids = await opened(tab, address, desk)
    await tab.click(f"mark[data-statements='{ids[0]}']")
    await tab.until("!document.querySelector('#facts').hidden")
    place = await tab.look("(({ top, bottom }) => [top, bottom])(document.querySelector('#facts').getBoundingClientRect())")
    assert 0 <= place[0] < place[1] <= await tab.look("innerHeight")
    facts = await tab.look(
        "Object.fromEntries([...document.querySelectorAll('#known dt')].map((name) =>"
        " [name.textContent, name.nextElementSibling.textContent]))"
    )
    assert facts["Kind"] == "direct quote"
    assert facts["Cue"] == "“said on” · say"
    assert facts["Chain"] == "“Ann Lee”"
    assert facts["Confidence"] == "words 90 % · speaker 80 % · kind 95 %"
    assert facts["Id"] == ids[0]
    await tab.press("Escape")
    await tab.until("document.querySelector('#facts').hidden && !document.querySelector('mark.open')")
    await tab.look(f"document.getElementById('{ids[3]}').focus()")
    await tab.press("Enter")
    await tab.until(f"document.querySelector('#known blockquote').textContent === {json.dumps(LONG)}")
    assert await tab.look("document.querySelector('#known a').getAttribute('href')") == f"/operations.html?item={item_id()}"


async def test_a_statement_in_the_headline_is_marked_there(tab: Tab, address: str, desk: Desk) -> None:
    page = article(BRIDGE, title=f"🌉 Lee: {BRIDGE}")
    start = page.title.index(BRIDGE)
    place = ContentPart(**ContentPart.parts(page.title, start, start + len(BRIDGE), TextField.TITLE), part=Kind.direct)
    [said] = statements(page, BRIDGE)
    await publish(desk, page, [said.model_copy(update={"content": (place,)})])
    await tab.open(f"{address}/article.html?id={page.article_id}")
    await tab.until(READY)
    assert await tab.look("document.querySelector('#title mark').textContent") == BRIDGE
    assert await tab.look("document.querySelectorAll('#text mark').length") == 0


async def test_a_span_that_does_not_match_is_said_and_not_marked(tab: Tab, address: str, desk: Desk) -> None:
    page = article(BRIDGE)
    moved = article(BRIDGE, text=f"Now {page.text}", at=revision())
    await publish(desk, moved, statements(page, BRIDGE))
    await tab.open(f"{address}/article.html?id={page.article_id}")
    await tab.until(READY)
    assert await tab.look("document.querySelectorAll('#text mark').length") == 0
    assert "1 statement does not match this text" in await tab.look("document.querySelector('#lost').textContent")


async def test_an_article_that_is_not_there_is_said(tab: Tab, address: str) -> None:
    await tab.open(f"{address}/article.html?id={item_id()}")
    await tab.until("!document.querySelector('#problem').hidden")
    assert await tab.look("document.querySelector('#article').hidden")
    assert [complaint for complaint in tab.complaints if "404" not in complaint] == []
    tab.complaints.clear()


def cut(seed: int) -> tuple[str, list[tuple[int, int]]]:
    """A text with characters of one and two UTF-16 units, and spans in code points."""
    chance = random.Random(seed)
    text = "".join(chance.choice("ab🌉\n e\u0301\u202e𝔘") for _ in range(chance.randrange(1, 60)))
    edges = [sorted(chance.sample(range(len(text) + 1), 2)) for _ in range(chance.randrange(6))] if len(text) > 1 else []
    return text, [(start, end) for start, end in edges]


async def test_offsets_are_code_points(tab: Tab, address: str) -> None:
    await tab.open(address)
    cases = [(text, [(start, end, text[start:end]) for start, end in spans]) for text, spans in map(cut, range(CASES))]
    found = await tab.look(f"""import('/spans.js').then(({{ paragraphs, placed, unitOffsets }}) =>
        {json.dumps(cases)}.map(([text, spans]) => {{
            const offsets = unitOffsets(text);
            const places = spans.map(([start, end, exact]) => placed(text, offsets, {{ start, end, exact }}));
            const pieces = paragraphs(text, places).flat();
            return [
                pieces.map((piece) => piece.text).join(''),
                places.map((place) => place && pieces.filter((piece) => piece.spans.includes(place)).map((p) => p.text).join('')),
            ];
        }}))""")
    for (text, spans), (whole, parts) in zip(cases, found, strict=True):
        blank = [line for line in text.split("\n") if line.strip(" \n")]
        assert whole == "".join(blank)
        covered = ["".join(line for line in exact.split("\n")) for _, _, exact in spans]
        assert [part.replace(" ", "") for part in parts] == [part.replace(" ", "") for part in covered]


async def test_an_offset_outside_the_text_is_no_place(tab: Tab, address: str) -> None:
    await tab.open(address)
    ask = "import('/spans.js').then(({{ placed, unitOffsets }}) => placed('a🌉b', unitOffsets('a🌉b'), {}))"
    assert await tab.look(ask.format("{ start: 1, end: 2, exact: '🌉' }")) == {"start": 1, "end": 3}
    assert await tab.look(ask.format("{ start: 2, end: 4, exact: 'b' }")) is None
    assert await tab.look(ask.format("{ start: 1, end: 2, exact: 'b' }")) is None
