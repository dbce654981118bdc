"""Every snippet of the README runs."""

import re
from collections.abc import AsyncIterator
from typing import Any, Self

import aiokafka
import generate
import pytest
from generator.records import ExampleRecord, example_records

README = (generate.ROOT / "libs/contracts/README.md").read_text("utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
LINKS = re.findall(r"\]\(([^)#]+)\)", README)


class RecordsOnDisk:
    """Hands out the good examples of a topic, then ends."""

    def __init__(self, topic: str, **settings: Any) -> None:
        self.topic = topic

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        return

    async def __aiter__(self) -> AsyncIterator[ExampleRecord]:
        for record in example_records(generate.ROOT, "good"):
            if record.topic == self.topic:
                yield record


@pytest.mark.parametrize("snippet", SNIPPETS, ids=range(len(SNIPPETS)))
def test_snippet_runs(snippet: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(aiokafka, "AIOKafkaConsumer", RecordsOnDisk)
    exec(compile(snippet, "README.md", "exec"), {"__name__": "snippet"})
    if "AIOKafkaConsumer" in snippet:
        said = capsys.readouterr().out.splitlines()
        assert "Inés Quiroga said: We have waited nine years for this, Nobody will lose a berth." in said


def test_readme_has_its_snippets_and_its_links_lead_somewhere() -> None:
    assert len(SNIPPETS) == 4
    assert LINKS
    assert [link for link in LINKS if not (generate.ROOT / "libs/contracts" / link).exists()] == []


def test_every_reason_a_reader_may_meet_is_named() -> None:
    for reason in ("not_an_event", "unknown_event_type", "message_version", "malformed_event"):
        assert f"`{reason}`" in README
