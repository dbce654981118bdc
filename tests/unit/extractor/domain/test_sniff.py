import pytest

from onrecord.extractor.domain.errors import NoText, NotHtml
from onrecord.extractor.domain.sniff import require_html

PAGE = b"<!doctype html><html><body><p>text</p></body></html>"


@pytest.mark.parametrize(
    "content_type", [None, "", "text/html; charset=utf-8", "application/xhtml+xml", "text/plain", "TEXT/HTML"]
)
def test_pages_pass(content_type: str | None) -> None:
    require_html(PAGE, content_type)
    require_html(b"<?xml version='1.0'?>" + PAGE, content_type)
    require_html(b"<!-- a comment about <svg> -->" + PAGE, content_type)
    require_html("<p>fragment</p>".encode("utf-16"), content_type)


@pytest.mark.parametrize(
    "body",
    [
        b"%PDF-1.7\n<html>",
        b"\x89PNG\r\n",
        bytes(range(256)) * 4,
        b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>',
        b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>',
        b"<!-- x --><svg xmlns='http://www.w3.org/2000/svg'><text>x</text></svg>",
    ],
)
def test_other_documents_are_refused(body: bytes) -> None:
    with pytest.raises(NotHtml):
        require_html(body, None)


@pytest.mark.parametrize("body", [b"", b"  \n", b"\n" * 5000])
def test_a_page_with_nothing_in_it_has_no_text(body: bytes) -> None:
    with pytest.raises(NoText):
        require_html(body, "text/html")


def test_a_type_that_is_no_page_is_refused_unseen() -> None:
    with pytest.raises(NotHtml):
        require_html(PAGE, "application/json")
