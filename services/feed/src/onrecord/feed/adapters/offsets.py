"""Where the topics end and how far the groups have come: what the reconciler looks at."""

from onrecord.contracts.topics import ARTICLE, ITEM, OUTCOME, PAGE, STATEMENT
from onrecord.feed.domain.reconcile import Ends, Stage
from onrecord.runtime.lag import bounds, committed_offsets, partitions_of, topics_of
from onrecord.runtime.settings import Settings

STAGES = (
    Stage("scraper", topics_of("scraper", ITEM)),
    Stage("extractor", topics_of("extractor", PAGE)),
    Stage("store", (*topics_of("store", ARTICLE), *topics_of("store", STATEMENT))),
    Stage("feed", topics_of("feed", OUTCOME)),
)


class KafkaOffsets:
    """Opened for each look, so that nothing is held while all is well."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def ends(self, topics: tuple[str, ...]) -> Ends:
        partitions = await partitions_of(self._settings, topics)
        _, ends = await bounds(self._settings, [part for parts in partitions.values() for part in parts])
        return {(part.topic, part.partition): offset for part, offset in ends.items()}

    async def committed(self, group: str) -> Ends:
        found = await committed_offsets(self._settings, group)
        return {(part.topic, part.partition): offset for part, offset in (found or {}).items()}
