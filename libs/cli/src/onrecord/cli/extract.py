"""`onrecord extract`: one page or text through extraction and the statement engine alone."""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.cli.errors import CommandFailed, NothingFound
from onrecord.cli.settings import given
from onrecord.cli.terminal import complain, json_line, plain, say

if TYPE_CHECKING:
    from onrecord.cli.reading import Source, Story
    from onrecord.statements import Extracted

ACCEPT = "text/html,application/xhtml+xml;q=0.9,text/plain;q=0.8,*/*;q=0.1"
UNNAMED = "(unnamed)"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("extract", help="show who says what in one page or text")
    parser.add_argument("source", metavar="FILE|URL|-", help="HTML or plain text; - reads standard input")
    parser.add_argument("--json", action="store_true", help="one JSON document: article, and statements with offsets")
    parser.add_argument("--url", help="where a file comes from: tells its outlet")
    parser.add_argument("--title", help="headline, where the text does not show it")
    parser.add_argument("--language", metavar="TAG", help="instead of the language that is found")
    parser.add_argument("--allow", metavar="CIDR:PORT", help="private addresses that may be fetched; else ONRECORD_SCRAPER_ALLOW")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    from onrecord.cli.document import article_document
    from onrecord.cli.reading import read
    from onrecord.extractor.domain.errors import PageError

    source = load(args)
    try:
        story = read(source, now=datetime.now(UTC), title=args.title, language=args.language)
    except PageError as error:
        raise NothingFound(f"no article in {args.source}: {error.reason}") from error
    if args.json:
        say(json_line(article_document(story)))
        return 0
    for line in story_lines(story):
        say(plain(line))
    if not story.supported:
        complain(f"the engine knows no statements in the language {story.language!r} yet")
    return 0


def load(args: argparse.Namespace) -> "Source":
    import asyncio

    from onrecord.cli.reading import Source
    from onrecord.contracts import MAX_HTML_BYTES

    if args.source.lower().startswith(("http://", "https://")):
        return asyncio.run(fetch(args.source, args.allow or given("SCRAPER_ALLOW") or ""))
    try:
        if args.source == "-":
            body = sys.stdin.buffer.read(MAX_HTML_BYTES + 1)
        else:
            with Path(args.source).open("rb") as file:
                body = file.read(MAX_HTML_BYTES + 1)
    except OSError as error:
        raise CommandFailed(f"{args.source} can not be read: {error.strerror}") from error
    if len(body) > MAX_HTML_BYTES:
        raise CommandFailed(f"{args.source} is larger than {MAX_HTML_BYTES} bytes")
    return Source(body, args.url)


async def fetch(url: str, allow: str) -> "Source":
    """Through the guarded client, as the scraper would; raises CommandFailed."""
    from importlib.metadata import version

    from onrecord.cli.reading import Source
    from onrecord.scraper.settings import PLACEHOLDER_CONTACT
    from onrecord.web import Allowlist, UrlPolicy, UserAgent, WebClient, WebError

    try:
        agent = UserAgent(version("onrecord"), given("SCRAPER_CONTACT") or PLACEHOLDER_CONTACT)
        async with WebClient(agent, policy=UrlPolicy(allowlist=Allowlist.parse(allow))) as client:
            answer = await client.get(url, follow_hosts=True, accept=ACCEPT)
    except WebError as error:
        raise CommandFailed(f"{url} can not be fetched: {error}") from error
    except ValueError as error:
        raise CommandFailed(f"wrong contact or allowed addresses: {error}") from error
    if not answer.ok:
        raise CommandFailed(f"{answer.url_final} answers {answer.status}")
    return Source(answer.body, answer.url_final, answer.content_type, answer.charset)


def story_lines(story: "Story") -> Iterator[str]:
    yield story.title or "(no headline)"
    day = story.published_at.value if story.published_at else "no date"
    domain = f" ({story.domain})" if story.domain else ""
    yield f"{story.outlet or 'outlet unknown'}{domain} — {day} — {story.language}"
    if story.url:
        yield story.url
    yield ""
    for number, statement in enumerate(story.statements, start=1):
        yield f"{number:3}. {statement_line(story, statement)}"
    yield f"{len(story.statements)} statements"


def statement_line(story: "Story", statement: "Extracted") -> str:
    """speaker (role, resolution) — cue — kind — words"""
    speaker = statement.speaker
    facts: list[Any] = [speaker.role, speaker.resolution, *sorted(statement.flags)]
    cue = story.selector(statement.cue.span).exact if statement.cue else "no cue"
    words = " … ".join(story.selector(part.span).exact for part in statement.content)
    return f"{speaker.name or UNNAMED} ({', '.join(fact for fact in facts if fact)}) — {cue} — {statement.kind} — {words}"
