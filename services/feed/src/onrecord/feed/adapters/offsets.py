"""Where the topics end and how far the groups have come: what the reconciler looks at."""

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from onrecord.contracts.topics import ARTICLE, ITEM, OUTCOME, PAGE, STATEMENT, Topic, retry_topics
from onrecord.feed.domain.reconcile import Ends, Stage
from onrecord.runtime.settings import Settings


def _names(group: str, *topics: Topic) -> tuple[str, ...]:
    return tuple(
        name
        for topic in topics
        for name in (*topic.lane_names, *(retry_topics(topic, group) if group in topic.retried_by else ()))
    )


STAGES = (
    Stage("scraper", _names("scraper", ITEM)),
    Stage("extractor", _names("extractor", PAGE)),
    Stage("store", _names("store", ARTICLE, STATEMENT)),
    Stage("feed", _names("feed", OUTCOME)),
)


class KafkaOffsets:
    """Opened for each look, so that nothing is held while all is well."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def ends(self, topics: tuple[str, ...]) -> Ends:
        consumer = AIOKafkaConsumer(**self._settings.kafka_connection(), enable_auto_commit=False)
        await consumer.start()
        try:
            found = [TopicPartition(t, p) for t in topics for p in await _partitions(consumer, t)]
            return {(p.topic, p.partition): offset for p, offset in (await consumer.end_offsets(found)).items()}
        finally:
            await consumer.stop()

    async def committed(self, group: str) -> Ends:
        admin = AIOKafkaAdminClient(**self._settings.kafka_connection())
        await admin.start()
        try:
            found = await admin.list_consumer_group_offsets(group)
            return {(p.topic, p.partition): meta.offset for p, meta in found.items()}
        finally:
            await admin.close()


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    await consumer._client.add_topic(topic)  # partitions_for_topic knows only subscribed topics
    return consumer.partitions_for_topic(topic) or set()
