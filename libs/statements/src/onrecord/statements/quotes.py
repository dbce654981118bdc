"""Finds quotations in one paragraph with a single left-to-right scan and a stack that never holds more than two marks."""

from dataclasses import dataclass

_PAIRS = {"“": "”", "„": "“”", "«": "»", "‟": "”", "「": "」", "『": "』", "‘": "’", "‚": "‘’", "‹": "›"}
_DOUBLE = frozenset("“„«‟「『")
_CLOSERS = frozenset("”»」』")
_SINGLE = frozenset("'‘‚‹")
_DOUBLED = "''"  # the mark of a quotation typed with two single marks; no single character closes it
_STRAIGHT_DOUBLE, _STRAIGHT_SINGLE = '"', "'"
_MAX_DEPTH = 2  # a quotation inside a quotation is real, deeper ones are broken typing
_BEFORE_OPENING = frozenset("([{-–—:/,;.“‘\"'…")
_AFTER_CLOSING = frozenset(")]},.;:!?-–—/…”’\"'")


@dataclass(frozen=True, slots=True)
class Quote:
    """`[start, end)` takes the marks in; `closed` is False when the paragraph ended first."""

    start: int
    end: int
    closed: bool
    single: bool
    width: int = 1

    @property
    def inner(self) -> tuple[int, int]:
        return self.start + self.width, self.end - self.width if self.closed else self.end


@dataclass(slots=True)
class _Open:
    at: int
    mark: str


def scan(text: str, start: int, end: int) -> list[Quote]:
    """Outermost quotations of `text[start:end]`, in order, never overlapping."""
    found: list[Quote] = []
    stack: list[_Open] = []
    at = start
    while at < end:
        char = text[at]
        if char in "'`" and text[at : at + 2] in ("''", "``") and at + 2 <= end:
            _doubled(text, at, end, stack, found)
            at += 2
            continue
        if char in _PAIRS or char in _CLOSERS or char in "\"'’":
            _step(text, at, start, end, stack, found)
        at += 1
    if stack and (
        stack[0].mark in _DOUBLE or stack[0].mark == _DOUBLED or stack[0].mark == _STRAIGHT_DOUBLE or stack[0].at == start
    ):
        found.append(Quote(stack[0].at, end, closed=False, single=stack[0].mark in _SINGLE, width=len(stack[0].mark)))
    return found


def _step(text: str, at: int, start: int, end: int, stack: list[_Open], found: list[Quote]) -> None:
    char = text[at]
    if stack and _closes(text, at, end, stack[-1].mark):
        top = stack.pop()
        if not stack:
            found.append(Quote(top.at, at + 1, closed=True, single=top.mark in _SINGLE))
        return
    if len(stack) == 2 and _closes(text, at, end, stack[0].mark) and char not in "'’":
        outer = stack[0]
        stack.clear()
        found.append(Quote(outer.at, at + 1, closed=True, single=False))
        return
    if char == "“" and stack and stack[0].mark == "“" and _mistyped_closing(text, at, end):
        found.append(Quote(stack[0].at, at + 1, closed=True, single=False))
        stack.clear()
        return
    if not _opens(text, at, start, end):
        return
    if not stack:
        stack.append(_Open(at, char))
    elif stack[0].mark in _SINGLE and char in '“"«„':
        stack[0] = _Open(at, char)
    elif len(stack) < _MAX_DEPTH and (char != stack[0].mark or (char == "“" and _worth_nesting(text, at, end))):
        stack.append(_Open(at, char))


def _doubled(text: str, at: int, end: int, stack: list[_Open], found: list[Quote]) -> None:
    """Two single marks typed for one double mark."""
    if stack and stack[0].mark == _DOUBLED:
        found.append(Quote(stack[0].at, at + 2, closed=True, single=False, width=2))
        stack.clear()
    elif not stack and at + 2 < end and not text[at + 2].isspace():
        stack.append(_Open(at, _DOUBLED))


def _mistyped_closing(text: str, at: int, end: int) -> bool:
    """An opening mark where only a closing one makes sense: “It is unusual,“ said Doe."""
    return text[at - 1] in ",.!?…" and (at + 1 >= end or text[at + 1].isspace())


_NESTED_LOOKAHEAD_CHARS = 120  # an inner title or term quoted with the outer mark is short


def _worth_nesting(text: str, at: int, end: int) -> bool:
    """Two closing marks before the next opening one: the inner quotation has its own end."""
    stop = min(end, at + _NESTED_LOOKAHEAD_CHARS)
    first = text.find("”", at + 1, stop)
    if first < 0:
        return False
    second = text.find("”", first + 1, min(end, first + 8 * _NESTED_LOOKAHEAD_CHARS))
    reopened = text.find("“", at + 1, min(end, first + 8 * _NESTED_LOOKAHEAD_CHARS))
    return second >= 0 and (reopened < 0 or second < reopened)


def _opens(text: str, at: int, start: int, end: int) -> bool:
    char = text[at]
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    if char in _DOUBLE:
        return True
    if char in "‘‚‹" or char in (_STRAIGHT_DOUBLE, _STRAIGHT_SINGLE):
        return not after.isspace() and (before.isspace() or before in _BEFORE_OPENING)
    return False


def _closes(text: str, at: int, end: int, mark: str) -> bool:
    char = text[at]
    after = text[at + 1] if at + 1 < end else " "
    before = text[at - 1]
    if mark == _DOUBLED:
        return False
    if mark in _DOUBLE:
        return char in _PAIRS[mark] or (char == '"' and not before.isspace())
    if mark == _STRAIGHT_DOUBLE:
        return char in '"”' and not (before.isspace() and not after.isspace())
    if mark in "‘‚":
        return char == "’" and _ends_single(before, after)
    if mark == "'":
        return char == "'" and _ends_single(before, after)
    return char in _PAIRS[mark]


def _ends_single(before: str, after: str) -> bool:
    """An apostrophe stands inside a word or after a plural s; a closing mark before a gap or another mark."""
    return not before.isspace() and (after.isspace() or after in _AFTER_CLOSING)
