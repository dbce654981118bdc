"""Spans that prove themselves: W3C Web Annotation quote and position selectors in one.

Offsets are Unicode code points, end exclusive, over `article.text` (NFC) or the title.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, Field, model_validator

from onrecord.contracts.errors import SelectorLawBroken
from onrecord.contracts.event import Data

CONTEXT_CHARS = 32  # long enough to find a quotation again in an edited text; W3C sets no length


class TextField(StrEnum):
    TEXT = "text"
    TITLE = "title"


class Selector(Data):
    exact: str = Field(min_length=1, description="the characters themselves")
    prefix: str = Field(max_length=CONTEXT_CHARS, description="up to 32 code points before")
    suffix: str = Field(max_length=CONTEXT_CHARS, description="up to 32 code points after")
    start: int = Field(ge=0, description="in Unicode code points")
    end: int = Field(description="in Unicode code points, exclusive")
    field: TextField = Field(default=TextField.TEXT, description="which text of the article the offsets count in")

    @model_validator(mode="after")
    def _length(self) -> Self:
        if self.end - self.start != len(self.exact):
            raise ValueError(f"selector {self.start}-{self.end} does not have the length of {self.exact!r}")
        return self

    @classmethod
    def of(cls, source: str, start: int, end: int, field: TextField = TextField.TEXT) -> Self:
        """The selector of `source[start:end]`; `cls` decides which kind of selector."""
        return cls(**cls.parts(source, start, end, field))

    @staticmethod
    def parts(source: str, start: int, end: int, field: TextField = TextField.TEXT) -> dict[str, str | int | TextField]:
        return {
            "exact": source[start:end],
            "prefix": source[max(0, start - CONTEXT_CHARS) : start],
            "suffix": source[end : end + CONTEXT_CHARS],
            "start": start,
            "end": end,
            "field": field,
        }


def selectors_in(node: object) -> Iterator[Selector]:
    """Every selector anywhere inside an event."""
    if isinstance(node, Selector):
        yield node
    elif isinstance(node, BaseModel):
        for name in type(node).model_fields:
            yield from selectors_in(getattr(node, name))
    elif isinstance(node, tuple | list):
        for part in node:
            yield from selectors_in(part)


def check_selectors(event: BaseModel, *, text: str, title: str) -> None:
    """Raises SelectorLawBroken unless `field[start:end] == exact` for every selector of `event`."""
    for selector in selectors_in(event):
        source = title if selector.field is TextField.TITLE else text
        if source[selector.start : selector.end] != selector.exact:
            raise SelectorLawBroken(f"{selector.field}[{selector.start}:{selector.end}] is not {selector.exact!r}")
