"""A real service on a real broker: what a kill, a stop, a second member and poison do to it."""

import json
import signal
from collections import Counter

import pytest
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment

from integration.runtime.newswire import (
    EXAMPLES,
    GROUP,
    PARTITIONS,
    Records,
    ce_ids,
    committed,
    example_record,
    found,
    item_ids,
    item_of,
    publish,
    read_all,
    read_until,
    running,
)
from onrecord.contracts import Deferred, Lane, Outcome, OutcomeKind, decode
from onrecord.contracts.topics import ITEM, retry_topics

pytestmark = [pytest.mark.kafka, pytest.mark.broker]

PAGES = ["onrecord.page.v1", "onrecord.page.v1.backfill"]
DLQ = "onrecord.item.v1.scraper.dlq"
OUTCOMES = "onrecord.outcome.v1"
STOP_LIMIT_S = 20
SLOW_S = 0.03
COUNT = 300
IDS = {str(item_of(number).item_id) for number in range(COUNT)}


def all_found(records: Records) -> bool:
    return set(item_ids(records)) >= IDS


async def test_a_kill_in_the_middle_loses_nothing(wire: str) -> None:
    await publish(wire, found(item_of(number) for number in range(COUNT)))
    async with running(wire, SLOW_S) as first:
        await read_until(wire, PAGES, lambda seen: len(seen) >= 60)
        assert await first.signalled(signal.SIGKILL, 5) == -signal.SIGKILL
    before = await read_all(wire, PAGES[0])
    assert len(before) < COUNT
    async with running(wire):
        pages = await read_until(wire, PAGES, all_found)
    assert len(set(ce_ids(pages))) == COUNT  # what was done twice has the same id
    assert len(pages) <= COUNT + len(before)


async def test_a_stop_in_the_middle_commits_what_is_finished(wire: str) -> None:
    await publish(wire, found(item_of(number) for number in range(COUNT)))
    async with running(wire, SLOW_S) as service:
        await read_until(wire, PAGES, lambda seen: len(seen) >= 60)
        assert await service.signalled(signal.SIGTERM, STOP_LIMIT_S) == 0
    done = set(item_ids(await read_all(wire, PAGES[0])))
    assert 60 <= len(done) < COUNT
    offsets = await committed(wire)
    passed = {
        dict(record.headers)["item_id"].decode()
        for record in await read_all(wire, ITEM.name)
        if record.offset < offsets.get(TopicPartition(ITEM.name, record.partition), 0)
    }
    assert passed
    assert passed <= done
    async with running(wire):
        pages = await read_until(wire, PAGES, all_found)
    assert len(pages) - COUNT <= len(done) - len(passed)  # only what was finished out of order is done again


async def assignments(bootstrap: str) -> list[dict[str, list[int]]]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        [answer] = await admin.describe_consumer_groups([GROUP])
    finally:
        await admin.close()
    members = answer.groups[0][-1] if len(answer.groups[0]) == 6 else answer.groups[0][5]
    decoded = [ConsumerProtocolMemberAssignment.decode(member[4]).assignment for member in members]
    return [{topic: sorted(partitions) for topic, partitions in assignment} for assignment in decoded]


async def test_two_members_share_the_work_and_a_hosts_lanes_and_tiers_stay_together(wire: str) -> None:
    live = [item_of(number) for number in range(COUNT // 2)]
    history = [item_of(number, lane=Lane.backfill) for number in range(COUNT // 2, COUNT)]
    async with running(wire, SLOW_S) as first:
        await publish(wire, found(live))
        await read_until(wire, PAGES, lambda seen: len(seen) >= 20)
        async with running(wire, SLOW_S) as second:
            await second.said("assigned")
            await publish(wire, found(history))
            await read_until(wire, PAGES, all_found)
            shares = await assignments(wire)
            assert await second.signalled(signal.SIGTERM, STOP_LIMIT_S) == 0
        assert await first.signalled(signal.SIGTERM, STOP_LIMIT_S) == 0
    together = [*ITEM.lane_names, *retry_topics(ITEM, GROUP)]
    assert len(shares) == 2
    for share in shares:
        assert set(share) == set(together)
        assert len({tuple(partitions) for partitions in share.values()}) == 1
    assert sorted(number for share in shares for number in share[ITEM.name]) == list(range(PARTITIONS))


async def test_a_deferred_item_comes_back_after_its_delay_with_the_same_id(wire: str) -> None:
    item = item_of(1, title="busy")
    [record] = found([item])
    await publish(wire, [record])
    async with running(wire, RETRY_SCALE=0.02):  # 1.2 s for the first tier
        [page] = await read_until(wire, PAGES, lambda seen: len(seen) >= 1)
    [waited] = await read_all(wire, "onrecord.item.v1.scraper.retry.1m")
    assert ce_ids([waited]) == [dict(record.headers)["ce_id"].decode()]
    assert (waited.key, waited.value) == (record.key, record.value)
    [outcome] = await read_all(wire, OUTCOMES)
    notice = decode(outcome)
    assert isinstance(notice, Deferred)
    assert notice.item_id == item.item_id
    assert (notice.until - notice.deferred_at).total_seconds() == pytest.approx(1.2)
    assert page.timestamp >= notice.until.timestamp() * 1000 - 1


async def test_poison_is_buried_once_each_and_holds_nobody_up(wire: str) -> None:
    documents = [json.loads(path.read_text("utf-8")) for path in sorted((EXAMPLES / "bad").glob("*.json"))]
    poison = [example_record({**document, "topic": ITEM.name}) for document in documents]
    deadly = [record for record, document in zip(poison, documents, strict=True) if document["reader"] != "accepts"]
    odd = found([item_of(COUNT, title="odd")])
    good = found(item_of(number) for number in range(COUNT))
    assert len(deadly) > 25
    await publish(wire, [*poison, *odd, *good])
    async with running(wire, LOG_LEVEL="WARNING"):
        await read_until(wire, PAGES, all_found)
        await read_until(wire, [DLQ], lambda seen: len(seen) >= len(deadly) + 1)
        await publish(wire, found([item_of(COUNT + 1)]))
        await read_until(wire, PAGES, lambda seen: str(item_of(COUNT + 1).item_id) in item_ids(seen))
    letters = await read_all(wire, DLQ, partitions=1)
    assert Counter(original(letter) for letter in letters) == Counter((r.key, r.value, tuple(r.headers)) for r in deadly + odd)
    reasons = Counter(dict(letter.headers)["dlq_reason"].decode() for letter in letters)
    expected = Counter(document["reader"]["reason"] for document in documents if document["reader"] != "accepts")
    assert reasons == expected + Counter(["odd_item"])
    ends = [decode(record) for record in await read_all(wire, OUTCOMES)]
    with_ids = [record for record in deadly + odd if "item_id" in dict(record.headers)]
    assert len(ends) == len(with_ids)
    assert all(isinstance(end, Outcome) and end.outcome is OutcomeKind.dead_letter for end in ends)


def original(letter: "ConsumerRecord[bytes, bytes]") -> tuple[bytes, bytes, tuple[tuple[str, bytes], ...]]:
    headers = tuple((name, value) for name, value in letter.headers if not name.startswith("dlq_"))
    return letter.key, letter.value, headers
