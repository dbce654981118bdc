"""What the store does with each event. Records come in runs of one key; effects are in PostgreSQL before a verdict is given."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from onrecord.contracts import Article, Deferred, Event, Item, Outcome, Statement, topics
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.registry import Registry
from onrecord.runtime.verdict import DeadLetter, Done, Verdict

UNSTORABLE = "unstorable"

E = TypeVar("E", bound=Event)


class TakesArticles(Protocol):
    async def take_articles(self, deliveries: Sequence[Delivery[Article]]) -> None: ...
    async def take_statements(self, deliveries: Sequence[Delivery[Statement]]) -> None: ...


class TakesLedger(Protocol):
    async def take_items(self, deliveries: Sequence[Delivery[Item]]) -> None: ...
    async def take_ends(self, deliveries: Sequence[Delivery[Outcome] | Delivery[Deferred]]) -> None: ...


def make_registry(
    desk: TakesArticles, ledger: TakesLedger, *, outages: tuple[type[Exception], ...], unstorable: tuple[type[Exception], ...]
) -> Registry:
    """The store's own corrections and retractions come back on `statement` and have no handler: their effects are stored."""
    registry = Registry((topics.ITEM, topics.ARTICLE, topics.STATEMENT, topics.OUTCOME), outages)
    registry.on_batch((Article,), stored_by(desk.take_articles, unstorable))
    registry.on_batch((Statement,), stored_by(desk.take_statements, unstorable))
    registry.on_batch((Item,), stored_by(ledger.take_items, unstorable))
    registry.on_batch((Outcome, Deferred), stored_by(ledger.take_ends, unstorable))
    return registry


def stored_by(
    take: Callable[[Sequence[Delivery[E]]], Awaitable[None]], unstorable: tuple[type[Exception], ...]
) -> Callable[[Sequence[Delivery[E]]], Awaitable[Sequence[Verdict]]]:
    """A batch that fails for its content is taken one by one, so that one record does not condemn its neighbours."""

    async def handle(deliveries: Sequence[Delivery[E]]) -> Sequence[Verdict]:
        try:
            await take(deliveries)
        except unstorable as error:
            if len(deliveries) > 1:
                return [(await handle([delivery]))[0] for delivery in deliveries]
            return [DeadLetter(UNSTORABLE, str(error))]
        return [Done()] * len(deliveries)

    return handle
