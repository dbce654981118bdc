"""A service: FastStream for subscription and lifecycle, the runtime for everything that must not be lost."""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

import uvicorn
from aiokafka import ConsumerRecord
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from faststream import AckPolicy
from faststream.asgi import AsgiFastStream
from faststream.kafka import KafkaBroker, KafkaMessage

from onrecord.runtime.admin import wait_for_topics
from onrecord.runtime.backoff import DATABASE, KAFKA, Backoff
from onrecord.runtime.catalogue import LAG
from onrecord.runtime.consume import Consumption
from onrecord.runtime.gauges import observe_away, observe_condition
from onrecord.runtime.health import Condition, HealthRoutes, since
from onrecord.runtime.lag import topics_of
from onrecord.runtime.log import log_to_stderr
from onrecord.runtime.metrics import Metrics, MetricsExport, metric_readers
from onrecord.runtime.process import Processor
from onrecord.runtime.produce import KafkaSender
from onrecord.runtime.registry import Registry, Services
from onrecord.runtime.security import broker_security
from onrecord.runtime.server import make_server, say_failed, unless_stopped
from onrecord.runtime.settings import USAGE_ERROR, Settings, SettingsError
from onrecord.runtime.tracing import make_tracing

POLL_MS = 50  # FastStream sleeps as long again after an empty poll, so this is the latency an idle service adds
COMMIT_EVERY_S = 0.5
# About one poll of items, so that little is fetched ahead in vain; a larger record still comes, alone (KIP-74).
PARTITION_FETCH_BYTES = 512 * 1024
FETCH_MAX_BYTES = 32 * 1024 * 1024
STOP_GRACE_S = 8.0  # of 20 s: then the workers, the producer and the group need theirs
TASKS_GRACE_S = 3.0  # a background task that does not heed its end must not hold up the others'
GC_THRESHOLDS = (
    20_000,
    20,
    50,
)  # a batch in flight is young and big: the default collects it again and again (a quarter of the CPU)

log = logging.getLogger(__name__)


