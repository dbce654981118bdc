"""Retries wait for their time, and a wait is not a standstill."""

import asyncio

import pytest

from onrecord.contracts import Item
from onrecord.runtime.consume import Consumption
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.health import STUCK_S, Condition
from onrecord.runtime.retry import Original, defer
from onrecord.runtime.verdict import Done, Verdict
from unit.runtime.member import LANE, TIER, Gate, Member, at_once, host, member_with, settle
from unit.runtime.wire import Desk, desk_with, item_of, record_of


def tier_record(number: int, offset: int, desk: Desk, after_s: float = 600) -> Original:
    record = record_of(item_of(number, host(number)))
    out = defer(record, group="scraper", after_s=after_s, counted=True, now=desk.clock(), scale=1.0).record
    return Original(out.topic, 0, offset, out.key, out.value, tuple(out.headers))


async def test_a_retry_waits_until_it_is_due() -> None:
    seen: list[tuple[int, float]] = []

    async def handler(delivery: Delivery[Item]) -> Verdict:
        seen.append((delivery.attempt, delivery.waited_s))
        return Done()

    member = await member_with(handler, TIER)
    record = tier_record(0, 0, member.desk)
    member.desk.clock.advance(200)
    member.receive(record)
    await settle()
    assert member.desk.sleeper.slept == [400.0]
    assert seen == [(2, 0.0)]
    assert await member.committed() == {TIER: 1}


async def test_a_retry_that_is_overdue_runs_at_once() -> None:
    member = await member_with(at_once, TIER)
    record = tier_record(0, 0, member.desk)
    member.desk.clock.advance(700)
    member.receive(record)
    await settle()
    assert member.desk.sleeper.slept == []
    assert await member.committed() == {TIER: 1}


@pytest.mark.parametrize("due", ["9999-12-31T23:59:59Z", "2026-06-01T00:00:00Z"])
async def test_a_due_time_beyond_the_longest_tier_is_not_believed(due: str) -> None:
    member = await member_with(at_once, TIER)
    record = record_of(item_of(), topic=TIER.topic, retry_due_at=due)
    member.receive(record)
    await settle()
    assert member.desk.sleeper.slept == [7200.0]
    assert await member.committed() == {TIER: 1}


class Never:
    async def __call__(self, _: float) -> None:
        await asyncio.Event().wait()


def condition_of(member: Member, since_progress_s: float) -> Condition:
    consumption = member.consumption
    return Condition(consumption.assigned, consumption.in_flight, consumption.overdue, since_progress_s, 0, None, ())


async def test_a_retry_that_waits_for_its_time_is_no_sign_of_being_stuck() -> None:
    desk = desk_with(at_once)
    member = Member(desk)
    member.consumption = Consumption(desk.registry, desk.services, desk.processor, lambda: member.reader, Never())
    await member.assign(LANE, TIER)
    member.reader.ends = {TIER: 40, LANE: 1}
    member.receive(tier_record(0, 0, desk))
    await settle()
    assert sum(member.consumption.lag().values()) == 40
    assert condition_of(member, STUCK_S * 2).live
    await member.consumption.let_go(grace_s=0)
    assert member.consumption.in_flight == 0


async def test_a_lane_that_does_not_move_is_stuck() -> None:
    gate = Gate()
    member = await member_with(gate)
    member.reader.ends = {LANE: 10}
    member.receive(record_of(item_of()))
    await settle()
    assert member.consumption.lag() == {LANE: 10}
    assert not condition_of(member, STUCK_S + 1).live
    assert condition_of(member, STUCK_S - 1).live
    await member.consumption.let_go(grace_s=0)
