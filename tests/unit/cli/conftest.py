import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from onrecord.cli import where


@dataclass
class FakeApi:
    """Answers by path and `url` parameter; keeps what was asked."""

    base: str = ""
    answers: dict[str, tuple[int, object]] = field(default_factory=dict)
    headers: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    location: str | None = None

    def place(self, **more: object) -> where.Where:
        return where.Where(state_file=SimpleNamespace(), api=self.base, **more)  # type: ignore[arg-type]


@pytest.fixture
def fake_api() -> Iterator[FakeApi]:
    api = FakeApi()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            url = parse_qs(parts.query).get("url", [""])[0]
            name = f"{parts.path} {url}".strip()
            api.asked.append(name)
            api.headers.append(dict(self.headers))
            status, body = api.answers.get(name, (404, {"error": "not_found", "detail": "no such thing"}))
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            if api.location:
                self.send_header("Location", api.location)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield api
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def no_outer_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the developer's shell sets must not decide a test."""
    for name in "KAFKA_BOOTSTRAP API API_TOKEN API_TOKEN_FILE FEED_DATABASE STORE_DATABASE DATA PARTITIONS".split():
        monkeypatch.delenv(f"ONRECORD_{name}", raising=False)
