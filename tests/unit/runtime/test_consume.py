"""The consuming loop's bookkeeping around a consumer that keeps what it is told."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from time import monotonic

import pytest
from aiokafka import ConsumerRecord, OffsetAndMetadata, TopicPartition
from aiokafka.errors import CommitFailedError

from onrecord.contracts import Item
from onrecord.runtime.consume import Consumption
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.health import STUCK_S, Condition
from onrecord.runtime.retry import Original, defer
from onrecord.runtime.verdict import DeadLetter, Done, Retry, Verdict
from unit.runtime.wire import Desk, ScraperSettings, desk_with, headers_of, item_of, record_of, topics_of

LANE = TopicPartition("onrecord.item.v1", 0)
TIER = TopicPartition("onrecord.item.v1.scraper.retry.10m", 0)
ODD_HOSTS = 7


class Reader:
    """A consumer's outside."""

    def __init__(self) -> None:
        self.held: set[TopicPartition] = set()
        self.ends: dict[TopicPartition, int] = {}
        self.stopped: set[TopicPartition] = set()
        self.commits: list[dict[TopicPartition, int]] = []
        self.refuse: Exception | None = None

    def pause(self, *partitions: TopicPartition) -> None:
        self.stopped |= set(partitions)

    def resume(self, *partitions: TopicPartition) -> None:
        self.stopped -= set(partitions)

    def assignment(self) -> Iterable[TopicPartition]:
        return set(self.held)

    def highwater(self, partition: TopicPartition) -> int | None:
        assert partition in self.held  # as aiokafka's own
        return self.ends.get(partition)

    async def commit(self, offsets: dict[TopicPartition, OffsetAndMetadata]) -> None:
        if not offsets:
            raise ValueError(offsets)  # as aiokafka's own
        if self.refuse:
            raise self.refuse
        self.commits.append({partition: found.offset for partition, found in offsets.items()})

    @property
    def committed(self) -> dict[TopicPartition, int]:
        return {partition: offset for commit in self.commits for partition, offset in commit.items()}


class Gate:
    """A handler whose calls wait until told; `order` is that of the starts."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.running = 0
        self.most = 0
        self._open: dict[str, asyncio.Event] = {}

    def event(self, link: str) -> asyncio.Event:
        return self._open.setdefault(link, asyncio.Event())

    def open(self, *items: Item) -> None:
        for item in items:
            self.event(item.link).set()

    async def __call__(self, delivery: Delivery[Item]) -> Verdict:
        self.order.append(delivery.event.link)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await self.event(delivery.event.link).wait()
        finally:
            self.running -= 1
        return Done()


async def at_once(_: Delivery[Item]) -> Verdict:
    return Done()


async def settle() -> None:
    """Lets every task run as far as it can without a timer."""
    for _ in range(50):
        await asyncio.sleep(0)


class Member:
    """One member of the group: a desk, its reader and the consumption between them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.reader = Reader()
        self.consumption = Consumption(desk.registry, desk.services, desk.processor, lambda: self.reader, desk.sleeper)

    async def assign(self, *partitions: TopicPartition) -> None:
        self.reader.held = set(partitions)
        self.reader.stopped.clear()
        await self.consumption.on_partitions_assigned(set(partitions))

    def receive(self, *records: Original) -> None:
        self.consumption.receive([consumer_record(record) for record in records])

    async def committed(self) -> dict[TopicPartition, int]:
        await self.consumption.commit()
        return self.reader.committed


def consumer_record(record: Original) -> "ConsumerRecord[bytes, bytes]":
    return ConsumerRecord(
        record.topic, record.partition, record.offset, 0, 0, record.key, record.value, None, 0, 0, record.headers
    )


async def member_with(
    handler: object, *partitions: TopicPartition, settings: dict[str, int] | None = None, **registry: object
) -> Member:
    desk = desk_with(handler, settings=ScraperSettings(**(settings or {})), **registry)  # type: ignore[arg-type]
    member = Member(desk)
    await member.assign(*(partitions or (LANE,)))
    return member


def host(number: int) -> str:
    return f"host{number}.example:443"


async def test_records_of_one_key_keep_their_order() -> None:
    gate = Gate()
    member = await member_with(gate)
    items = [item_of(number) for number in range(3)]
    member.receive(*(record_of(item, offset) for offset, item in enumerate(items)))
    await settle()
    assert gate.order == [items[0].link]
    gate.open(*items)
    await settle()
    assert gate.order == [item.link for item in items]
    assert gate.most == 1


