"""Settings from the environment: frozen, unknown keys refused, secrets from files.

Shared settings are `ONRECORD_<FIELD>`, a service's own `ONRECORD_<SERVICE>_<FIELD>`; any of them may be given as
`<NAME>_FILE`, the path of a file that holds the value. No other module reads the environment.
"""

import os
import ssl
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

PREFIX = "ONRECORD_"
SERVICES = ("FEED", "SCRAPER", "EXTRACTOR", "STORE")
# Names of the command line, the embedded servers and the tests that share the prefix.
ELSEWHERE = ("MAVEN_REPOSITORY", "SHARED", "CACHE", "DATA", "EMBEDDED_BROKER", "MAVEN_REPOSITORY", "API", "API_TOKEN")
USAGE_ERROR = 2  # exit code of every command for wrong settings


class SettingsError(Exception):
    """One line for a person: which variable, and what it needs."""


class Security(StrEnum):
    plaintext = "PLAINTEXT"
    ssl = "SSL"
    sasl_plaintext = "SASL_PLAINTEXT"
    sasl_ssl = "SASL_SSL"


class SaslMechanism(StrEnum):
    plain = "PLAIN"
    scram_sha_256 = "SCRAM-SHA-256"
    scram_sha_512 = "SCRAM-SHA-512"


class LogLevel(StrEnum):
    debug = "DEBUG"
    info = "INFO"
    warning = "WARNING"
    error = "ERROR"


class Settings(BaseModel):
    """What every service needs."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    service: ClassVar[str]

    deployment: str = Field(default="local", description="name of this deployment, part of every event's source")
    kafka_bootstrap: str = Field(default="127.0.0.1:9092", description="host:port[,host:port]")
    kafka_security: Security = Field(default=Security.plaintext, description="PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL")
    kafka_sasl_mechanism: SaslMechanism = Field(
        default=SaslMechanism.scram_sha_512, description="PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512"
    )
    kafka_username: str | None = Field(default=None, description="SASL user")
    kafka_password: SecretStr | None = Field(default=None, description="SASL password")
    kafka_ca_file: Path | None = Field(default=None, description="CA certificates, PEM; the system's own when unset")
    kafka_cert_file: Path | None = Field(default=None, description="client certificate, PEM")
    kafka_key_file: Path | None = Field(default=None, description="client key, PEM")
    kafka_idempotence: bool = Field(default=True, description="idempotent producer; off only for a broker without it")
    partitions: int = Field(
        default=12, ge=1, le=1000, description="partitions of a new topic, equal for all item lanes and retries"
    )
    http_host: str = Field(default="127.0.0.1", description="address of health, metrics and the API")
    http_port: int = Field(default=0, ge=0, le=65535, description="port of health and metrics; 0 takes a free one")
    in_flight: int = Field(default=500, ge=1, description="records in flight per partition before it is paused")
    concurrency: int = Field(default=256, ge=1, description="handlers at work at once")
    retry_attempts: int = Field(default=6, ge=1, description="tries of an item's fault before it ends")
    retry_scale: float = Field(default=1.0, gt=0, description="multiplies the retry tiers' delays; below 1 in tests")
    otlp_endpoint: str | None = Field(
        default=None, description="OTLP over HTTP, e.g. http://collector:4318; nothing is exported when unset"
    )
    trace_sample: float = Field(default=1.0, ge=0, le=1, description="share of new traces that are recorded")
    trace_parent: bool = Field(default=True, description="off: messages are only linked, each hop is a trace of its own")
    log_level: LogLevel = Field(default=LogLevel.info, description="DEBUG, INFO, WARNING or ERROR")

    @model_validator(mode="after")
    def _sasl_needs_a_user(self) -> Self:
        if "SASL" in self.kafka_security and not (self.kafka_username and self.kafka_password):
            raise ValueError(f"{PREFIX}KAFKA_USERNAME and {PREFIX}KAFKA_PASSWORD are needed for {self.kafka_security}")
        return self

    @property
    def source(self) -> str:
        return f"/{self.deployment}/{self.service}"

    def kafka_connection(self) -> dict[str, object]:
        """Keyword arguments of every aiokafka client."""
        connection: dict[str, object] = {
            "bootstrap_servers": self.kafka_bootstrap,
            "security_protocol": self.kafka_security.value,
        }
        if "SSL" in self.kafka_security.value.split("_"):
            context = ssl.create_default_context(cafile=str(self.kafka_ca_file) if self.kafka_ca_file else None)
            if self.kafka_cert_file:
                context.load_cert_chain(self.kafka_cert_file, self.kafka_key_file)
            connection["ssl_context"] = context
        if "SASL" in self.kafka_security:
            connection["sasl_mechanism"] = self.kafka_sasl_mechanism.value
            connection["sasl_plain_username"] = self.kafka_username
            connection["sasl_plain_password"] = self.kafka_password.get_secret_value() if self.kafka_password else None
        return connection

    @classmethod
    def names(cls) -> dict[str, str]:
        """Environment name of every field."""
        own = f"{PREFIX}{cls.service.upper()}_"
        return {(PREFIX if name in Settings.model_fields else own) + name.upper(): name for name in cls.model_fields}

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Raises SettingsError with one line that names the variable."""
        names = cls.names()
        values: dict[str, str] = {}
        for variable, value in environ.items():
            if not variable.startswith(PREFIX):
                continue
            plain = variable.removesuffix("_FILE") if variable not in names else variable
            if plain in names and names[plain] in values:
                raise SettingsError(f"{plain} and {plain}_FILE are both set; which one holds?")
            if plain in names:
                values[names[plain]] = value if plain == variable else _secret(variable, value)
            elif _is_ours(plain, cls.service):
                raise SettingsError(f"{variable} is not a setting of {cls.service}; see the settings table for its name")
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise SettingsError(_one_line(error, {field: variable for variable, field in names.items()})) from error


def _is_ours(variable: str, service: str) -> bool:
    rest = variable.removeprefix(PREFIX)
    if rest.startswith(f"{service.upper()}_"):
        return True
    return rest not in ELSEWHERE and not rest.startswith(tuple(f"{name}_" for name in SERVICES))


def _secret(variable: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(f"{variable} names a file that can not be read: {why}") from error


def _one_line(error: ValidationError, variables: Mapping[str, str]) -> str:
    first = error.errors()[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    message = first["msg"].removeprefix("Value error, ")
    variable = variables.get(field)
    if first["type"] == "missing":
        return f"{variable} is not set; it needs a value"
    return f"{variable}: {message}" if variable else message
