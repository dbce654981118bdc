"""Order per key, work in flight, the bound of a key and the breaker."""

import asyncio
from dataclasses import replace

from aiokafka import TopicPartition

from onrecord.contracts import Item
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.retry import Original
from onrecord.runtime.verdict import DeadLetter, Retry, Verdict
from unit.runtime.member import LANE, ODD_HOSTS, Gate, at_once, host, member_with, settle
from unit.runtime.wire import headers_of, item_of, record_of, topics_of


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
    await member.consumption.relieve()
    assert member.reader.stopped == {LANE}
    await settle()
    gate.open(items[0])
    await settle()
    assert member.reader.stopped == {LANE}
    gate.open(items[1])
    await settle()
    assert member.reader.stopped == set()


async def test_a_partition_whose_handlers_are_quick_is_not_paused() -> None:
    member = await member_with(at_once, settings={"in_flight": 4})
    member.receive(*(record_of(item_of(number, host(number)), number) for number in range(8)))
    assert member.consumption.in_flight == 8
    await member.consumption.relieve()
    assert member.reader.stopped == set()
    assert member.consumption.in_flight <= 2


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
    await member.consumption.relieve()
    assert member.reader.stopped == {LANE}
    committed = (await member.committed())[LANE]
    assert committed <= len(letters)
    await member.consumption.let_go(grace_s=0)


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
