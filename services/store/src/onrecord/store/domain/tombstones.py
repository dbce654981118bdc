"""Which tombstones an article falls under."""

from urllib.parse import urlsplit

from onrecord.contracts import Article, StatementArticle


def urls_of(article: Article | StatementArticle) -> list[str]:
    return [article.url, *([article.canonical_url] if article.canonical_url else [])]


def domains_of(article: Article | StatementArticle) -> list[str]:
    """The publisher's domain and the hosts of the addresses, each with every parent domain."""
    hosts = {article.publisher.domain.casefold(), *(_host(url) for url in urls_of(article))}
    return sorted({domain for host in hosts for domain in _with_parents(host)})


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _with_parents(host: str) -> list[str]:
    labels = host.split(".")
    return [".".join(labels[start:]) for start in range(len(labels)) if all(labels[start:])]
