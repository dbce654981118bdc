"""Dead letters: the original bytes and headers, and why no retry mends them."""

from collections import Counter, deque
from datetime import datetime

from onrecord.contracts import Outgoing, header_map
from onrecord.contracts.ids import micros
from onrecord.contracts.topics import dead_letter_topic
from onrecord.runtime.retry import Original, attempt_of, base_topic

WINDOW = 200  # records the breaker looks back on
SHARE = 0.5  # of the window that must have failed for one reason
MIN_KEYS = 5  # hosts or articles it must be spread over: one broken source is not an outage
DETAIL_CHARS = 500
SMALL_HEADER_BYTES = 1024  # ids, times and trace fit; a page's item and a flood do not
SMALL_HEADERS = 64  # the facts, which are last, and every header of ours


def dead_letter(record: Original, *, service: str, reason: str, detail: str, error_type: str, now: datetime) -> Outgoing:
    headers = header_map(record.headers)
    facts = {
        "dlq_topic": record.topic,
        "dlq_partition": str(record.partition),
        "dlq_offset": str(record.offset),
        "dlq_error_type": error_type,
        "dlq_reason": reason,
        "dlq_detail": detail[:DETAIL_CHARS],
        "dlq_attempts": str(attempt_of(headers)),
        "dlq_first_at": headers.get("dlq_first_at", micros(now)),
        "dlq_service": service,
    }
    kept = [(name, value) for name, value in record.headers if name not in facts]
    topic = dead_letter_topic(base_topic(record.topic, service), service)
    added = ((name, value.encode(errors="replace")) for name, value in facts.items())
    return Outgoing(topic, record.key or b"", record.value, (*kept, *added))


def facts_alone(letter: Outgoing) -> Outgoing:
    """What can be sent of a letter that is itself too large: the original stays where `dlq_topic` and `dlq_offset` say."""
    kept = [(name, value) for name, value in letter.headers if len(value or b"") <= SMALL_HEADER_BYTES][-SMALL_HEADERS:]
    omitted = sum(len(value or b"") for _, value in letter.headers) - sum(len(value or b"") for _, value in kept)
    omitted += len(letter.value or b"")
    return Outgoing(letter.topic, letter.key[:SMALL_HEADER_BYTES], b"", (*kept, ("dlq_omitted_bytes", str(omitted).encode())))


class Breaker:
    """Trips when most of the last records became dead letters for one reason over several keys: stop instead of draining."""

    def __init__(self) -> None:
        self._recent: deque[tuple[str, bytes] | None] = deque(maxlen=WINDOW)
        self.tripped: str | None = None

    def saw(self, failure: tuple[str, bytes] | None) -> None:
        """`failure` is (reason, record key) of a dead letter, None for any other verdict."""
        self._recent.append(failure)
        if failure is None or len(self._recent) < WINDOW:
            return
        reason, count = Counter(found[0] for found in self._recent if found).most_common(1)[0]
        keys = {found[1] for found in self._recent if found and found[0] == reason}
        if count > SHARE * WINDOW and len(keys) >= MIN_KEYS:
            self.tripped = reason
