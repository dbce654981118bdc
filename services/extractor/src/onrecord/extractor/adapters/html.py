"""The two library calls: bytes to a tree, a tree to text."""

from lxml import etree, html
from trafilatura import bare_extraction

# trafilatura needs 1.3 s for 20,000 paragraphs and four times as much for each doubling
MAX_TRAFILATURA_ELEMENTS = 20_000


def parse(slimmed: str) -> html.HtmlElement | None:
    """The tree of a slimmed page; None where the parser finds no element."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        return html.document_fromstring(slimmed.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def main_text(tree: html.HtmlElement, url: str) -> str:
    """The article's text as trafilatura sees it; empty where it finds none."""
    try:
        document = bare_extraction(tree, url=url, favor_precision=True, include_comments=False, with_metadata=False)
    except (etree.LxmlError, ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError):
        return ""  # a page that breaks it goes to the second extractor
    return (getattr(document, "text", None) or "") if document is not None else ""
