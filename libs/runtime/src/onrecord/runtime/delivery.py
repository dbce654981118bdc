"""One event as a handler sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from onrecord.contracts import Event, Hop
from onrecord.runtime.tracing import Trace

E = TypeVar("E", bound=Event, covariant=True)


@dataclass(frozen=True, slots=True)
class Delivery(Generic[E]):
    """`hop` belongs to the events that the handler makes; `waited_s` is the time in this process before its turn."""

    event: E
    topic: str
    headers: Mapping[str, str]
    hop: Hop
    now: datetime
    trace: Trace
    attempt: int = 1
    waited_s: float = 0.0
