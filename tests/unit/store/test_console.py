"""The page's safety rules that can be read off its source."""

import re
from importlib.resources import files

CONSOLE = files("onrecord.store") / "console"
SCRIPT = (CONSOLE / "app.js").read_text(encoding="utf-8")
PAGE = (CONSOLE / "index.html").read_text(encoding="utf-8")


def test_text_is_only_ever_text() -> None:
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|srcdoc"
    assert not re.search(markup + r"|\beval\b|new Function|\.style\b", SCRIPT)
    assert "textContent" in SCRIPT


def test_links_are_web_addresses_that_give_nothing_away() -> None:
    assert 'url.protocol !== "http:" && url.protocol !== "https:"' in SCRIPT
    assert 'rel = "noopener noreferrer nofollow ugc"' in SCRIPT
    assert SCRIPT.count(".href = ") == 1


def test_the_page_fits_its_content_policy() -> None:
    assert not re.search(r"<style|style=|\son\w+=|javascript:|<script(?![^>]*src=\"/)", PAGE)
    addresses = re.findall(r"(?:src|href)=\"([^\"]+)\"", PAGE)
    assert addresses
    assert all(address.startswith("/") and not address.startswith("//") for address in addresses)
