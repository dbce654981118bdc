"""The pages' safety rules that can be read off their sources."""

import re
from importlib.resources import files

import pytest

CONSOLE = files("onrecord.store") / "console"
SOURCES = {file.name: file.read_text(encoding="utf-8") for file in CONSOLE.iterdir()}
SCRIPTS = sorted(name for name in SOURCES if name.endswith(".js"))
PAGES = sorted(name for name in SOURCES if name.endswith(".html"))
MARKUP = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|srcdoc|setHTML"


def test_there_are_pages_and_scripts() -> None:
    assert {"index.html", "article.html", "operations.html"} == set(PAGES)
    assert {"live.js", "article.js", "operations.js", "page.js"} <= set(SCRIPTS)


@pytest.mark.parametrize("name", SCRIPTS)
def test_text_is_only_ever_text(name: str) -> None:
    assert not re.search(MARKUP + r"|\beval\b|new Function|\.style\b|javascript:", SOURCES[name])


def test_links_are_web_addresses_that_give_nothing_away() -> None:
    page = SOURCES["page.js"]
    assert 'url.protocol !== "http:" && url.protocol !== "https:"' in page
    assert 'REL = "noopener noreferrer nofollow ugc"' in page
    assert "made.rel = REL" in page


def test_only_the_shared_functions_make_links() -> None:
    assert SOURCES["page.js"].count(".href = ") == 1
    assert SOURCES["page.js"].count('setAttribute("href"') == 1
    others = "".join(SOURCES[name] for name in SCRIPTS if name != "page.js")
    assert not re.search(r"\.href\s*=|\"href\"|element\(\"a\"|location\s*=|location\.assign|window\.open", others)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_content_policy(name: str) -> None:
    page = SOURCES[name]
    assert not re.search(r"<style|style=|\son\w+=|javascript:|<script(?![^>]*src=\"/)", page)
    addresses = re.findall(r"(?:src|href)=\"([^\"]+)\"", page)
    assert addresses
    assert all(address.startswith("/") and not address.startswith("//") for address in addresses)


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_load_only_their_neighbours(name: str) -> None:
    loaded = re.findall(r"(?:^import[^;]*?|import\()\s*\"([^\"]+)\"", SOURCES[name], re.MULTILINE)
    assert {address.removeprefix("/") for address in loaded} <= set(SCRIPTS)
