"""One broker and one database for a test session; loaded as a plugin by the root conftest.

kafka      EmbeddedKafka, started: `.bootstrap`. Topics are not removed: name yours uniquely.
postgres   EmbeddedPostgres, started: `.dsn`, `.create_database(name) -> dsn`.
fresh_dsn  the DSN of an empty database made for one test.
A test that stops or kills a server makes its own with `new_kafka` or `new_postgres`, which are stopped after the test.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from onrecord.cli.embedded import EmbeddedKafka, EmbeddedPostgres, EmbeddedSettings, JarsUnavailable, JavaMissing
from onrecord.cli.embedded.fetch import choose_fetch
from onrecord.cli.embedded.jars import ensure_jars, pinned_jars
from onrecord.cli.embedded.java import find_java


@pytest.fixture(scope="session")
def kafka_in() -> Callable[[Path], EmbeddedKafka]:
    """Makes an unstarted broker in a folder; skips the test where Apache Kafka cannot be had."""
    settings = EmbeddedSettings.from_env(os.environ)
    fetch = choose_fetch(settings)
    try:
        java = find_java(settings.java_home)
        if fetch is None:
            raise JarsUnavailable("no mvn and no ONRECORD_MAVEN_REPOSITORY")
        jars = ensure_jars(settings.cache, pinned_jars(), fetch, print)
    except (JavaMissing, JarsUnavailable) as lacking:
        pytest.skip(f"Apache Kafka cannot be had here: {lacking}")
    return lambda folder: EmbeddedKafka(folder, java, jars)


@pytest.fixture(scope="session")
def kafka(kafka_in: Callable[[Path], EmbeddedKafka], tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedKafka]:
    broker = kafka_in(tmp_path_factory.mktemp("kafka"))
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    database = EmbeddedPostgres(tmp_path_factory.mktemp("postgres"))
    database.start()
    yield database
    database.stop()


@pytest.fixture
def fresh_dsn(postgres: EmbeddedPostgres) -> str:
    return postgres.create_database(f"test_{uuid.uuid4().hex}")


@pytest.fixture
def new_kafka(kafka_in: Callable[[Path], EmbeddedKafka], tmp_path: Path) -> Iterator[EmbeddedKafka]:
    broker = kafka_in(tmp_path / "kafka")
    yield broker
    broker.stop()


@pytest.fixture
def new_postgres(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    database = EmbeddedPostgres(tmp_path / "postgres")
    yield database
    database.stop()
