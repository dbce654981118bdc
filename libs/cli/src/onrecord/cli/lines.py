"""A statement event as one line for a person."""

from datetime import UTC, datetime

from onrecord.cli.terminal import plain
from onrecord.contracts import Event, Flag, Kind, Speaker, Statement, StatementCorrected, StatementRetracted

UNNAMED = "(unnamed)"
MAX_WORDS_CHARS = 110


def event_line(event: Event) -> str:
    if isinstance(event, Statement):
        return plain(f"{_clock(event.occurred_at)}  {_statement(event)}")
    if isinstance(event, StatementRetracted):
        instead = f", replaced by {event.replaced_by}" if event.replaced_by else ""
        return plain(f"{_clock(event.occurred_at)}  RETRACTED {event.statement_id} ({event.reason}{instead})")
    return plain(f"{_clock(event.occurred_at)}  {event.ce_type} {event.subject}")


def statement_line(event: Statement) -> str:
    """Without the time, the words cut to what fits on a line."""
    short = event.text if len(event.text) <= MAX_WORDS_CHARS else event.text[: MAX_WORDS_CHARS - 1] + "…"
    return plain(_statement(event.model_copy(update={"text": short})))


def who(speaker: Speaker) -> str:
    return speaker.name or (f"{speaker.role} {UNNAMED}" if speaker.role else UNNAMED)


def words(text: str, kind: Kind) -> str:
    return f"“{text}”" if kind is Kind.direct else text


def _statement(event: Statement) -> str:
    mark = "CORRECTED " if isinstance(event, StatementCorrected) else ""
    cue = f" {event.cue.selector.exact}" if event.cue else ""
    headline = "  (headline)" if event.flags and Flag.in_headline in event.flags else ""
    return f"{mark}{who(event.speaker)}{cue}: {words(event.text, event.kind)}  [{event.article.publisher.name}]{headline}"


def _clock(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
