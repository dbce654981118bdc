"""Random events of every class, built from the models' own annotations."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from types import UnionType
from typing import Any, get_args, get_origin
from uuid import UUID

from hypothesis import strategies as st
from pydantic import AwareDatetime
from pydantic.fields import FieldInfo

from onrecord.contracts import ContentPart, Event, Kind, Page, Revision, Selector, TextField
from onrecord.contracts.event import Data

# Emoji with a joiner and a skin tone, combining marks, astral letters, quotation marks, right-to-left letters.
HARD = ["🚢", "👩🏽‍🚀", "e\u0301", "𝒜", "𐍈", "“", "”", "ا", "\n", "\u2028", '"', "\\", "é", "ß", "ﬁ"]
texts = st.lists(
    st.one_of(st.sampled_from(HARD), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))), max_size=6
).map("".join)
zones = st.one_of(st.just(UTC), st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes))))
moments = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1), timezones=zones)
revisions = st.builds(Revision, fetched_at=moments, engine_release=st.integers(0, 10_000))


@st.composite
def sources_and_spans(draw: st.DrawFn) -> tuple[str, int, int]:
    source = draw(texts.filter(bool))
    start = draw(st.integers(0, len(source) - 1))
    return source, start, draw(st.integers(start + 1, len(source)))


@st.composite
def selectors(draw: st.DrawFn, cls: type[Selector] = Selector) -> Selector:
    source, start, end = draw(sources_and_spans())
    extra = {"part": draw(st.sampled_from(Kind))} if cls is ContentPart else {}
    return cls.model_validate({**Selector.parts(source, start, end, draw(st.sampled_from(TextField))), **extra})


def models(cls: type[Data]) -> st.SearchStrategy[Any]:
    """Instances of `cls`; every optional field is there or not."""
    if issubclass(cls, Selector):
        return selectors(cls)
    if cls is Revision:
        return revisions
    required = {name: _field(field) for name, field in cls.model_fields.items() if field.is_required()}
    optional = {
        name: _field(field) for name, field in cls.model_fields.items() if not field.is_required() and name != "schema_version"
    }
    return st.fixed_dictionaries(required, optional=optional).map(lambda fields: cls.model_validate(fields))


def events(cls: type[Event]) -> st.SearchStrategy[Any]:
    return models(cls)


def _field(field: FieldInfo) -> st.SearchStrategy[Any]:
    limits = {
        word: value
        for limit in field.metadata
        for word in ("ge", "le", "min_length")
        if (value := getattr(limit, word, None)) is not None
    }
    return _values(field.annotation, limits)


def _values(annotation: Any, limits: dict[str, Any]) -> st.SearchStrategy[Any]:
    if get_origin(annotation) is UnionType:
        return _values(next(part for part in get_args(annotation) if part is not type(None)), limits)
    if get_origin(annotation) is tuple:
        return st.lists(_values(get_args(annotation)[0], {}), min_size=limits.get("min_length", 0), max_size=3).map(tuple)
    if get_origin(annotation) is not None:  # Annotated
        return _values(get_args(annotation)[0], limits)
    if issubclass(annotation, Enum):
        return st.sampled_from(annotation)
    if issubclass(annotation, Data):
        return models(annotation)
    return PLAIN[annotation](limits)


PLAIN: dict[type, Callable[[dict[str, Any]], st.SearchStrategy[Any]]] = {
    UUID: lambda limits: st.uuids(),
    AwareDatetime: lambda limits: moments,
    bool: lambda limits: st.booleans(),
    int: lambda limits: st.integers(limits.get("ge", -(2**53)), 2**53),
    float: lambda limits: st.floats(limits.get("ge"), limits.get("le"), allow_nan=False),
    str: lambda limits: texts.filter(bool) if limits.get("min_length") else texts,
    bytes: lambda limits: st.binary(max_size=64),
}
assert Page.model_fields["body"].annotation in PLAIN
