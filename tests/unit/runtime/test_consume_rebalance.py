"""What a member may commit, and what it drops, when partitions come and go."""

import asyncio
from dataclasses import replace
from time import monotonic

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError

from onrecord.runtime.verdict import Retry
from unit.runtime.member import LANE, TIER, Gate, Member, at_once, host, member_with, settle
from unit.runtime.wire import desk_with, item_of, record_of


async def test_a_revoked_partition_is_not_resumed_by_its_late_finish() -> None:
    gate = Gate()
    member = await member_with(gate, settings={"in_flight": 1})
    item = item_of()
    member.receive(record_of(item))
    await settle()
    member.reader.resume = lambda *_: pytest.fail("resumed")  # type: ignore[method-assign, assignment]
    await member.consumption.let_go(grace_s=0)
    gate.open(item)
    await settle()


async def test_a_revocation_commits_the_finished_and_abandons_the_rest() -> None:
    gate = Gate()
    member = await member_with(gate)
    done, stuck, after = (item_of(number, host(number)) for number in range(3))
    member.receive(*(record_of(item, offset) for offset, item in enumerate([done, stuck, after])))
    gate.open(done, after)
    await settle()
    await member.consumption.let_go(grace_s=0)
    assert member.reader.committed == {LANE: 1}
    assert (member.consumption.in_flight, member.consumption.assigned, gate.running) == (0, 0, 0)
    gate.open(stuck)
    await settle()
    await member.consumption.commit()
    assert member.reader.committed == {LANE: 1}


async def test_what_finishes_within_the_grace_is_committed() -> None:
    gate = Gate()
    member = await member_with(gate)
    item = item_of()
    member.receive(record_of(item))
    await settle()
    ending = asyncio.create_task(member.consumption.on_partitions_revoked({LANE}))
    await settle()
    gate.open(item)
    await ending
    assert member.reader.committed == {LANE: 1}


async def test_records_that_wait_their_turn_are_not_begun_after_a_revocation() -> None:
    gate = Gate()
    member = await member_with(gate)
    items = [item_of(number) for number in range(3)]
    member.receive(*(record_of(item, offset) for offset, item in enumerate(items)))
    await settle()
    ending = asyncio.create_task(member.consumption.let_go(grace_s=5))
    await settle()
    gate.open(*items)
    await ending
    assert gate.order == [items[0].link]
    assert member.reader.committed == {LANE: 1}


async def test_records_that_come_while_nothing_is_held_are_passed_over() -> None:
    gate = Gate()
    member = await member_with(gate)
    await member.consumption.let_go(grace_s=0)
    member.receive(record_of(item_of()))
    await settle()
    assert gate.order == []
    assert member.consumption.in_flight == 0


async def test_records_of_a_partition_that_went_to_another_member_are_passed_over() -> None:
    gate = Gate()
    other = TopicPartition("onrecord.item.v1", 1)
    member = await member_with(gate)
    await member.consumption.let_go(grace_s=0)
    await member.assign(other)
    member.receive(record_of(item_of(), offset=7))  # fetched before the rebalance
    await settle()
    assert gate.order == []
    assert member.consumption.assigned == 1
    assert member.consumption.lag() == {}
    assert await member.committed() == {}


async def test_a_late_finish_of_an_old_assignment_commits_nothing() -> None:
    gate = Gate()
    member = await member_with(gate)
    member.receive(record_of(item_of(), offset=3))
    await settle()
    old = member.consumption._trackers[LANE]
    await member.consumption.let_go(grace_s=0)
    await member.assign(LANE)
    old.finish(3)
    assert await member.committed() == {LANE: 3}  # where it stood, and not after the record


async def test_a_commit_for_partitions_just_lost_is_left_out() -> None:
    member = await member_with(at_once)
    member.receive(record_of(item_of()))
    await settle()
    member.reader.held = set()
    assert await member.committed() == {}


async def test_a_refused_commit_is_tried_again() -> None:
    member = await member_with(at_once)
    member.receive(record_of(item_of()))
    await settle()
    member.reader.refuse = CommitFailedError("put out")
    assert await member.committed() == {}
    member.reader.refuse = None
    assert await member.committed() == {LANE: 1}
    await member.consumption.commit()
    assert len(member.reader.commits) == 1


async def test_a_commit_that_hangs_does_not_hold_up_the_stop() -> None:
    member = await member_with(at_once)
    member.receive(record_of(item_of()))
    await settle()

    async def hang(_: object) -> None:
        await asyncio.Event().wait()

    member.reader.commit = hang  # type: ignore[method-assign]
    member.consumption.commit_limit_s = 0.01
    await asyncio.wait_for(member.consumption.let_go(grace_s=0), 5)
    assert member.consumption.assigned == 0


class HeldSender:
    """A broker that does not acknowledge."""

    async def send(self, records: object) -> None:
        await asyncio.Event().wait()


async def test_a_deferral_under_way_is_abandoned_with_its_partition() -> None:
    gate = Gate()
    desk = desk_with(gate, key_limit=1, overflow=Retry(30, "host_busy", counted=False))
    desk.services = replace(desk.services, sender=HeldSender())
    desk.processor._services = desk.services
    member = Member(desk)
    await member.assign(LANE)
    before = asyncio.all_tasks()
    member.receive(*(record_of(item_of(number), number) for number in range(3)))
    await settle()
    assert len(asyncio.all_tasks() - before) > 1
    await member.consumption.let_go(grace_s=0)
    assert asyncio.all_tasks() - before == set()


async def test_assignment_is_told_to_those_who_asked() -> None:
    told: list[int] = []
    member = Member(desk_with(at_once))
    member.consumption.assigned_callbacks.append(lambda: told.append(1))
    before = monotonic()
    await member.assign(LANE, TIER)
    assert told == [1]
    assert member.consumption.assigned == 2
    assert member.consumption.progress_at >= before
