"""A real broker and a real database for one machine: started in seconds, gone with the runner."""

from .broker import Broker, BrokerChoice, choose_broker, make_broker
from .errors import (
    BrokerUnavailable,
    EmbeddedError,
    FolderInUse,
    JarMismatch,
    JarsUnavailable,
    JavaMissing,
    PortTaken,
    StartFailed,
    TansuMissing,
)
from .kafka import EmbeddedKafka
from .postgres import EmbeddedPostgres
from .settings import EmbeddedSettings
from .tansu import EmbeddedTansu

__all__ = [
    "Broker",
    "BrokerChoice",
    "BrokerUnavailable",
    "EmbeddedError",
    "EmbeddedKafka",
    "EmbeddedPostgres",
    "EmbeddedSettings",
    "EmbeddedTansu",
    "FolderInUse",
    "JarMismatch",
    "JarsUnavailable",
    "JavaMissing",
    "PortTaken",
    "StartFailed",
    "TansuMissing",
    "choose_broker",
    "make_broker",
]
