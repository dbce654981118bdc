"""Why a page gives no article. Each class is one end of the ledger; `reason` tells it closer.

PageError
├── NotHtml      the body is not an HTML document
├── NotArticle   a home or listing page, where sure
└── NoText       no article text could be found
"""

from typing import ClassVar

from onrecord.contracts import OutcomeKind


class PageError(ValueError):
    """An ordinary end of a page, not a fault: `outcome` and `reason` go to the ledger as they are."""

    outcome: ClassVar[OutcomeKind]

    def __init__(self, reason: str | None = None) -> None:
        self.reason = reason or self.outcome.value
        super().__init__(self.reason)

    def __reduce__(self) -> tuple[type["PageError"], tuple[str]]:
        return type(self), (self.reason,)


class NotHtml(PageError):
    outcome = OutcomeKind.not_html


class NotArticle(PageError):
    outcome = OutcomeKind.not_article


class NoText(PageError):
    outcome = OutcomeKind.no_text
