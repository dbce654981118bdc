"""The door to the statement engine: one class, whatever finds the statements."""

from datetime import datetime
from importlib.metadata import entry_points
from typing import Literal, Protocol, cast

from onrecord.statements.errors import ModelNotInstalled
from onrecord.statements.extracted import Extracted
from onrecord.statements.rules import RULE_LANGUAGES, extract_by_rules

SUPPORTED_LANGUAGES = RULE_LANGUAGES
WEIGHTS_GROUP = "onrecord.statements.weights"  # the entry point group in which a weights member offers its Extractor


class Extractor(Protocol):
    """What finds statements in one text; a weights member's entry point is a callable that gives one."""

    def __call__(
        self,
        text: str,
        *,
        language: str,
        title: str | None,
        published_at: datetime | None,
        include_thoughts: bool,
    ) -> list[Extracted]: ...


class Engine:
    """Text in, statements out; deterministic, no I/O, no state between calls."""

    def __init__(self, kind: Literal["rules", "model"] = "rules") -> None:
        self.kind = kind
        self._extract: Extractor = _installed_model() if kind == "model" else extract_by_rules

    def extract(
        self,
        text: str,
        *,
        language: str,
        title: str | None = None,
        published_at: datetime | None = None,
        include_thoughts: bool = False,
    ) -> list[Extracted]:
        """Statements in reading order, those of the headline first; [] for a language not in SUPPORTED_LANGUAGES.

        `language` is a BCP 47 tag. Speech alone unless `include_thoughts` asks for what people are said to believe or hope.
        """
        primary = language.replace("_", "-").partition("-")[0].casefold()
        if primary not in SUPPORTED_LANGUAGES:
            return []
        return self._extract(text, language=primary, title=title, published_at=published_at, include_thoughts=include_thoughts)


def _installed_model() -> Extractor:
    for offered in entry_points(group=WEIGHTS_GROUP):
        return cast(Extractor, offered.load()())
    raise ModelNotInstalled(f"no installed package offers an entry point in {WEIGHTS_GROUP!r}; use Engine(kind='rules')")
