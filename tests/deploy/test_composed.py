"""The composed system at work: every container's environment, secrets, user and rights, without a container engine."""

import asyncio
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import aiohttp
import asyncpg
import pytest
from newspapers import Scale

from deploy import compose_file
from deploy.composed import Composed
from deploy.composed_kafka import ComposedKafka
from e2e.collector import Collector, collecting
from e2e.world import until
from onrecord.cli.embedded import EmbeddedKafka, EmbeddedPostgres
from onrecord.cli.embedded.postgres_files import binaries

pytestmark = [pytest.mark.e2e, pytest.mark.kafka, pytest.mark.timeout(900)]

ROOT = compose_file.ROOT
READY_LIMIT_S = 120.0
FLOW_LIMIT_S = 180.0
SPANS_LIMIT_S = 30.0
ITEMS = 6
MEGABYTES = {"m": 1, "g": 1024}


def free_ports(*names: str) -> dict[str, int]:
    """Kept open together, so that no two are the same."""
    with ExitStack() as stack:
        sockets = {name: stack.enter_context(socket.create_server(("127.0.0.1", 0))) for name in names}
        return {name: opened.getsockname()[1] for name, opened in sockets.items()}


def run(*command: str, **environment: str) -> str:
    done = subprocess.run(command, env={"PATH": "/usr/bin:/bin", **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def make_secrets(folder: Path, database: str) -> None:
    run("python3", str(ROOT / "deploy/tools/make_secrets.py"), str(folder), "--database", database)


def make_roles(postgres: EmbeddedPostgres, secrets: Path) -> None:
    """roles.sh as the image runs it, with this machine's psql and places."""
    script = (ROOT / "deploy/compose/postgres/roles.sh").read_text(encoding="utf-8")
    for before, after in (("/run/secrets", str(secrets)), ("/etc/onrecord", str(ROOT / "deploy/compose/postgres"))):
        script = script.replace(before, after)
    user, _, rest = postgres.dsn.removeprefix("postgresql://").partition(":")
    password, _, place = rest.partition("@")
    host, _, port = place.partition("/")[0].partition(":")
    run(
        "sh", "-c", script, PATH=f"{binaries()}:/usr/bin:/bin", POSTGRES_USER=user, POSTGRES_DB="onrecord",
        PGPASSWORD=password, PGHOST=host, PGPORT=port,
    )  # fmt: skip


@pytest.fixture
def new_ports() -> dict[str, int]:
    return free_ports("inside", "host", "controller", *compose_file.OWN_SERVICES)


@pytest.fixture
def composed_kafka(
    kafka_in: Callable[[Path], EmbeddedKafka], tmp_path: Path, new_ports: dict[str, int]
) -> Iterator[Callable[..., ComposedKafka]]:
    with ExitStack() as stack:

        def make(secrets: Path, *layers: str) -> ComposedKafka:
            known = kafka_in(tmp_path / "unused")
            broker = ComposedKafka(tmp_path / "kafka", known.java, known.jars, secrets, new_ports, *layers)
            stack.callback(broker.stop)
            return broker

        yield make


@asynccontextmanager
async def started(composed: Composed) -> AsyncIterator[Composed]:
    for job in ("topics", "schemas"):
        done = await asyncio.to_thread(composed.job, job)
        assert done.returncode == 0, done.stderr
    try:
        for service in compose_file.OWN_SERVICES:
            composed.start(service)
        yield composed
    finally:
        await asyncio.to_thread(composed.stop)


async def all_healthy(composed: Composed) -> None:
    async def first_unhealthy() -> str:
        for service, process in composed.running.items():
            assert process.poll() is None, f"{service} ended:\n{composed.log(service)}"
            if not await asyncio.to_thread(composed.healthy, service):
                return f"{service} is not healthy:\n{composed.log(service)[-2000:]}"
        return ""

    await until(first_unhealthy, READY_LIMIT_S)


async def statements(composed: Composed, token: str | None) -> tuple[int, int]:
    """Status, and how many statements the API shows."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    url = f"http://127.0.0.1:{composed.ports['store']}/v1/statements"
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        found = await answer.json()
        return answer.status, len(found.get("statements", ()))


async def test_the_composed_system_takes_a_feed_to_statements(
    built_images: Mapping[str, Path],
    new_postgres: EmbeddedPostgres,
    composed_kafka: Callable[..., ComposedKafka],
    new_ports: dict[str, int],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    secrets = tmp_path / "secrets"
    await asyncio.to_thread(new_postgres.start)
    make_secrets(secrets, new_postgres.dsn.rpartition("@")[2])
    make_roles(new_postgres, secrets)
    await asyncio.to_thread(composed_kafka(secrets).start)
    papers = Scale(1, 2, ITEMS, lambda: datetime.now(UTC))
    await papers.start()
    try:
        async with collecting() as collector:
            ports = {**new_ports, "kafka": new_ports["inside"], "collector": int(collector.url.rpartition(":")[2])}
            allow = ",".join(papers.allowed)  # the newspapers are on this machine
            extra = {"feed": {"ONRECORD_FEED_ALLOW": allow}, "scraper": {"ONRECORD_SCRAPER_ALLOW": allow}}
            cli = {"ONRECORD_API": f"http://store:{ports['store']}"}
            composed = Composed(built_images, tmp_path, secrets, ports, extra={**extra, "cli": cli})
            async with started(composed):
                await all_healthy(composed)
                for service in compose_file.OWN_SERVICES:
                    assert await asyncio.to_thread(composed.alive, service)
                for paper in papers.feeds():
                    added = await asyncio.to_thread(composed.job, "cli", "feeds", "add", paper.url)
                    assert added.returncode == 0, added.stderr
                await shown(composed, secrets)
                await until(partial(no_span, collector), SPANS_LIMIT_S)
                for service in compose_file.OWN_SERVICES:
                    record_property(f"{service}_mb", round(composed.memory_mb(service)))
                    assert composed.memory_mb(service) < limit_mb(service), service
                assert await asyncio.to_thread(composed.stop) == dict.fromkeys(compose_file.OWN_SERVICES, 0)
    finally:
        await papers.stop()
    await roles_are_apart(secrets)


async def no_span(collector: Collector) -> str:
    """Spans leave in batches, some seconds after the work."""
    return "" if collector.spans else "no span came"


async def shown(composed: Composed, secrets: Path) -> None:
    """Nothing without the token; statements, and a status that knows every group, with it."""
    token = (secrets / "api_token").read_text(encoding="ascii").strip()
    assert (await statements(composed, None))[0] == 401

    async def none_yet() -> str:
        status, count = await statements(composed, token)
        assert status == 200
        return "" if count else "no statement yet"

    await until(none_yet, FLOW_LIMIT_S)
    status = await asyncio.to_thread(composed.job, "cli", "status")
    assert status.returncode == 0, status.stdout + status.stderr


async def roles_are_apart(secrets: Path) -> None:
    feed = await asyncpg.connect((secrets / "feed_database").read_text(encoding="ascii").strip())
    try:
        assert await feed.fetchval("SELECT count(*) FROM feed.feeds") > 0
        for forbidden in ("SELECT count(*) FROM store.statements", "CREATE TABLE feed.mine ()", "CREATE SCHEMA mine"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await feed.execute(forbidden)
    finally:
        await feed.close()


def limit_mb(service: str) -> int:
    limit = compose_file.base()["services"][service]["mem_limit"]
    return int(limit[:-1]) * MEGABYTES[limit[-1]]


async def test_the_tls_layer_lets_in_who_has_the_password_and_nobody_else(
    built_images: Mapping[str, Path],
    composed_kafka: Callable[..., ComposedKafka],
    new_ports: dict[str, int],
    tmp_path: Path,
) -> None:
    secrets = tmp_path / "secrets"
    make_secrets(secrets, "postgres:5432/onrecord")
    run("python3", str(ROOT / "deploy/tools/make_tls.py"), str(secrets))
    await asyncio.to_thread(composed_kafka(secrets, "tls").start)
    ports = {"kafka": new_ports["inside"], "collector": 4318}
    composed = Composed(built_images, tmp_path, secrets, ports, layers=("tls",))
    made = await asyncio.to_thread(composed.job, "topics")
    assert made.returncode == 0, made.stderr

    async def some_missing() -> str:
        """The broker shows a topic a moment after it has promised it."""
        checked = await asyncio.to_thread(composed.job, "topics", "topics", "check")
        return checked.stdout + checked.stderr if checked.returncode else ""

    await until(some_missing, READY_LIMIT_S)
    plain = Composed(built_images, tmp_path, secrets, ports)
    assert "no Kafka broker answers" in (await asyncio.to_thread(plain.job, "topics")).stderr
    password = secrets / "kafka_password"
    password.unlink()
    password.write_text("another", encoding="ascii")
    password.chmod(0o444)
    assert "no Kafka broker answers" in (await asyncio.to_thread(composed.job, "topics")).stderr
