import pytest

from integration.runtime.newswire import clear
from onrecord.cli.embedded import EmbeddedKafka


@pytest.fixture
async def wire(kafka: EmbeddedKafka) -> str:
    """The session broker's address, every topic of the catalogue empty."""
    await clear(kafka.bootstrap)
    return kafka.bootstrap
