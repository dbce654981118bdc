from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

BrokerKind = Literal["external", "kafka", "tansu"]


class EmbeddedSettings(BaseModel):
    """Settings of the all-in-one runner's broker and database.

    kafka_bootstrap   ONRECORD_KAFKA_BOOTSTRAP    host:port[,host:port…] of a broker that already runs
    embedded_broker   ONRECORD_EMBEDDED_BROKER    external, kafka or tansu: use this one or fail
    cache             ONRECORD_CACHE              folder for fetched jars; else XDG_CACHE_HOME/onrecord, else ~/.cache/onrecord
    maven_repository  ONRECORD_MAVEN_REPOSITORY   base address of a Maven repository, for machines with Java but without mvn
    java_home         JAVA_HOME
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kafka_bootstrap: str | None = None
    embedded_broker: BrokerKind | None = None
    cache: Path
    maven_repository: str | None = None
    java_home: Path | None = None

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "EmbeddedSettings":
        given = {key: value for key, value in environ.items() if value.strip()}
        return cls.model_validate(
            {
                "kafka_bootstrap": given.get("ONRECORD_KAFKA_BOOTSTRAP"),
                "embedded_broker": given.get("ONRECORD_EMBEDDED_BROKER"),
                "cache": _cache(given),
                "maven_repository": given.get("ONRECORD_MAVEN_REPOSITORY"),
                "java_home": given.get("JAVA_HOME"),
            }
        )


def _cache(given: Mapping[str, str]) -> Path:
    if "ONRECORD_CACHE" in given:
        return Path(given["ONRECORD_CACHE"]).expanduser().absolute()
    base = Path(given["XDG_CACHE_HOME"]) if "XDG_CACHE_HOME" in given else Path.home() / ".cache"
    return base.expanduser().absolute() / "onrecord"
