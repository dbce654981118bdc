"""Every end-to-end test runs on Apache Kafka itself; where it cannot be had they are skipped, and the session's end says so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from onrecord.cli.embedded import EmbeddedKafka


@pytest.fixture(scope="session", autouse=True)
def apache_kafka(kafka_in: Callable[[Path], EmbeddedKafka]) -> None:
    """A broker given from outside holds others' topics, so each stack starts its own."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("ONRECORD_KAFKA_BOOTSTRAP", raising=False)
        environment.setenv("ONRECORD_EMBEDDED_BROKER", "kafka")
        yield