class Service:
    """One deployable. Built inside the running loop: register handlers, add resources and background tasks."""

    def __init__(self, settings: Settings, registry: Registry) -> None:
        self.settings = settings
        self.registry = registry
        self.metrics = Metrics()
        backoff = Backoff()
        tracing = make_tracing(
            settings.service,
            settings.deployment,
            settings.otlp_endpoint,
            sample=settings.trace_sample,
            parent=settings.trace_parent,
        )
        sender = KafkaSender(settings, self.metrics, backoff, tracing)
        self._sender = sender
        self.services = Services(settings, sender, tracing, self.metrics, backoff, lambda: datetime.now(UTC))
        self.processor = Processor(registry, self.services)
        self._broker = KafkaBroker(
            settings.kafka_bootstrap, client_id=f"onrecord-{settings.service}", logger=None, **broker_security(settings)
        )
        self._consumption = Consumption(registry, self.services, self.processor, lambda: self._subscriber.consumer)
        self._subscriber = self._subscribe()
        self._export = MetricsExport(self.metrics, settings.service, metric_readers(settings.otlp_endpoint))
        self._background: list[tuple[str, Callable[[], Coroutine[Any, Any, None]]]] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._resources: list[AbstractAsyncContextManager[Any]] = []
        self._requirements: list[Callable[[], Awaitable[None]]] = []
        self._warnings: list[str] = []
        self._before_stop: list[Callable[[], None]] = []
        self._stuck = False
        self.http: Any | None = None
        self._server: uvicorn.Server | None = None
        self.metrics.observe(LAG, lambda: [((p.topic, str(p.partition)), float(n)) for p, n in self._consumption.lag().items()])
        observe_condition(self.metrics, self.condition)
        observe_away(self.metrics, backoff, (KAFKA, DATABASE) if registry.outages else (KAFKA,))

    def background(self, name: str, task: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Runs from start to stop; when it ends by itself the service is not live any more."""
        self._background.append((name, task))

    def resource(self, resource: AbstractAsyncContextManager[Any]) -> None:
        """Opened in order before the first record, closed in reverse after the last."""
        self._resources.append(resource)

    def require(self, check: Callable[[], Awaitable[None]]) -> None:
        """Awaited before anything is opened, while a stop signal still ends the wait; what it raises ends the start."""
        self._requirements.append(check)

    def warn(self, text: str) -> None:
        """Said once, when the service is up."""
        self._warnings.append(text)

    def on_assigned(self, callback: Callable[[], None]) -> None:
        self._consumption.assigned_callbacks.append(callback)

    def before_stop(self, callback: Callable[[], None]) -> None:
        """Called when the stop signal comes, before the server waits for open connections to end."""
        self._before_stop.append(callback)

    async def serve(self) -> bool:
        """Until SIGTERM or SIGINT; False when it never came up or the watchdog found it stuck."""
        try:
            if not await unless_stopped(self._wait_for_dependencies()):
                return True
        except Exception as error:
            say_failed(self.settings.service, error)
            return False
        app = AsgiFastStream(self._broker, lifespan=self._lifespan, on_shutdown=[self._stop_consuming], logger=None)
        routes = HealthRoutes(self.condition, self._export.flush, self.http)
        self._server = make_server(self.settings, app, routes, self._before_stop)
        await self._server.serve()
        return self._server.started and not self._stuck

    async def _wait_for_dependencies(self) -> None:
        await wait_for_topics(self.settings, self.services.backoff)
        for check in self._requirements:
            await check()

    def condition(self) -> Condition:
        return Condition(
            assigned=self._consumption.assigned,
            in_flight=self._consumption.in_flight,
            lag=self._consumption.overdue,
            since_progress_s=since(max(self._consumption.progress_at, self.services.backoff.outage_at)),
            held_up=self.services.backoff.waiting,
            tripped=self.processor.breaker.tripped,
            tasks_dead=self._tasks_dead(),
        )

    def _tasks_dead(self) -> tuple[str, ...]:
        dead = [name for name, task in self._tasks.items() if task.done() and not task.cancelled()]
        return (*dead, "consume") if self._consumption.broken else tuple(dead)

    def _subscribe(self) -> Any:
        topics = [name for topic in self.registry.topics for name in topics_of(self.settings.service, topic)]
        subscriber = self._broker.subscriber(
            *topics,
            batch=True,
            group_id=self.settings.service,
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            batch_timeout_ms=POLL_MS,
            max_records=self.settings.in_flight,
            fetch_max_bytes=FETCH_MAX_BYTES,
            max_partition_fetch_bytes=PARTITION_FETCH_BYTES,
            isolation_level="read_committed",
            partition_assignment_strategy=[RangePartitionAssignor],
            listener=self._consumption,
            parser=self._raw,
            decoder=_undecoded,
            no_reply=True,
        )

        @subscriber
        async def receive(message: KafkaMessage) -> None:
            self._consumption.receive(message.raw_message)
            await self._consumption.relieve()

        return subscriber

    async def _raw(self, records: tuple[ConsumerRecord[bytes, bytes], ...]) -> KafkaMessage:
        """Keeps FastStream from decoding: bad bytes must reach the handler's scope, and the dead letter."""
        return KafkaMessage(body=b"", raw_message=records, consumer=self._subscriber.consumer)

    @asynccontextmanager
    async def _lifespan(self) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.callback(self._export.shutdown)
            stack.callback(self.services.tracing.shutdown)
            await self._sender.start()
            stack.push_async_callback(self._sender.stop)
            for resource in self._resources:
                await stack.enter_async_context(resource)
            stack.push_async_callback(self._cancel_tasks)
            self._start_tasks()
            yield

    def _start_tasks(self) -> None:
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        for name, task in (("commit", self._commit_forever), ("watchdog", self._watch), *self._background):
            self._tasks[name] = asyncio.create_task(task(), name=name)
        log.info("%s is up", self.settings.service)
        for text in self._warnings:
            log.warning(text)

    async def _cancel_tasks(self) -> None:
        for running in self._tasks.values():
            running.cancel()
        await asyncio.wait(self._tasks.values(), timeout=TASKS_GRACE_S)

    async def _stop_consuming(self) -> None:
        await self._consumption.let_go(STOP_GRACE_S)

    async def _commit_forever(self) -> None:
        while True:
            await asyncio.sleep(COMMIT_EVERY_S)
            await self._consumption.commit()
            self._export.flush()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(1)
            condition = self.condition()
            if not condition.live and self._server:
                log.critical("stuck: %s", condition)
                self._stuck = True
                self._server.should_exit = True


async def _undecoded(_: KafkaMessage) -> bytes:
    return b""


S = TypeVar("S", bound=Settings)


def run_service(settings: type[S], build: Callable[[S], Service]) -> None:
    """The whole of a service's `main`: a wrong setting is one line and exit code 2; exit code 1 for a start that failed,
    with one line too, and for a service found stuck."""
    try:
        loaded = settings.load()
    except SettingsError as error:
        print(error, file=sys.stderr)
        raise SystemExit(USAGE_ERROR) from error
    log_to_stderr(loaded.service, loaded.log_level)

    async def serve() -> bool:
        return await build(loaded).serve()

    if not asyncio.run(serve()):
        raise SystemExit(1)