async def test_keys_do_not_wait_for_each_other() -> None:
    gate = Gate()
    member = await member_with(gate)
    slow, *quick = [item_of(number, host(number)) for number in range(5)]
    member.receive(*(record_of(item, offset) for offset, item in enumerate([slow, *quick])))
    await settle()
    assert gate.most == 5
    gate.open(*quick)
    await settle()
    assert member.consumption.in_flight == 1
    assert await member.committed() == {LANE: 0}
    gate.open(slow)
    await settle()
    assert await member.committed() == {LANE: 5}


async def test_no_more_handlers_at_work_than_the_setting_says() -> None:
    gate = Gate()
    member = await member_with(gate, settings={"concurrency": 3})
    items = [item_of(number, host(number)) for number in range(8)]
    member.receive(*(record_of(item, offset) for offset, item in enumerate(items)))
    await settle()
    assert gate.running == 3
    gate.open(*items)
    await settle()
    assert (gate.most, len(gate.order)) == (3, 8)


async def test_a_partition_at_its_bound_is_paused_until_half_is_done() -> None:
    gate = Gate()
    other = TopicPartition("onrecord.item.v1", 1)
    member = await member_with(gate, LANE, other, settings={"in_flight": 4})
    items = [item_of(number, host(number)) for number in range(5)]
    member.receive(*(record_of(item, offset) for offset, item in enumerate(items[:4])), record_of(items[4], 0, partition=1))
    assert member.reader.stopped == {LANE}
    await settle()
    gate.open(items[0])
    await settle()
    assert member.reader.stopped == {LANE}
    gate.open(items[1])
    await settle()
    assert member.reader.stopped == set()


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


async def test_a_key_with_too_many_waiting_is_deferred_and_its_offset_finished() -> None:
    gate = Gate()
    member = await member_with(gate, key_limit=2, overflow=Retry(30, "host_busy", counted=False))
    items = [item_of(number) for number in range(5)]
    first, rest = record_of(items[0], 0), [record_of(item, offset) for offset, item in enumerate(items[1:], 1)]
    member.receive(first)
    await settle()
    member.receive(*rest)
    await settle()
    again = [sent for sent in member.desk.sender.sent if ".retry." in sent.topic]
    assert [headers_of(sent)["ce_id"] for sent in again] == [headers_of(record)["ce_id"] for record in rest[2:]]
    assert member.consumption.in_flight == 3


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


async def test_a_tripped_breaker_stops_reading_and_what_waits() -> None:
    async def handler(_: Delivery[Item]) -> Verdict:
        await asyncio.sleep(0)  # as any handler that does input or output: keys take turns
        return DeadLetter("odd")

    member = await member_with(handler, settings={"concurrency": 4, "in_flight": 5000})
    member.receive(*(record_of(item_of(number, host(number % ODD_HOSTS)), number) for number in range(1000)))
    for _ in range(100):
        await settle()
    letters = [topic for topic in topics_of(member.desk.sender.sent) if topic.endswith(".dlq")]
    assert member.desk.processor.breaker.tripped == "odd"
    assert 200 <= len(letters) <= 200 + ODD_HOSTS
    member.receive(record_of(item_of(2000), 2000))
    assert member.reader.stopped == {LANE}
    committed = (await member.committed())[LANE]
    assert committed <= len(letters)
    await member.consumption.let_go(grace_s=0)


async def test_assignment_is_told_to_those_who_asked() -> None:
    told: list[int] = []
    member = Member(desk_with(at_once))
    member.consumption.assigned_callbacks.append(lambda: told.append(1))
    before = monotonic()
    await member.assign(LANE, TIER)
    assert told == [1]
    assert member.consumption.assigned == 2
    assert member.consumption.progress_at >= before


async def test_a_bug_in_the_runtime_itself_is_seen() -> None:
    member = await member_with(at_once)

    class Broken:
        async def send(self, _: object) -> None:
            raise RuntimeError("a bug")

    member.desk.processor._services = replace(member.desk.services, sender=Broken())
    member.receive(Original(LANE.topic, 0, 0, b"k", b"{", ()))
    await settle()
    assert member.consumption.broken
    assert await member.committed() == {LANE: 0}
