import json
from dataclasses import replace
from typing import Any

import pytest

from onrecord.runtime.health import STUCK_S, Condition, HealthRoutes

WELL = Condition(assigned=3, in_flight=2, lag=10, since_progress_s=1, held_up=0, tripped=None, tasks_dead=())


@pytest.mark.parametrize(
    ("change", "live", "ready"),
    [
        ({}, True, True),
        ({"since_progress_s": STUCK_S}, True, True),
        ({"since_progress_s": STUCK_S + 1}, False, True),
        ({"since_progress_s": STUCK_S + 1, "lag": 0}, True, True),
        ({"since_progress_s": STUCK_S + 1, "held_up": 1}, True, False),
        ({"since_progress_s": STUCK_S + 1, "tripped": "malformed_event"}, True, False),
        ({"tripped": "malformed_event"}, True, False),
        ({"assigned": 0}, True, False),
        ({"held_up": 1}, True, False),
        ({"tasks_dead": ("outbox",)}, False, False),
    ],
)
def test_live_and_ready(change: dict[str, Any], live: bool, ready: bool) -> None:
    condition = replace(WELL, **change)
    assert (condition.live, condition.ready) == (live, ready)


async def ask(path: str, condition: Condition = WELL, rest: Any = None) -> tuple[int, bytes]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    flushed: list[int] = []
    await HealthRoutes(lambda: condition, lambda: flushed.append(1), rest)({"type": "http", "path": path}, None, send)  # type: ignore[arg-type]
    assert bool(flushed) == (path == "/metrics")
    return sent[0]["status"], sent[1]["body"]


async def test_a_stuck_service_says_so() -> None:
    status, body = await ask("/health/live", replace(WELL, since_progress_s=STUCK_S + 1))
    assert status == 503
    assert json.loads(body)["ok"] is False
    assert json.loads(body)["lag"] == 10


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
async def test_a_well_one_too(path: str) -> None:
    assert (await ask(path))[0] == 200


async def test_a_tripped_breaker_is_named_in_readiness() -> None:
    status, body = await ask("/health/ready", replace(WELL, tripped="malformed_event"))
    assert (status, json.loads(body)["tripped"]) == (503, "malformed_event")


async def test_other_paths_go_to_the_services_own_api() -> None:
    async def api(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await send({"status": 299})
        await send({"body": scope["path"].encode()})

    assert await ask("/articles", rest=api) == (299, b"/articles")
    assert (await ask("/articles"))[0] == 404
