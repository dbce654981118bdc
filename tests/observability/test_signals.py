"""The signal table against the catalogue: whatever can be seen is either asked for or says why it is not."""

from observability.signals import ATTRIBUTES, DEVIATIONS, MATRIX, NOT_DRIVEN, NOT_MADE, ROOT, SOMETIMES
from onrecord.cli.stack import SERVICES
from onrecord.runtime.catalogue import METRICS, Attribute, Span

NAMES = {(service, edge.name) for service, row in MATRIX.items() for edge in row.spans}


def test_the_table_has_a_row_for_every_service() -> None:
    assert set(MATRIX) == set(SERVICES)


def test_every_span_kind_is_made_or_says_why_not() -> None:
    made = {span.value for span in Span if any(name == span or name.startswith(f"{span} ") for _, name in NAMES)}
    assert made.isdisjoint(NOT_MADE)
    assert made | (NOT_MADE.keys() & set(Span)) == set(Span)
    assert ATTRIBUTES.keys() == {span for span in Span if span.value in made}


def test_every_attribute_is_asked_for_or_says_why_not() -> None:
    asked = {attribute.value for table in (ATTRIBUTES, SOMETIMES) for row in table.values() for attribute in row}
    assert asked.isdisjoint(NOT_MADE)
    assert asked | (NOT_MADE.keys() & set(Attribute)) == set(Attribute)


def test_every_metric_is_some_services_or_says_why_not() -> None:
    asked = {metric.name for row in MATRIX.values() for metric in row.metrics}
    assert asked.isdisjoint(NOT_DRIVEN)
    assert asked | NOT_DRIVEN.keys() == {metric.name for metric in METRICS}


def test_every_parent_is_a_span_of_the_table() -> None:
    parents = {parent for row in MATRIX.values() for edge in row.spans for parent in (*edge.parents, *edge.also)}
    assert parents <= NAMES | {ROOT}
    assert DEVIATIONS.keys() <= NAMES
    assert {parent for row in DEVIATIONS.values() for parent in row} <= NAMES


def test_a_span_has_one_row_and_says_where_it_hangs() -> None:
    for row in MATRIX.values():
        names = [edge.name for edge in row.spans]
        assert len(names) == len(set(names))
        assert all(edge.parents or edge.also for edge in row.spans)
