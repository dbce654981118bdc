"""What the closing of a revision means for the statements of its article. Pure: rows in, decisions out."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from onrecord.contracts import RetractionReason, Statement, StatementCorrected

SAME_STATEMENT_JACCARD = 0.5  # EVENTS 2a: from here on a moved boundary is a correction, not a retraction
WORD = re.compile(r"\w+")
# What says who spoke and what was said is compared; which run found it, for which item, is not.
NOT_CONTENT = {"revision", "provenance", "extraction", "lane", "replaces", "schema_version"}


@dataclass(frozen=True, slots=True)
class Retraction:
    statement_id: UUID
    reason: RetractionReason
    replaced_by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """`changed` are new or differ from what was published; `same` only moves on to the newer revision."""

    changed: tuple[Statement, ...]
    same: tuple[UUID, ...]
    retracted: tuple[Retraction, ...]

    @property
    def corrected(self) -> tuple[StatementCorrected, ...]:
        return tuple(s for s in self.changed if isinstance(s, StatementCorrected))


def close_revision(held: Mapping[UUID, Statement], arrived: Sequence[Statement]) -> Closing:
    """`held` are the active statements of the article as published; `arrived` is the whole new revision."""
    new_ids = {statement.statement_id for statement in arrived}
    added = [statement for statement in arrived if statement.statement_id not in held]
    retracted = tuple(_retraction(old, added) for key, old in held.items() if key not in new_ids)
    replaces = _replaces(retracted)
    changed: list[Statement] = []
    same: list[UUID] = []
    for statement in arrived:
        before = held.get(statement.statement_id)
        if before is not None and content_of(before) == content_of(statement):
            same.append(statement.statement_id)
        elif statement.statement_id in replaces:
            changed.append(corrected(statement, replaces[statement.statement_id]))
        else:
            changed.append(statement)
    return Closing(tuple(changed), tuple(same), retracted)


def content_of(statement: Statement) -> dict[str, Any]:
    content = statement.model_dump(exclude=NOT_CONTENT)
    content["article"].pop("version")
    return content


def corrected(statement: Statement, replaces: Iterable[UUID]) -> StatementCorrected:
    fields = {name: getattr(statement, name) for name in Statement.model_fields}
    return StatementCorrected.model_validate(
        {**fields, "replaces": tuple(dict.fromkeys((*(statement.replaces or ()), *replaces)))}
    )


def with_version(statement: Statement, version: int) -> Statement:
    return statement.model_copy(update={"article": statement.article.model_copy(update={"version": version})})


def jaccard(one: str, other: str) -> float:
    """Share of distinct words that two texts have in common, 0..1."""
    a, b = _words(one), _words(other)
    return len(a & b) / len(a | b) if a | b else 0.0


def _words(text: str) -> set[str]:
    return set(WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _retraction(old: Statement, added: Sequence[Statement]) -> Retraction:
    alike = [(jaccard(old.text, new.text), new) for new in added if new.kind is old.kind]
    score, best = max(alike, key=lambda pair: (pair[0], str(pair[1].statement_id)), default=(0.0, None))
    if best is None or score < SAME_STATEMENT_JACCARD:
        return Retraction(old.statement_id, RetractionReason.vanished)
    return Retraction(old.statement_id, RetractionReason.replaced, best.statement_id)


def _replaces(retracted: Iterable[Retraction]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for retraction in retracted:
        if retraction.replaced_by:
            found.setdefault(retraction.replaced_by, []).append(retraction.statement_id)
    return found
