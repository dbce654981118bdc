"""The whole stack is tested on Apache Kafka itself; where that cannot be had, the session's end says what was skipped."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from onrecord.cli.embedded import EmbeddedKafka


@pytest.fixture(scope="module")
def apache_kafka(kafka_in: Callable[[Path], EmbeddedKafka]) -> Iterator[None]:
    """A broker given from outside holds others' topics, so each stack starts its own."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("ONRECORD_KAFKA_BOOTSTRAP", raising=False)
        environment.setenv("ONRECORD_EMBEDDED_BROKER", "kafka")
        yield
