"""The two library calls: bytes to a tree, a tree to text."""

from lxml import etree, html
from trafilatura import bare_extraction

# trafilatura and its kin need 1.3 s for 20,000 paragraphs and four times as much for each doubling
MAX_HEAVY_ELEMENTS = 20_000

_UNWANTED = ("head", "nav", "footer", "button", "select", "noscript", "dialog", "object", "video", "audio")
MAX_PRUNED = 2_000  # each removal copies the text behind it


def parse(slimmed: str) -> html.HtmlElement | None:
    """The tree of a slimmed page; None where the parser finds no element."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        return html.document_fromstring(slimmed.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def prune(tree: html.HtmlElement) -> None:
    """Takes out, in place, what no extractor keeps: every later pass over the tree costs less, with equal text."""
    unwanted = [element for element in tree.iter(*_UNWANTED) if element.getparent() is not None]
    if len(unwanted) <= MAX_PRUNED:
        for element in unwanted:
            element.drop_tree()


def main_text(tree: html.HtmlElement, url: str, *, thorough: bool) -> str:
    """The article's text as trafilatura sees it; empty where it finds none. `thorough` adds its own second opinions."""
    try:
        document = bare_extraction(
            tree, url=url, favor_precision=True, include_comments=False, with_metadata=False, fast=not thorough
        )
    except (etree.LxmlError, ValueError, TypeError, AttributeError, IndexError, KeyError, RecursionError):
        return ""  # a page that breaks it goes to the second extractor
    return (getattr(document, "text", None) or "") if document is not None else ""
