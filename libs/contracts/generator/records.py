"""The example records: `{"headers", "key", "value" | "value_text" | "value_b64"}`, a null value being a tombstone."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

EXAMPLE_FOLDER = Path("libs/contracts/examples")


@dataclass(frozen=True, slots=True)
class ExampleRecord:
    """Fits `decode`."""

    path: Path
    document: dict[str, Any]

    @property
    def key(self) -> bytes:
        return str(self.document["key"]).encode()

    @property
    def value(self) -> bytes | None:
        if "value_b64" in self.document:
            return base64.b64decode(self.document["value_b64"])
        if "value_text" in self.document:
            return str(self.document["value_text"]).encode()
        value = self.document["value"]
        if value is None:
            return None
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        try:
            return text.encode()
        except UnicodeEncodeError:  # a bad record may hold a lone surrogate, which only an escape can write
            return json.dumps(value).encode()

    @property
    def headers(self) -> tuple[tuple[str, bytes], ...]:
        return tuple((name, str(value).encode()) for name, value in self.document["headers"].items())

    @property
    def ce_type(self) -> str | None:
        found: str | None = self.document["headers"].get("ce_type")
        return found

    @property
    def topic(self) -> str:
        return str(self.document["topic"])


def example_records(root: Path, kind: str) -> list[ExampleRecord]:
    """`kind` is good or bad; paths are relative to `root`, the repository's."""
    found = sorted((root / EXAMPLE_FOLDER / kind).glob("*.json"))
    return [ExampleRecord(path.relative_to(root), json.loads(path.read_text("utf-8"))) for path in found]
