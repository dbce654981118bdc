"""Whatever stands in a record, it is handled or buried once, and never raises: an exception would hold its partition."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.contracts.envelope import BY_TYPE
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.retry import Original
from onrecord.runtime.verdict import Done, Verdict
from unit.runtime.wire import desk_with, outgoing_of
from unit.runtime.wire import item_of as item

GOOD = outgoing_of(item())
NAMES = [name for name, _ in GOOD.headers] + [
    "retry_attempt",
    "retry_due_at",
    "item",
    "rights",
    "content-encoding",
    "dlq_first_at",
]
HEADER_VALUES = st.one_of(
    st.none(),
    st.binary(max_size=30),
    st.sampled_from([name.encode() for name in BY_TYPE]),
    st.sampled_from([b"9" * 5000, b"zstd"]),
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)


@st.composite
def records(draw: st.DrawFn) -> Original:
    body: dict[str, Any] = json.loads(GOOD.value or b"{}")
    for name in draw(st.lists(st.sampled_from(sorted(body)), max_size=3)):
        body[name] = draw(JSON)
    value = draw(st.one_of(st.just(json.dumps(body).encode()), st.binary(max_size=50), st.just(b"[" * 100_000)))
    headers: list[tuple[str, bytes | None]] = list(GOOD.headers)
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=3)):
        headers.append((name, draw(HEADER_VALUES)))
    return Original("onrecord.item.v1", 0, 0, draw(st.none() | st.binary(max_size=5)), value, tuple(headers))  # type: ignore[arg-type]


@settings(max_examples=300, deadline=None)
@given(records())
async def test_one_end_and_no_exception(record: Original) -> None:
    seen: list[Delivery[Any]] = []

    async def handler(delivery: Delivery[Any]) -> Verdict:
        seen.append(delivery)
        return Done()

    desk = desk_with()
    for cls in BY_TYPE.values():
        desk.registry.on(cls, handler)
    await desk.process(record)
    letters = [sent for sent in desk.sender.sent if sent.topic.endswith(".dlq")]
    assert len(seen) + len(letters) == 1
    for letter in letters:
        assert (letter.key, letter.value) == (record.key or b"", record.value)
