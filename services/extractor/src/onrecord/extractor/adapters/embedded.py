"""The story of a page that its own scripts would draw: HTML inside JSON strings."""

import json
import re
from collections.abc import Iterator

from onrecord.extractor.adapters.html import parse
from onrecord.extractor.adapters.paragraphs import collect_paragraphs
from onrecord.extractor.domain.slim import slim

MAX_SCRIPT_CHARS = 2 * 1024 * 1024  # of all scripts together
MIN_STORY_CHARS = 400  # of markup; shorter strings are captions and teasers
MAX_STORIES = 20
MAX_NESTING = 2  # streamed pages put JSON into a string of JSON
_SCRIPT = re.compile(r"<script\b([^>]*+)>", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script", re.IGNORECASE)
_STRING = re.compile(r'"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
_PARAGRAPH = re.compile(r"<p[\s>]|\\u003cp[\s>\\]", re.IGNORECASE)


def embedded_text(markup: str) -> str:
    """The longest prose found as HTML in a script's strings; empty where there is none. Linear in `markup`."""
    room = MAX_SCRIPT_CHARS
    stories: list[str] = []
    for script in _scripts(markup):
        stories.extend(_stories(script[:room], MAX_NESTING))
        room -= len(script)
        if room <= 0 or len(stories) >= MAX_STORIES:
            break
    return max((_prose(story) for story in stories[:MAX_STORIES]), key=len, default="")


def _scripts(markup: str) -> Iterator[str]:
    position = 0
    while start := _SCRIPT.search(markup, position):
        end = _SCRIPT_END.search(markup, start.end())
        position = end.start() if end else len(markup)
        yield markup[start.end() : position]


def _stories(script: str, nesting: int) -> Iterator[str]:
    if not nesting or not _PARAGRAPH.search(script):
        return
    for found in _STRING.finditer(script):
        raw = found.group(1)
        if len(raw) < MIN_STORY_CHARS or not _PARAGRAPH.search(raw):
            continue
        try:
            value = json.loads(f'"{raw}"', strict=False)
        except ValueError:
            continue
        inner = list(_stories(value, nesting - 1)) if '"' in value else []
        yield from inner or [value]


def _prose(story: str) -> str:
    tree = parse(f"<div>{slim(story).html}</div>")
    return collect_paragraphs(tree) if tree is not None else ""
