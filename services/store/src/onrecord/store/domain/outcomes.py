"""How an article's revision ends its item, and which of two ends of one item counts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from onrecord.contracts import Article, Outcome, OutcomeKind, Revision

SERVICE = "store"
UNSUPPORTED_LANGUAGE = "unsupported_language"


@dataclass(frozen=True, slots=True)
class Standing:
    """The article as it is stored: its newest complete revision."""

    revision: Revision
    version: int
    text_sha256: str
    manifest: tuple[UUID, ...]


def outcome_kind(article: Article, standing: Standing | None, *, known_item: bool) -> OutcomeKind:
    """`known_item`: this item led to this article before."""
    if standing is None:
        return OutcomeKind.stored
    if article.revision < standing.revision:
        return OutcomeKind.superseded
    if article.revision == standing.revision or _same(article, standing):
        return OutcomeKind.unchanged if known_item else OutcomeKind.duplicate
    return OutcomeKind.stored


def next_version(kind: OutcomeKind, standing: Standing | None) -> int:
    """The human version goes up with what changed, not with every fetch."""
    if standing is None:
        return 1
    return standing.version + 1 if kind is OutcomeKind.stored else standing.version


def outcome_event(article: Article, kind: OutcomeKind, now: datetime) -> Outcome:
    return Outcome(
        item_id=article.provenance.item_id,
        item_revision=article.provenance.item_revision,
        article_id=article.article_id,
        outcome=kind,
        service=SERVICE,
        reason=UNSUPPORTED_LANGUAGE if kind is OutcomeKind.stored and article.unsupported_language else None,
        statements=len(set(article.statement_ids)) if kind is OutcomeKind.stored else None,
        validators=article.validators,
        discovered_at=article.provenance.discovered_at,
        ended_at=now,
        lane=article.lane,
    )


def takes_over(kind: OutcomeKind, effective: OutcomeKind | None) -> bool:
    """EVENTS 2b: a later outcome counts only where it is stronger."""
    return effective is None or kind.strength > effective.strength


def _same(article: Article, standing: Standing) -> bool:
    return article.text_sha256 == standing.text_sha256 and set(article.statement_ids) == set(standing.manifest)
