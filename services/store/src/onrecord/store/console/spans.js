// Spans of an article's text: offsets in events are Unicode code points, JavaScript counts UTF-16 units.

// UTF-16 offset of each code point, and of the end.
export function unitOffsets(text) {
  const offsets = [];
  let unit = 0;
  for (const point of text) {
    offsets.push(unit);
    unit += point.length;
  }
  offsets.push(unit);
  return offsets;
}

// The part of `text` that a selector names, in UTF-16 units; null where the characters there are not the selector's own.
export function placed(text, offsets, selector) {
  const start = offsets[selector.start];
  const end = offsets[selector.end];
  if (start === undefined || end === undefined || text.slice(start, end) !== selector.exact) return null;
  return { start, end };
}

// Every span of the statements that lies in `field`. `lost` counts statements with a part that is not there.
export function spansOf(statements, field, text) {
  const offsets = unitOffsets(text);
  const spans = [];
  let lost = 0;
  for (const statement of statements) {
    let whole = true;
    const add = (role, selector) => {
      if (!selector || (selector.field || "text") !== field) return;
      const place = placed(text, offsets, selector);
      if (place) spans.push({ ...place, role, statement });
      else if (role === "said") whole = false;
    };
    statement.content.forEach((part) => add("said", part));
    add("cue", statement.cue && statement.cue.selector);
    add("mention", statement.speaker.mention);
    if (!whole) lost += 1;
  }
  return { spans, lost };
}

// Cuts `text` wherever a span or a paragraph begins or ends: [[{text, start, spans}]], one list per paragraph. Joined with the
// line breaks between, the texts are the article's own.
export function paragraphs(text, spans) {
  const ordered = [...spans].sort((one, other) => one.start - other.start);
  const found = [];
  let at = 0;
  for (const line of text.split("\n")) {
    const end = at + line.length;
    if (line.trim()) found.push(pieces(text, at, end, overlapping(ordered, at, end)));
    at = end + 1;
  }
  return found;
}

function overlapping(ordered, start, end) {
  return ordered.filter((span) => span.start < end && span.end > start);
}

function pieces(text, start, end, spans) {
  const cuts = new Set([start, end]);
  for (const span of spans) {
    if (span.start > start) cuts.add(span.start);
    if (span.end < end) cuts.add(span.end);
  }
  const places = [...cuts].sort((one, other) => one - other);
  return places.slice(1).map((to, number) => {
    const from = places[number];
    return { text: text.slice(from, to), start: from, spans: spans.filter((span) => span.start <= from && span.end >= to) };
  });
}
