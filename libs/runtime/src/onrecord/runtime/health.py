"""Liveness is progress, not "the process runs"; readiness knows assignment, the last poll and the lag."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import monotonic
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

STUCK_S = 90.0  # no progress for this long while records wait: restart (aiokafka #1154 gives no other sign)

Receive = Callable[[], Any]
Send = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Condition:
    """`lag`: without the partitions where a retry waits for its time. `since_progress_s`: since a record came or finished, or a
    dependency was found away. `held_up`: callers waiting for a dependency."""

    assigned: int
    in_flight: int
    lag: int
    since_progress_s: float
    held_up: int
    tripped: str | None
    tasks_dead: tuple[str, ...]
    database: str = ""

    @property
    def ready(self) -> bool:
        return self.assigned > 0 and not self.held_up and self.tripped is None and not self.tasks_dead

    @property
    def live(self) -> bool:
        stuck = self.lag > 0 and not self.held_up and self.tripped is None and self.since_progress_s > STUCK_S
        return not stuck and not self.tasks_dead


class HealthRoutes:
    """`/health/live`, `/health/ready` and `/metrics`; anything else goes to `rest`."""

    def __init__(self, condition: Callable[[], Condition], flush_metrics: Callable[[], None], rest: Any | None = None) -> None:
        self._condition = condition
        self._flush = flush_metrics
        self._rest = rest

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        condition = self._condition()
        match scope["path"]:
            case "/health/live":
                await self._state(send, condition, ok=condition.live)
            case "/health/ready":
                await self._state(send, condition, ok=condition.ready)
            case "/metrics":
                self._flush()
                await respond(send, 200, CONTENT_TYPE_LATEST, generate_latest())
            case _ if self._rest is not None:
                await self._rest(scope, receive, send)
            case _:
                await respond(send, 404, "application/json", b'{"error":"not found"}')

    async def _state(self, send: Send, condition: Condition, *, ok: bool) -> None:
        body = json.dumps({"ok": ok, **asdict(condition)}).encode()
        await respond(send, 200 if ok else 503, "application/json", body)


async def respond(send: Send, status: int, content_type: str, body: bytes) -> None:
    headers = [(b"content-type", content_type.encode()), (b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def since(moment: float) -> float:
    return round(monotonic() - moment, 1)
