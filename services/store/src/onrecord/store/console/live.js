// The live list: what was said, newest first, as it is stored.

import { askJson, byId, element, inside, link, moment, say, WHEN, whenTokenGiven } from "/page.js";
import { chips, nameOf, quoted } from "/speaker.js";
import { follow } from "/stream.js";

const SHOWN_MAX = 500; // rows kept in the page, so that a day on screen does not fill the browser's memory
const FILTERS = ["q", "speaker", "speaker_key"];
const list = byId("statements");
let filters = filtersOf(new URLSearchParams(location.search));
let next = null;
let turn = 0;
let opened = false;
let held = null; // events that came while a page of the list was asked for

function filtersOf(values) {
  const given = FILTERS.map((name) => [name, (values.get(name) || "").trim()]);
  return new URLSearchParams(given.filter(([, value]) => value));
}

function row(entry) {
  const said = entry.statement;
  const item = element("li");
  item.dataset.statement = said.statement_id;
  const head = element("p", "speaker", speakerLink(said), " ", chips(said));
  const words = element("blockquote", "", quoted(said));
  words.dir = "auto";
  const source = element(
    "p", "source", link(said.article.url, said.article.publisher.name), " · ", moment(entry.at, WHEN), " · ",
    inside("/article.html", { id: said.article.article_id }, said.article.title || said.article.url, said.statement_id),
  );
  item.append(head, words, source);
  return item;
}

function speakerLink(said) {
  const key = said.speaker.key;
  if (!key || !said.speaker.name) return nameOf(said);
  const made = inside("/", { speaker_key: key }, nameOf(said));
  made.title = "everything this speaker said";
  return made;
}

function shown(id) {
  return list.querySelector(`[data-statement="${CSS.escape(id)}"]`);
}

function tellState() {
  const filtered = filters.toString() !== "";
  const empty = filtered ? "Nothing found." : "No statements yet. They appear here as soon as the first article is read.";
  say("empty", list.childElementCount ? "" : empty);
  byId("paused").hidden = !filtered;
  byId("more").hidden = !next;
}

async function load(older) {
  const mine = ++turn;
  const query = new URLSearchParams(filters);
  if (older && next) query.set("cursor", next);
  held = held || [];
  try {
    const page = await askJson(`/v1/statements?${query}`);
    if (mine !== turn) return;
    if (!older) list.replaceChildren();
    for (const entry of page.statements) if (!shown(entry.statement.statement_id)) list.append(row(entry));
    next = page.next || null;
    tellState();
  } catch (error) {
    if (mine === turn) say("empty", error.message);
  }
  if (mine !== turn) return;
  const waited = held;
  held = null;
  waited.forEach(([name, data]) => receive(name, data));
}

function receive(name, data) {
  if (held) held.push([name, data]);
  else if (name === "statement") arrived(data);
  else if (name === "retracted") retracted(data);
}

function arrived(entry) {
  const before = shown(entry.statement.statement_id);
  const item = row(entry);
  item.classList.add("new");
  if (before) before.replaceWith(item);
  else if (!filters.toString()) list.prepend(item);
  while (list.childElementCount > SHOWN_MAX) list.lastElementChild.remove();
  tellState();
}

function retracted({ statement_id: id, reason }) {
  const gone = shown(id);
  if (!gone || gone.classList.contains("retracted")) return;
  gone.classList.add("retracted");
  const why = { vanished: "no longer in the article", replaced: "replaced by a corrected statement" };
  gone.prepend(element("p", "gone", `Retracted: ${why[reason] || (reason || "").replaceAll("_", " ")}`));
  // What was taken down must not be read on, not even struck.
  if (reason === "taken_down") gone.querySelector("blockquote").replaceChildren("removed");
}

function search(values) {
  filters = filtersOf(values);
  const query = filters.toString();
  history.pushState(null, "", query ? `/?${query}` : "/");
  load(false);
}

function fillForm() {
  for (const name of ["q", "speaker"]) byId(name).value = filters.get(name) || "";
}

byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  search(new URLSearchParams(new FormData(event.target)));
});
byId("clear").addEventListener("click", () => {
  search(new URLSearchParams());
  fillForm();
});
window.addEventListener("popstate", () => {
  filters = filtersOf(new URLSearchParams(location.search));
  fillForm();
  load(false);
});
whenTokenGiven(() => load(false));
byId("more").addEventListener("click", () => load(true));
fillForm();
follow({
  // The list is asked for when the stream stands, so that nothing falls between the two. Later gaps the stream fills itself.
  open: () => {
    byId("live").textContent = "live";
    byId("live").className = "on";
    if (!opened) load(false);
    opened = true;
  },
  event: receive,
  lost: (why) => {
    byId("live").textContent = `not live: ${why}`;
    byId("live").className = "off";
    if (!turn) load(false);
  },
});
