"""Which event goes where, and what becomes of a record that can not be stored."""

from collections.abc import Sequence
from typing import Any

from integration.store.newsroom import BRIDGE, START, article, delivered, item, outcome, statement
from onrecord.contracts import Item, OutcomeKind, RetractionReason, StatementRetracted, topics
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.verdict import DeadLetter, Done
from onrecord.store.domain.closing import corrected
from onrecord.store.handlers import make_registry, stored_by


class Notebook:
    """Takes everything and writes down what it was given."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, int]] = []

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("take_"):
            raise AttributeError(name)

        async def take(deliveries: Sequence[Delivery[Any]]) -> None:
            self.taken.append((name, len(deliveries)))

        return take


class TooLong(Exception):
    pass


async def test_every_event_has_its_place_and_the_stores_own_words_none() -> None:
    notebook = Notebook()
    registry = make_registry(notebook, notebook, outages=(OSError,), unstorable=(TooLong,))
    story = article(BRIDGE)
    said = statement(story, BRIDGE)
    own = StatementRetracted(
        statement_id=said.statement_id,
        article_id=story.article_id,
        revision=story.revision,
        reason=RetractionReason.vanished,
        retracted_at=START,
    )
    handlers = {type(event): registry._many.get(type(event)) for event in (story, said, item(), outcome(OutcomeKind.gone))}
    for event in (story, said, item(), outcome(OutcomeKind.gone)):
        handler = handlers[type(event)]
        assert handler is not None
        assert await handler([delivered(event)]) == [Done()]
    assert notebook.taken == [("take_articles", 1), ("take_statements", 1), ("take_items", 1), ("take_ends", 1)]
    assert not {type(own), type(corrected(said, ()))} & set(registry._many)
    assert set(registry.topics) == {topics.ITEM, topics.ARTICLE, topics.STATEMENT, topics.OUTCOME}


async def test_one_unstorable_record_does_not_condemn_its_neighbours() -> None:
    kept: list[str] = []

    async def take(deliveries: Sequence[Delivery[Item]]) -> None:
        if any(delivery.event.title == "bad" for delivery in deliveries):
            raise TooLong("row is too big")
        kept.extend(delivery.event.title or "" for delivery in deliveries)

    run = [delivered(item(title).model_copy(update={"title": title})) for title in ("a", "bad", "b")]
    verdicts = await stored_by(take, (TooLong,))(run)
    assert verdicts == [Done(), DeadLetter("unstorable", "row is too big"), Done()]
    assert kept == ["a", "b"]
