"use strict";

const SHOWN_MAX = 500; // rows kept in the page, so that a day on screen does not fill the browser's memory
const RECONNECT_MS = 2000;
const byId = (id) => document.getElementById(id);
const list = byId("statements");
let filters = new URLSearchParams();
let next = null;
let lastEvent = null;
let asked = 0;

function headers() {
  const token = sessionStorage.getItem("token");
  return token ? { Authorization: `Bearer ${token}` } : {};
}

async function ask(path, options = {}) {
  const answer = await fetch(path, { ...options, headers: { ...headers(), ...options.headers } });
  byId("token").hidden = answer.status !== 401;
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({ detail: `status ${answer.status}` }));
    throw new Error(problem.detail);
  }
  return answer;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function link(address, text) {
  let url = null;
  try {
    url = new URL(address);
  } catch {
    return element("span", "", text);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return element("span", "", text);
  const made = element("a", "", text);
  made.href = url.href;
  made.rel = "noopener noreferrer nofollow ugc";
  made.target = "_blank";
  return made;
}

function row(entry) {
  const said = entry.statement;
  const item = element("li");
  item.dataset.statement = said.statement_id;
  const speaker = element("p", "speaker", said.speaker.name || (said.speaker.mention && said.speaker.mention.exact) || "Unnamed");
  if (said.speaker.role) speaker.append(" ", element("span", "role", said.speaker.role));
  const quoted = said.kind === "direct" ? `“${said.text}”` : said.text;
  const source = element("p", "source");
  const when = element("time", "", new Date(entry.at).toLocaleString());
  when.dateTime = entry.at;
  source.append(said.article.publisher.name, " · ", when, " · ", link(said.article.url, said.article.title || said.article.url));
  item.append(speaker, element("blockquote", "", quoted), source);
  return item;
}

function shown(id) {
  return list.querySelector(`[data-statement="${CSS.escape(id)}"]`);
}

async function load(older) {
  const turn = ++asked;
  const query = new URLSearchParams(filters);
  if (older && next) query.set("cursor", next);
  try {
    const page = await (await ask(`/v1/statements?${query}`)).json();
    if (turn !== asked) return;
    if (!older) list.replaceChildren();
    for (const entry of page.statements) if (!shown(entry.statement.statement_id)) list.append(row(entry));
    next = page.next || null;
    byId("more").hidden = !next;
    byId("empty").textContent = "Nothing found.";
    byId("empty").hidden = list.childElementCount > 0;
  } catch (error) {
    byId("empty").textContent = error.message;
    byId("empty").hidden = false;
  }
}

function arrived(entry) {
  const before = shown(entry.statement.statement_id);
  const item = row(entry);
  item.className = "new";
  if (before) before.replaceWith(item);
  else if (!filters.toString()) list.prepend(item);
  byId("empty").hidden = list.childElementCount > 0;
  while (list.childElementCount > SHOWN_MAX) list.lastElementChild.remove();
}

function receive(block) {
  const fields = {};
  for (const line of block.split("\n")) {
    const at = line.indexOf(": ");
    if (at > 0) fields[line.slice(0, at)] = line.slice(at + 2);
  }
  if (fields.id) lastEvent = fields.id;
  if (fields.event === "statement") arrived(JSON.parse(fields.data));
  if (fields.event === "retracted") {
    const gone = shown(JSON.parse(fields.data).statement_id);
    if (gone) gone.classList.add("retracted");
  }
}

// EventSource can send no token, so the stream is read by hand; the format is the same.
async function listen() {
  const answer = await ask("/v1/stream", { headers: lastEvent ? { "Last-Event-ID": lastEvent } : {} });
  byId("live").textContent = "live";
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (buffer + value).split("\n\n");
    buffer = blocks.pop();
    blocks.forEach(receive);
  }
}

async function follow() {
  for (;;) {
    try {
      await listen();
    } catch (error) {
      byId("live").textContent = `not live: ${error.message}`;
    }
    await new Promise((resume) => setTimeout(resume, RECONNECT_MS));
  }
}

byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  filters = new URLSearchParams([...new FormData(event.target)].filter(([, value]) => value.trim()));
  load(false);
});
byId("token").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", byId("secret").value.trim());
  byId("secret").value = "";
  load(false);
});
byId("more").addEventListener("click", () => load(true));
load(false);
follow();
