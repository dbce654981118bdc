"""EVENTS, 6, on the whole stack: every span at its place with its facts, every metric, every log line of the signal table."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from e2e.collector import Seen
from e2e.subscriber import headers
from e2e.traced_story import Story, told
from observability import signals
from observability.signals import ATTRIBUTES, DEVIATIONS, MATRIX, ROOT, SOMETIMES, Links, Place
from onrecord.runtime.catalogue import METRICS, Attribute, Span

pytestmark = [pytest.mark.e2e, pytest.mark.kafka, pytest.mark.timeout(600), pytest.mark.asyncio(loop_scope="module")]

LABELS = {metric.name: set(metric.labels) for metric in METRICS}
CREATE = signals.CREATE


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(apache_kafka: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Story]:
    async with told(tmp_path_factory.mktemp("traced")) as story:
        yield story


def placed(story: Story) -> list[tuple[Seen, Place]]:
    """Every span with the place of its parent. A parent that was not received is a KeyError."""
    where: dict[str, Place] = {span.span: (span.service, span.name) for span in story.collector.spans}
    return [(span, where[span.parent] if span.parent else ROOT) for span in story.collector.spans]


def kind_of(span: Seen) -> Span:
    return max((kind for kind in Span if span.name.startswith(kind)), key=len)


def allowed(service: str, name: str) -> set[Place]:
    edge = MATRIX[service].edge(name)
    return {*edge.parents, *edge.also, *DEVIATIONS.get((service, name), ())}


async def test_every_span_is_of_the_table(story: Story) -> None:
    seen = {(span.service, span.name, span.kind) for span in story.collector.spans}
    assert seen == {(service, edge.name, edge.kind) for service, row in MATRIX.items() for edge in row.spans}


async def test_every_span_has_a_parent_of_the_table(story: Story) -> None:
    wrong = Counter(
        (span.service, span.name, parent) for span, parent in placed(story) if parent not in allowed(span.service, span.name)
    )
    assert wrong == Counter()


async def test_every_edge_of_the_table_was_seen(story: Story) -> None:
    seen = {(span.service, span.name, parent) for span, parent in placed(story)}
    table = {(service, edge.name, parent) for service, row in MATRIX.items() for edge in row.spans for parent in edge.parents}
    known = {(*place, parent) for place, parents in DEVIATIONS.items() for parent in parents}
    assert known - seen == set(), "mended: strike it from DEVIATIONS"
    instead = {(service, name) for service, name, _ in known}
    assert {edge for edge in table - seen if edge[:2] not in instead} == set()


async def test_every_span_is_linked_as_the_table_says(story: Story) -> None:
    origins = {(span.trace, span.span) for span in story.collector.spans if span.name in (Span.poll, CREATE)}
    for span in story.collector.spans:
        match MATRIX[span.service].edge(span.name).links:
            case Links.record:
                assert span.links == ((span.trace, span.parent),)
            case Links.origin:
                assert len(span.links) == 1
                assert set(span.links) <= origins
            case Links.none:
                assert span.links == ()


async def test_every_span_carries_its_facts_and_no_others(story: Story) -> None:
    for span in story.collector.spans:
        kind = kind_of(span)
        always = {name.value for name in ATTRIBUTES[kind]}
        maybe = {Attribute.error_type.value, *(name.value for name in SOMETIMES.get(kind, ()))}
        assert always <= span.facts.keys() <= always | maybe, span


async def test_facts_of_a_failure_and_its_status_go_together(story: Story) -> None:
    for span in story.collector.spans:
        assert span.failed == (Attribute.error_type in span.facts), span


async def test_a_process_span_tells_its_record(story: Story) -> None:
    """Every item record, against what scraper and store say of it."""
    spans = {
        (span.service, span.facts[Attribute.partition_id], span.facts[Attribute.offset]): span
        for span in story.collector.spans
        if span.name == f"process {signals.ITEM}"
    }
    assert len(story.items) > 40
    for record in story.items:
        told = headers(record)
        for service in ("scraper", "store"):
            span = spans[service, str(record.partition), record.offset]
            assert (span.trace, span.parent) == tuple(told["traceparent"].split("-")[1:3])
            assert span.facts.items() >= {
                Attribute.system: "kafka", Attribute.operation_name: "process", Attribute.operation_type: "process",
                Attribute.destination: record.topic, Attribute.group: service, Attribute.tombstone: False,
                Attribute.message_key: (record.key or b"").decode(), Attribute.message_id: told["ce_id"],
                Attribute.conversation_id: told["ce_correlationid"], Attribute.ce_id: told["ce_id"],
                Attribute.ce_source: told["ce_source"], Attribute.ce_type: told["ce_type"],
                Attribute.ce_subject: told["ce_subject"],
            }.items()  # fmt: skip


async def test_a_page_that_is_gone_tells_its_status(story: Story) -> None:
    link = story.link("/lost/page")
    life = story.life(link)
    (get,) = (span for span in life if span.name == Span.fetch)
    host, _, port = link.split("/")[2].partition(":")
    assert get.facts.items() >= {
        Attribute.http_method: "GET", Attribute.url_full: link, Attribute.http_status: 404,
        Attribute.server_address: host, Attribute.server_port: int(port),
    }.items()  # fmt: skip
    (process,) = (span for span in life if (span.service, span.name) == ("scraper", f"process {signals.ITEM}"))
    assert process.facts[Attribute.outcome] == "gone"


async def test_an_answer_that_is_an_error_fails_its_span(story: Story) -> None:
    (get,) = (span for span in story.life(story.link("/lost/page")) if span.name == Span.fetch)
    assert get.facts[Attribute.error_type] == "404"


async def test_a_fetch_that_failed_tells_the_error(story: Story) -> None:
    """A redirect to a private address: refused, and an end of its own."""
    life = story.life(story.link("/to-private"))
    failed = [span for span in life if span.failed]
    assert {span.name for span in failed} == {Span.fetch}
    assert {span.facts[Attribute.error_type] for span in failed} == {"PrivateNetworkRefused"}
    assert "blocked_address" in {span.facts.get(Attribute.outcome) for span in life}


async def test_a_buried_record_fails_its_process_span(story: Story) -> None:
    (letter,) = story.dead_letters
    trace = headers(letter)["traceparent"].split("-")[1]
    failed = [span for span in story.collector.by_trace()[trace] if span.failed]
    assert {(span.service, span.name) for span in failed} == {(name, f"process {signals.ITEM}") for name in ("scraper", "store")}
    assert {span.facts[Attribute.error_type] for span in failed} == {"MalformedEvent"}
    for service in ("scraper", "store"):
        (line,) = (line for line in story.logs[service] if line["message"].startswith("dead letter"))
        assert line["trace_id"] == trace


async def test_an_item_tried_again_stays_one_trace(story: Story) -> None:
    life = story.life(story.link("/busy/seconds"))
    tries = [f"process {topic}" for topic in (signals.ITEM, signals.SHORT, signals.MIDDLE)]
    hops = {span.name: span for span in life if span.service == "scraper" and span.name in tries}
    assert hops.keys() == set(tries)
    assert all(hop.links == ((hop.trace, hop.parent),) for hop in hops.values())
    fetched = {span.parent: span.facts[Attribute.http_status] for span in life if span.name == Span.fetch}
    assert [fetched[hops[name].span] for name in tries] == [503, 503, 200]
    (page,) = (span for span in life if span.name == f"send {signals.PAGE}")
    assert page.parent == hops[tries[-1]].span
    assert len([span for span in life if not span.parent]) == 1


async def test_an_item_emitted_again_is_a_new_trace_that_knows_the_first(story: Story) -> None:
    roots = {(span.trace, span.span): span for span in story.collector.spans if span.name == CREATE}
    polls = {(span.trace, span.span) for span in story.collector.spans if span.name == Span.poll}
    again = [span for span in roots.values() if not set(span.links) <= polls]
    (second,) = (span for span in again if span.trace == story.trace[story.lost])
    first = roots[second.links[0]]
    assert set(first.links) <= polls
    assert [span.name for span in story.collector.by_trace()[first.trace]] == [CREATE], "nothing of it was ever sent"
    assert story.ledger[story.lost]["outcome"] == "stored"
    names = Counter((span.service, span.name) for span in story.life(story.lost))
    assert names["extractor", f"send {signals.ARTICLE}"] == names["feed", f"process {signals.OUTCOME}"] == 1


@pytest.mark.parametrize("service", MATRIX)
async def test_every_metric_of_the_table_is_exported(story: Story, service: str) -> None:
    came = {name: labels for (of, name), labels in story.collector.metrics.items() if of == service}
    assert came.keys() - signals.NOT_DRIVEN.keys() == {metric.name for metric in MATRIX[service].metrics}
    assert {name: labels for name, labels in came.items() if labels != LABELS[name]} == {}


@pytest.mark.parametrize("service", MATRIX)
async def test_every_log_line_of_the_table_is_written(story: Story, service: str) -> None:
    """And nothing grave besides, of our own."""
    said: dict[str, list[str]] = defaultdict(list)
    for line in (line for line in story.logs[service] if line["logger"].startswith("onrecord.")):
        assert line.keys() >= {"time", "level", "service", "logger", "message"}
        assert line["service"] == service
        said[line["level"]].append(line["message"])
    table = MATRIX[service].logs
    missing = [(level, pattern) for level, pattern in table if not any(signals.matching(pattern, text) for text in said[level])]
    assert missing == []
    grave = [text for level in ("ERROR", "CRITICAL") for text in said[level]]
    assert [text for text in grave if not any(signals.matching(pattern, text) for _, pattern in table)] == []
