"""How a revision ends its item."""

import pytest

from integration.store.newsroom import BRIDGE, START, TAXES, article, revision
from onrecord.contracts import Article, OutcomeKind
from onrecord.store.domain.outcomes import Standing, next_version, outcome_event, outcome_kind, takes_over


def standing(story: Article, version: int = 4) -> Standing:
    return Standing(story.revision, version, story.text_sha256, story.statement_ids)


STORED = article(BRIDGE, at=revision(10))


@pytest.mark.parametrize(
    ("came", "known_item", "expected"),
    [
        (article(BRIDGE, at=revision(20)), True, OutcomeKind.unchanged),
        (article(BRIDGE, at=revision(20)), False, OutcomeKind.duplicate),
        (article(BRIDGE, at=revision(10)), False, OutcomeKind.duplicate),
        (article(BRIDGE, TAXES, at=revision(20)), True, OutcomeKind.stored),
        (article(BRIDGE, at=revision(20), statement_ids=()), True, OutcomeKind.stored),
        (article(BRIDGE, at=revision(9)), True, OutcomeKind.superseded),
        (article(BRIDGE, at=revision(10, engine=0)), False, OutcomeKind.superseded),
    ],
)
def test_rule(came: Article, known_item: bool, expected: OutcomeKind) -> None:
    assert outcome_kind(came, standing(STORED), known_item=known_item) is expected


def test_version_goes_up_with_changes_only() -> None:
    assert next_version(OutcomeKind.stored, None) == 1
    assert next_version(OutcomeKind.stored, standing(STORED)) == 5
    assert next_version(OutcomeKind.unchanged, standing(STORED)) == 4


def test_an_unsupported_language_is_said() -> None:
    event = outcome_event(article(unsupported_language=True), OutcomeKind.stored, START)
    assert (event.reason, event.statements) == ("unsupported_language", 0)
    assert outcome_event(article(unsupported_language=True), OutcomeKind.duplicate, START).reason is None


@pytest.mark.parametrize("effective", list(OutcomeKind))
def test_only_the_stronger_takes_over(effective: OutcomeKind) -> None:
    assert takes_over(effective, None)
    assert not takes_over(effective, effective)
    assert takes_over(OutcomeKind.stored, effective) == (effective not in ("stored", "unchanged", "duplicate"))
    assert not takes_over(OutcomeKind.unaccounted, effective)
