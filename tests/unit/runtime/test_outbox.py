import asyncio

import pytest

from onrecord.runtime.backoff import Backoff
from onrecord.runtime.outbox import Relay
from onrecord.runtime.testing import FakeSender


async def test_a_stop_that_meets_a_notification_is_still_a_stop() -> None:
    relay = Relay("", "desk", FakeSender(), Backoff(), ())
    idle = asyncio.create_task(relay._idle())
    await asyncio.sleep(0)
    relay._wake.set()
    idle.cancel()
    with pytest.raises(asyncio.CancelledError):
        await idle
