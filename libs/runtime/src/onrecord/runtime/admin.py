"""Topics as the catalogue wants them, and waiting for a broker that is not there yet."""

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError

from onrecord.contracts.topics import plans
from onrecord.runtime.backoff import Backoff
from onrecord.runtime.settings import Settings


class TopicsMissing(KafkaError):  # type: ignore[misc]
    """Topics are made by `onrecord topics apply`, never by a service."""


async def apply_topics(settings: Settings, *, replication: int = 1) -> list[str]:
    """Creates what is missing; returns the names. An existing topic is left as it is."""
    admin = AIOKafkaAdminClient(**settings.kafka_connection())
    await admin.start()
    try:
        there = set(await admin.list_topics())
        wanted = [plan for plan in plans(settings.partitions) if plan.name not in there]
        for plan in wanted:
            topic = NewTopic(plan.name, plan.partitions, replication, topic_configs=plan.config)
            try:
                await admin.create_topics([topic])
            except TopicAlreadyExistsError:
                continue
        return [plan.name for plan in wanted]
    finally:
        await admin.close()


async def wait_for_topics(settings: Settings, backoff: Backoff) -> None:
    """Returns once the broker answers and every topic of the catalogue is there."""
    await backoff.until_done("Kafka", (KafkaError, OSError), lambda: _require_topics(settings))


async def _require_topics(settings: Settings) -> None:
    admin = AIOKafkaAdminClient(**settings.kafka_connection())
    try:
        await admin.start()
        missing = {plan.name for plan in plans(settings.partitions)} - set(await admin.list_topics())
    finally:
        await admin.close()
    if missing:
        raise TopicsMissing(f"{len(missing)} topics are missing, first {min(missing)}: run `onrecord topics apply`")
