"""feedparser, less what it does beyond reading: it resolves guids, cuts authors by a quadratic pattern, guesses dates.

Given UTF-8 as a stream, always: it opens bytes and text as a path or URL.
"""

import io
from typing import Any

import feedparser
from feedparser.api import LooseFeedParser, StrictFeedParser

from onrecord.feed.domain.errors import BrokenFeed


def read_entries(body: bytes, url: str) -> Any:
    """feedparser's result for scanned UTF-8; `url` resolves relative links. Raises `BrokenFeed` for whatever it raises."""
    headers = {"content-location": url, "content-type": "application/xml; charset=utf-8"}
    try:
        return feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except MemoryError:
        raise  # the worker's limit, told as parse_killed
    except Exception as error:  # a parser that fails on outside bytes cannot read them, whatever it raises
        raise BrokenFeed(f"the parser failed: {type(error).__name__}") from error


def _keep_author(self: Any, key: str = "author") -> None:
    """The text as the name. feedparser's own way mangles addresses of long domains: `desk@paper.online`."""
    context = self._get_context()
    people = context.get(f"{key}s")
    if people and not people[-1] and context.get(key):
        people[-1]["name"] = context[key]


for _parser in (LooseFeedParser, StrictFeedParser):
    # A guid is an opaque name (RSS 2.0): resolved against the feed's address it would change when the feed moves.
    _parser.can_be_relative_uri = _parser.can_be_relative_uri - {"id"}
    _parser._sync_author_detail = _keep_author
