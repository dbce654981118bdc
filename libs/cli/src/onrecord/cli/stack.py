"""Everything onrecord needs on one machine, as own processes: database, broker, topics, schemas, the four services."""

import asyncio
import json
import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from onrecord.cli.embedded import BrokerChoice, EmbeddedPostgres, EmbeddedSettings, choose_broker, make_broker
from onrecord.cli.embedded.ports import LOOPBACK, is_free, keep_ports
from onrecord.cli.embedded.server import Launch, Server
from onrecord.cli.kafka import CliSettings
from onrecord.runtime.admin import apply_topics
from onrecord.runtime.database import migrate

SERVICES = ("store", "extractor", "scraper", "feed")  # consumers first, so that nothing waits for its reader
SCHEMAS = ("feed", "store")
READY_LIMIT_S = 60.0  # a first start compiles and loads language profiles; a busy machine takes longer
API_PORT = 8080
EMBEDDED_PARTITIONS = 4  # enough for two replicas of each service to be tried on a laptop
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """`allow`: private addresses that the guard lets through, CIDR:port. `extra`: environment of every service."""

    folder: Path
    allow: tuple[str, ...] = ()
    partitions: int = EMBEDDED_PARTITIONS
    extra: Mapping[str, str] = field(default_factory=dict)
    api_port: int | None = None


class Stack:
    """Started by `with`, ended in reverse. Blocking calls."""

    def __init__(self, options: Options, report: Report = print) -> None:
        self._options = options
        self._report = report
        self._exit = ExitStack()
        self.servers: dict[str, Server] = {}
        self.ports: dict[str, int] = {}
        self.dsn = ""
        self.bootstrap = ""
        self.choice: BrokerChoice | None = None

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            self._exit = starting
            self._start_database()
            self._start_broker()
            asyncio.run(self._prepare())
            self.ports = keep_ports(self._options.folder, {"store": self._api_port(), "feed": 0, "scraper": 0, "extractor": 0})
            self._write_state()
            for name in SERVICES:
                self.start_service(name)
            starting.callback(self._stop_services)
            self._exit = starting.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._exit.close()

    @property
    def api(self) -> str:
        return f"http://{LOOPBACK}:{self.ports['store']}"

    @property
    def settings(self) -> CliSettings:
        return CliSettings.model_validate(
            {
                "kafka_bootstrap": self.bootstrap,
                "partitions": self._options.partitions,
                "kafka_idempotence": self.choice is None or self.choice.idempotence,
            }
        )

    def start_service(self, name: str) -> None:
        server = self.servers.setdefault(name, Server(self._options.folder / "services" / name, name))
        command = [sys.executable, "-m", f"onrecord.{name}.main"]
        server.launch(Launch(command, marker=f"onrecord.{name}.main", environment=self.environment(name)))

    def wait_ready(self) -> None:
        for name in SERVICES:
            port = self.ports[name]
            self.servers[name].wait_ready(lambda port=port: is_ready(port), READY_LIMIT_S)  # type: ignore[misc]
            self._report(f"{name} is up")

    def environment(self, name: str) -> dict[str, str]:
        ours = {
            "ONRECORD_KAFKA_BOOTSTRAP": self.bootstrap,
            "ONRECORD_KAFKA_IDEMPOTENCE": str(self.settings.kafka_idempotence).lower(),
            "ONRECORD_PARTITIONS": str(self._options.partitions),
            "ONRECORD_HTTP_HOST": LOOPBACK,
            "ONRECORD_HTTP_PORT": str(self.ports[name]),
            **self._options.extra,
        }
        own = {
            "feed": {"ONRECORD_FEED_DATABASE": self.dsn, "ONRECORD_FEED_ALLOW": ",".join(self._options.allow)},
            "scraper": {"ONRECORD_SCRAPER_ALLOW": ",".join(self._options.allow)},
            "store": {"ONRECORD_STORE_DATABASE": self.dsn},
        }
        inherited = {k: v for k, v in os.environ.items() if k not in ("ONRECORD_DATA", "ONRECORD_API")}
        return {**inherited, **ours, **own.get(name, {})}

    def _start_database(self) -> None:
        database = EmbeddedPostgres(self._options.folder / "postgres")
        self.dsn = database.start()
        self._exit.callback(database.stop)
        self._report("PostgreSQL is up")

    def _start_broker(self) -> None:
        settings = EmbeddedSettings.from_env(os.environ)
        choice = choose_broker(settings)
        self._report(f"broker: {choice.kind} ({choice.why})")
        self.choice, broker = make_broker(choice, settings, self._options.folder, self._report)
        if broker is None:
            self.bootstrap = settings.kafka_bootstrap or ""
            return
        self.bootstrap = broker.start()
        self._exit.callback(broker.stop)
        self._report(f"broker is up at {self.bootstrap}")

    async def _prepare(self) -> None:
        made = await apply_topics(self.settings)
        if made:
            self._report(f"created {len(made)} topics")
        for schema in SCHEMAS:
            await migrate(self.dsn, schema, f"onrecord.{schema}")

    def _api_port(self) -> int:
        asked = self._options.api_port
        return asked if asked is not None else API_PORT if is_free(API_PORT) else 0

    def _write_state(self) -> None:
        state = {
            "bootstrap": self.bootstrap,
            "api": self.api,
            "feed_database": self.dsn,
            "store_database": self.dsn,
            "partitions": self._options.partitions,
            "lag_known": self.choice is None or self.choice.lag_known,
        }
        path = self._options.folder / "run.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(state), encoding="utf-8")
        self._exit.callback(path.unlink, missing_ok=True)

    def _stop_services(self) -> None:
        """All are asked at once, so that the slowest decides and not the sum."""
        for server in self.servers.values():
            if server.pid:
                os.kill(server.pid, signal.SIGTERM)
        for server in self.servers.values():
            server.stop()


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/health/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def dead_services(servers: Mapping[str, Server]) -> Iterable[str]:
    return [name for name, server in servers.items() if not server.running]
