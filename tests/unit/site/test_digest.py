"""Generated articles: distinct, repeatable, and with statements in them."""

from newspapers.content import CONTENT, interviews, reports, stored_pages
from newspapers.digest import PARAGRAPHS_PER_DIGEST, digest, digests_available, holds_statement, quotable


def test_hours_of_news_without_equal_texts_or_titles() -> None:
    issues = [digest(number, 1) for number in range(5_000)]
    assert len({frozenset(issue.paragraphs) for issue in issues}) == 5_000
    assert len({issue.title for issue in issues}) == 5_000
    assert len({issue.key for issue in issues}) == 5_000


def test_subsets_are_unranked_without_repetition() -> None:
    last = {frozenset(digest(digests_available() - 1 - number, 1).paragraphs) for number in range(500)}
    first = {frozenset(digest(number, 1).paragraphs) for number in range(500)}
    assert len(last | first) == 1_000
    assert all(len(texts) == PARAGRAPHS_PER_DIGEST for texts in last)


def test_same_seed_same_text() -> None:
    assert digest(41, 1) == digest(41, 1)
    assert digest(41, 1) != digest(41, 2)


def test_every_digest_holds_statements_and_names_its_sources() -> None:
    for number in range(200):
        issue = digest(number, 1)
        assert all(holds_statement(text) for text in issue.paragraphs)
        assert all(url.startswith("https://en.wikinews.org/wiki/") for url in issue.source_url.split())


def test_statements_are_told_from_narrative() -> None:
    assert holds_statement(
        'Team member Rodaba Noori said, "We wanted to show the world we could do it, we just needed a chance".'
    )
    assert not holds_statement("The storm caused a crane to fall into the mosque.")
    assert len(quotable()) > 50


def test_every_text_is_attributed() -> None:
    attribution = (CONTENT / "ATTRIBUTION.md").read_text(encoding="utf-8")
    for report in (*reports(), *interviews(), *stored_pages()):
        assert report.licence, report.key
        assert report.source_url in attribution, report.key
    assert len(reports()) == 24
    assert len(interviews()) == 6
    assert sum(len(page.html) for page in stored_pages()) < 400_000
