"""What a handler decides about one event, as data. The runtime alone publishes, commits, traces and counts."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from onrecord.contracts import Event, OutcomeKind, Validators
from onrecord.runtime.delivery import Delivery


@dataclass(frozen=True, slots=True)
class Done:
    """The effects are stored; nothing to publish."""


@dataclass(frozen=True, slots=True)
class Emit:
    """Publish these; the offset is finished when the broker has acknowledged all of them."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Drop:
    """The item's life ends here, with this outcome."""

    outcome: OutcomeKind
    reason: str | None = None
    validators: Validators | None = None


@dataclass(frozen=True, slots=True)
class Retry:
    """This one item's fault, worth another try after `after_s` seconds (the runtime picks the tier).

    `then` is the outcome when the tries are used up. A deferral that is nobody's fault (a busy host) is not `counted`.
    """

    after_s: float
    reason: str
    then: OutcomeKind = OutcomeKind.fetch_failed
    counted: bool = True


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """No retry mends this record."""

    reason: str
    detail: str = ""


Verdict = Done | Emit | Drop | Retry | DeadLetter
Handler = Callable[[Delivery[Any]], Awaitable[Verdict]]
BatchHandler = Callable[[Sequence[Delivery[Any]]], Awaitable[Sequence[Verdict]]]
