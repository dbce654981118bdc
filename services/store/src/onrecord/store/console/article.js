// One article, with what was said in it marked in place.

import { askJson, byId, count, element, foreign, inside, link, moment, say, WHEN, whenTokenGiven } from "/page.js";
import { factsOf } from "/facts.js";
import { paragraphs, spansOf } from "/spans.js";
import { chips, kindOf, nameOf, speakerId, speakerOf } from "/speaker.js";

const COLORS = 10; // as many as style.css tells apart; the number beside a speaker tells the rest
const id = new URLSearchParams(location.search).get("id") || "";
const NARROW = matchMedia("(max-width: 59.99rem)"); // as in style.css: there the legend would push the text off the screen
let statements = [];

// A speaker's color comes from the name, so that it is the same in every article; where two would share one, the later moves on.
function colorOf(speaker, taken) {
  let hash = 0;
  for (const point of speaker) hash = (hash * 31 + point.codePointAt(0)) % 1_000_003;
  let color = hash % COLORS;
  if (taken.size < COLORS) while (taken.has(color)) color = (color + 1) % COLORS;
  taken.add(color);
  return color;
}

function speakersOf(found) {
  const taken = new Set();
  const speakers = new Map();
  for (const statement of found) {
    const key = speakerId(statement);
    if (!speakers.has(key)) speakers.set(key, { number: speakers.size + 1, color: colorOf(key, taken), statements: [] });
    speakers.get(key).statements.push(statement);
  }
  return speakers;
}

// The innermost statement gives a piece its color; what lies around it is told by a line below.
function marked(piece, speakers, begun) {
  const said = piece.spans.filter((span) => span.role === "said").sort((one, other) => one.end - one.start - (other.end - other.start));
  const roles = new Set(piece.spans.map((span) => span.role));
  const inner = said[0];
  const words = element(inner ? "mark" : "span", "", piece.text);
  if (roles.has("mention")) words.classList.add("mention");
  if (roles.has("cue")) words.classList.add("cue");
  if (!inner) return words;
  const speaker = speakers.get(speakerId(inner.statement));
  words.classList.add("said", `color-${speaker.color}`);
  if (said.length > 1) words.classList.add("nested");
  words.dataset.statements = said.map((span) => span.statement.statement_id).join(" ");
  words.title = `${speakerOf(inner.statement).title}: ${kindOf(inner.statement)}`;
  if (!begun.has(inner.statement.statement_id)) {
    begun.add(inner.statement.statement_id);
    words.id = inner.statement.statement_id;
    words.dataset.label = speaker.number;
    words.tabIndex = 0;
    words.setAttribute("role", "button");
  }
  return words;
}

function filled(place, pieces, speakers, begun) {
  place.dir = "auto";
  place.append(...pieces.map((piece) => (piece.spans.length ? marked(piece, speakers, begun) : piece.text)));
  return place;
}

function legendOf(speakers) {
  return [...speakers.values()].map((speaker) => {
    const [first] = speaker.statements;
    const swatch = element("span", `swatch color-${speaker.color}`, String(speaker.number));
    const name = element("button", "plain", nameOf(first));
    name.type = "button";
    name.addEventListener("click", () => open(first.statement_id));
    return element("li", "", swatch, element("span", "", name, element("span", "quiet many", count(speaker.statements.length, "statement", "statements"))));
  });
}

function show(article) {
  statements = article.statements.map((entry) => entry.statement);
  const speakers = speakersOf(statements);
  const begun = new Set();
  const title = spansOf(statements, "title", article.title);
  const text = spansOf(statements, "text", article.text);
  document.title = `${article.title} · onrecord`;
  byId("title").replaceChildren();
  for (const line of paragraphs(article.title, title.spans)) filled(byId("title"), line, speakers, begun);
  byId("source").replaceChildren(
    link(article.canonical_url || article.url, article.publisher.name), " · ", moment(article.at, WHEN), " · ", foreign(article.language),
    " · ", `version ${article.version}`, " · ", inside("/operations.html", { item: article.item_id }, "its path"),
  );
  byId("text").replaceChildren(...paragraphs(article.text, text.spans).map((line) => filled(element("p"), line, speakers, begun)));
  byId("legend").replaceChildren(...legendOf(speakers));
  byId("voices").textContent = speakers.size ? `${speakers.size}` : "";
  byId("speakers").open = !NARROW.matches || statements.length === 0;
  byId("none").hidden = statements.length > 0;
  const lost = title.lost + text.lost;
  say("lost", lost ? `${count(lost, "statement does", "statements do")} not match this text and can not be shown in it.` : "");
  byId("article").hidden = false;
}

function open(statementId) {
  const marks = [...document.querySelectorAll("mark[data-statements]")];
  const mine = marks.filter((mark) => mark.dataset.statements.split(" ").includes(statementId));
  marks.forEach((mark) => mark.classList.toggle("open", mine.includes(mark)));
  const around = new Set(mine.flatMap((mark) => mark.dataset.statements.split(" ")));
  const chosen = statements.filter((statement) => statement.statement_id === statementId);
  if (!chosen.length) return;
  const others = statements.filter((statement) => around.has(statement.statement_id) && statement.statement_id !== statementId);
  byId("known").replaceChildren(...chosen.flatMap(factsOf), ...others.map(alsoHere));
  byId("facts").hidden = false;
  if (mine.length) mine[0].scrollIntoView({ block: "nearest" });
}

function alsoHere(statement) {
  const other = element("button", "plain", nameOf(statement));
  other.type = "button";
  other.addEventListener("click", () => open(statement.statement_id));
  return element("p", "also", "Overlaps with ", other, " ", chips(statement));
}

function close() {
  byId("facts").hidden = true;
  document.querySelectorAll("mark.open").forEach((mark) => mark.classList.remove("open"));
}

function chosenBy(event) {
  const mark = event.target.closest("mark[data-statements]");
  if (mark) open(mark.dataset.statements.split(" ")[0]);
  return mark;
}

async function load() {
  try {
    show(await askJson(`/v1/articles/${encodeURIComponent(id)}`));
    say("problem", "");
    const place = decodeURIComponent(location.hash.slice(1));
    if (place) open(place);
  } catch (error) {
    say("problem", error.status === 401 ? error.message : "There is no such article here: it may have been taken down.");
  }
}

byId("article").addEventListener("click", chosenBy);
byId("article").addEventListener("keydown", (event) => {
  if ((event.key === "Enter" || event.key === " ") && chosenBy(event)) event.preventDefault();
});
document.addEventListener("keydown", (event) => event.key === "Escape" && close());
byId("close").addEventListener("click", close);
whenTokenGiven(load);
load();
