"""Statements of one sentence that have a frame of their own: a cue and, mostly, a source."""

from onrecord.statements.according import Attribution, attributions
from onrecord.statements.clauses import has_finite_verb
from onrecord.statements.contents import Found, enclosed, left_content, right_content, right_limit, trails
from onrecord.statements.drafts import Draft, chars, content_of
from onrecord.statements.extracted import Cue, Span
from onrecord.statements.frames import Frame, find_frames
from onrecord.statements.sentences import Sentence
from onrecord.statements.words import ADJUNCT_STARTS


def framed(sentence: Sentence, number: int, *, thoughts: bool) -> list[Draft]:
    """In reading order of their contents; `number` is the paragraph's."""
    units = sentence.units
    outer = attributions(units)
    frames = [frame for frame in find_frames(units, thoughts=thoughts) if not _inside_source(frame, outer)]
    drafts: list[Draft] = []
    floor = 0
    for index in range(len(frames)):
        draft, floor = _from_frame(sentence, frames, index, floor, outer, number)
        if draft is not None:
            drafts.append(draft)
    return drafts + _from_attributions(sentence, outer, drafts, number)


def _inside_source(frame: Frame, outer: list[Attribution]) -> bool:
    return any(one.source[0] <= frame.at < one.source[1] for one in outer)


def _from_frame(
    sentence: Sentence, frames: list[Frame], index: int, floor: int, outer: list[Attribution], number: int
) -> tuple[Draft | None, int]:
    """The frame's draft and the unit from which later frames may look back."""
    units, frame = sentence.units, frames[index]
    limit = right_limit(units, frames, index)
    for one in outer:
        if one.at >= frame.right:
            limit = min(limit, one.at - 1 if units[one.at - 1].text == "," else one.at)
    aside = _as_opening(sentence, frame) if floor == 0 else None
    if aside is not None:
        return _draft(sentence, frame, [aside], "clause-cue", number), floor
    left = left_content(units, frame, floor) if not frame.shared and "q" in frame.verb.patterns else None
    right = right_content(units, frame, limit)
    if left is not None and not _left_wins(sentence, frame, left, right):
        left = None
    ranges, rule = _choose(sentence, frame, left, right, limit)
    if not ranges:
        return None, max(floor, frame.right) if frame.shared else floor
    draft = _draft(sentence, frame, ranges, rule, number)
    draft.addressee = chars(sentence, right.addressee) if right else None
    return draft, max(last for _, last in ranges)


def _as_opening(sentence: Sentence, frame: Frame) -> tuple[int, int] | None:
    """ "As experts have pointed out, S": what follows the comma is conveyed."""
    units = sentence.units
    start = frame.subject[0] if frame.subject else 0
    after = frame.right + 1
    if not 0 < start <= 2 or units[start - 1].lower != "as" or frame.right >= len(units) or units[frame.right].text != ",":
        return None
    return (after, len(units)) if has_finite_verb(units, after, len(units)) else None


def _left_wins(sentence: Sentence, frame: Frame, left: tuple[int, int], right: Found | None) -> bool:
    """What stands before the frame is conveyed by it: a quotation, or a clause when nothing is conveyed after it."""
    first = sentence.units[left[0]]
    if right is not None and first.quote < 0 and first.lower in ADJUNCT_STARTS:
        return False
    if sentence.units[left[1] - 1].quote >= 0:
        return right is None or right.rule in {"cue-quote", "clause"} or left[1] - left[0] == 1
    if enclosed(sentence.units, frame):
        return True
    return right is None and has_finite_verb(sentence.units, *left) and (frame.inverted or trails(sentence.units, frame))


def _choose(
    sentence: Sentence, frame: Frame, left: tuple[int, int] | None, right: Found | None, limit: int
) -> tuple[list[tuple[int, int]], str]:
    if left is None:
        return (list(right.parts), right.rule) if right else ([], "")
    quoted = sentence.units[left[1] - 1].quote >= 0
    rule = "quote-cue" if quoted else "clause-cue"
    rest = _split_rest(sentence, frame, limit)
    if rest is not None:
        return [left, rest], "split-quote" if quoted else "split-clause"
    return [left], rule


def _split_rest(sentence: Sentence, frame: Frame, limit: int) -> tuple[int, int] | None:
    """“…,” she said, “…”: the second half of a quotation that the frame splits."""
    units, at = sentence.units, frame.right
    if units[frame.left - 1].quote < 0 and enclosed(units, frame):
        comma = next(k for k in range(at, len(units)) if units[k].text == ",")
        return (comma + 1, limit) if comma + 1 < limit else None
    while at < limit and units[at].quote < 0:
        at += 1
    if at >= limit or at == frame.right or units[at - 1].text not in {",", ":", "—", "–", "--"}:
        return None
    return at, limit if units[limit - 1].quote >= 0 else at + 1


def _draft(sentence: Sentence, frame: Frame, ranges: list[tuple[int, int]], rule: str, number: int) -> Draft:
    content, quoted, mixed = content_of(sentence, ranges)
    return Draft(content, quoted, rule, number, cue=_cue(sentence, frame), source=chars(sentence, frame.subject), mixed=mixed)


def _cue(sentence: Sentence, frame: Frame) -> Cue:
    units = sentence.units
    span = Span(units[frame.at].start, units[frame.after - 1].end)
    return Cue(span, frame.verb.name, frame.verb.cue_class, "negated" if frame.negated else "affirmed")


def _from_attributions(sentence: Sentence, outer: list[Attribution], drafts: list[Draft], number: int) -> list[Draft]:
    """Double attribution gives two statements; the one with the frame is told where it was reported (`via`)."""
    found = []
    for one in outer:
        source = chars(sentence, one.source)
        content, quoted, mixed = content_of(sentence, list(one.parts))
        cue = Cue(Span(sentence.units[one.at].start, sentence.units[one.after - 1].end), "according to", "say", "affirmed")
        for draft in drafts:
            if draft.via is None and draft.source is not None and content[0][0] <= draft.content[0][0]:
                draft.via = source
        if any(draft.content[0][0] <= content[0][0] and draft.source is not None for draft in drafts):
            continue
        found.append(Draft(content, quoted, "according-to", number, cue=cue, source=source, mixed=mixed))
    return found


def led_in(before: Sentence, sentence: Sentence, number: int) -> Draft | None:
    """ "She said:" at the end of a paragraph, the quotation at the start of the next."""
    units = sentence.units
    if before.units[-1].text != ":" or units[0].quote < 0:
        return None
    frames = [frame for frame in find_frames(before.units, thoughts=False) if "q" in frame.verb.patterns]
    if not frames:
        return None
    last = next((k for k, unit in enumerate(units) if unit.quote < 0), len(units))
    frame = frames[-1]
    content, quoted, mixed = content_of(sentence, [(0, last)])
    return Draft(content, quoted, "cue-quote", number, cue=_cue(before, frame), source=chars(before, frame.subject), mixed=mixed)
