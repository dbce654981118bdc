"""Pages written for the tests: a small newspaper's story in the shapes that sites use."""

from datetime import UTC, datetime

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
URL = "https://www.harbour.example/news/bridge-opens"
PARAGRAPHS = (
    "The new bridge over the harbour opened on Monday after a delay of two years, and the first cars crossed it before dawn.",
    "“We have waited long enough for this day,” said Ann Lee, the mayor, to a crowd that had gathered in the rain to watch.",
    "The council had put off the opening four times, because the steel that was delivered in the first year had to be replaced.",
    "Engineers will close one lane each night in the coming month to measure how the deck moves under heavy lorries.",
)


def story(*, tag: str = "p") -> str:
    return "".join(f"<{tag}>{paragraph}</{tag}>" for paragraph in PARAGRAPHS)


def page(body: str, *, head: str = "", lang: str = "en") -> bytes:
    title = "<title>Bridge opens at last - Harbour Courier</title>"
    start = f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{title}{head}</head>'
    return f"{start}<body>{body}</body></html>".encode()


def article(*, head: str = "", after_heading: str = "") -> bytes:
    links = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("News", "Sport", "Culture", "Weather"))
    menu = f"<nav><ul>{links}</ul></nav>"
    main = f"<main><article><h1>Bridge opens at last</h1>{after_heading}{story()}</article></main>"
    return page(f"{menu}{main}<footer>Harbour Courier, all rights</footer>", head=head)
