"""Where the running system is: the environment, else what a running `onrecord run` wrote down."""

import argparse
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from onrecord.cli.errors import CommandFailed, NotRunning
from onrecord.cli.settings import given

DATA_FOLDER = ".onrecord"
STATE_FILE = "run.json"
API_BASE = "http://127.0.0.1:8080"  # where `onrecord run` serves it unless told otherwise
Schema = Literal["feed", "store"]


@dataclass(frozen=True, slots=True)
class Where:
    """Addresses, None where nothing tells. `lag_known` is false for a broker whose lag figures are wrong."""

    state_file: Path
    api: str
    bootstrap: str | None = None
    feed_database: str | None = field(default=None, repr=False)
    store_database: str | None = field(default=None, repr=False)
    api_token: str | None = field(default=None, repr=False)
    partitions: int | None = None
    lag_known: bool = True

    def broker(self) -> str:
        """Raises NotRunning."""
        return self._told(self.bootstrap, "KAFKA_BOOTSTRAP")

    def database(self, schema: Schema) -> str:
        """The DSN; raises NotRunning."""
        return self._told(self.feed_database if schema == "feed" else self.store_database, f"{schema.upper()}_DATABASE")

    def _told(self, value: str | None, name: str) -> str:
        if value is None:
            raise NotRunning(f"onrecord is not running here (no {self.state_file}): start `onrecord run`, or set ONRECORD_{name}")
        return value


def add_data_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help=f"folder of a running `onrecord run`; else ONRECORD_DATA, else {DATA_FOLDER}"
    )


def find(data: Path | None, environ: Mapping[str, str] = os.environ) -> Where:
    state_file = (data or Path(given("DATA", environ) or DATA_FOLDER)) / STATE_FILE
    state = _read(state_file)
    own_broker = given("KAFKA_BOOTSTRAP", environ)
    partitions = state.get("partitions")
    return Where(
        state_file=state_file,
        api=(given("API", environ) or _text(state, "api") or API_BASE).rstrip("/"),
        bootstrap=own_broker or _text(state, "bootstrap"),
        feed_database=given("FEED_DATABASE", environ) or _text(state, "feed_database"),
        store_database=given("STORE_DATABASE", environ) or _text(state, "store_database"),
        api_token=given("API_TOKEN", environ),
        partitions=partitions if isinstance(partitions, int) and not own_broker else None,
        lag_known=bool(own_broker) or state.get("lag_known") is not False,
    )


def _read(state_file: Path) -> dict[str, Any]:
    try:
        state = json.loads(state_file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise CommandFailed(f"{state_file} can not be read: {error}") from error
    if not isinstance(state, dict):
        raise CommandFailed(f"{state_file} is not the state of a running `onrecord run`")
    return state


def _text(state: Mapping[str, Any], name: str) -> str | None:
    value = state.get(name)
    return value if isinstance(value, str) and value else None
