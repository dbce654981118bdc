// How the work goes: the ledger, lag, dead letters, feeds, and one item's path.

import { askJson, byId, count, element, foreign, inside, link, moment, say, WHEN_EXACTLY, whenTokenGiven } from "/page.js";
import { showItem } from "/item.js";

const REFRESH_MS = 5000; // as often as the server asks the broker
const GOOD = ["stored", "unchanged", "duplicate", "superseded"];
const TROUBLE = ["dead_letter", "unaccounted", "fetch_failed", "parse_killed"];

function words(name) {
  return name.replaceAll("_", " ");
}

function outcomeChip(name, number) {
  const kind = GOOD.includes(name) ? "good" : TROUBLE.includes(name) ? "trouble" : "";
  return element("span", `chip ${kind}`, words(name), number === undefined ? "" : ` ${number.toLocaleString()}`);
}

// A cell tells its column's name too: on a narrow page rows become blocks.
function row(...cells) {
  const made = element("tr");
  for (const [name, ...content] of cells) {
    const cell = element("td", typeof content[0] === "number" ? "number" : "");
    cell.dataset.label = name;
    cell.append(...content.map((part) => (typeof part === "number" ? part.toLocaleString() : part)).filter((part) => part !== undefined));
    made.append(cell);
  }
  return made;
}

function tile(name, number, note = "") {
  return element("div", "tile", element("dt", "", name), element("dd", "", number.toLocaleString()), note && element("dd", "quiet", note));
}

function showLedger(ledger) {
  const ended = Object.values(ledger.outcomes).reduce((sum, number) => sum + number, 0);
  byId("tiles").replaceChildren(
    tile("in", ledger.items_in, "items the feeds showed"),
    tile("ended", ended, "each with one outcome"),
    tile("in flight", ledger.in_flight - ledger.deferred, "on their way"),
    tile("waiting", ledger.deferred, "to be tried again"),
  );
  const outcomes = Object.entries(ledger.outcomes).sort(([, one], [, other]) => other - one);
  const most = Math.max(1, ...outcomes.map(([, number]) => number));
  byId("outcomes").replaceChildren(...outcomes.map(([name, number]) => {
    const bar = element("meter");
    bar.max = most;
    bar.value = number;
    bar.textContent = String(number);
    return row(["outcome", outcomeChip(name)], ["items", number], ["share", bar]);
  }));
  byId("no-outcomes").hidden = outcomes.length > 0;
}

function showLag({ lags, asked_at: at }) {
  const groups = Map.groupBy ? Map.groupBy(lags, (lag) => lag.group) : grouped(lags);
  byId("groups").replaceChildren(...[...groups].map(([group, topics]) => {
    const unknown = topics.some((lag) => lag.records === undefined);
    const total = topics.reduce((sum, lag) => sum + (lag.records || 0), 0);
    const behind = topics.filter((lag) => lag.records > 0);
    const detail = behind.length ? behind.map((lag) => `${lag.topic.replace("onrecord.", "")} ${lag.records.toLocaleString()}`).join(", ") : "nothing waits";
    return row(["group", element("b", "", group)], ["records behind", unknown ? "unknown" : total], ["where", unknown && !behind.length ? "the broker can not tell" : detail]);
  }));
  byId("lag-at").replaceChildren("asked ", moment(at, { timeStyle: "medium" }), "; a retry that waits for its time counts as behind");
}

function grouped(lags) {
  const groups = new Map();
  for (const lag of lags) groups.set(lag.group, [...(groups.get(lag.group) || []), lag]);
  return groups;
}

function showDeadLetters({ dead_letters: letters }) {
  byId("letters").replaceChildren(...letters.map((letter) => row(
    ["when", letter.ended_at ? moment(letter.ended_at, WHEN_EXACTLY) : ""],
    ["service", letter.service || ""],
    ["reason", foreign(letter.reason || "none given")],
    ["item", inside("/operations.html", { item: letter.item_id }, letter.title || letter.link || letter.item_id)],
  )));
  byId("no-letters").hidden = letters.length > 0;
  byId("letters").closest("table").hidden = letters.length === 0;
}

function showFeeds({ feeds, total }) {
  byId("feed-rows").replaceChildren(...feeds.map((feed) => row(
    ["feed", link(feed.feed_url, feed.feed_title || feed.feed_url)],
    ["items", feed.items],
    ["last new item", feed.last_discovered_at ? moment(feed.last_discovered_at, WHEN_EXACTLY) : ""],
    ["in flight", feed.in_flight],
    ["outcomes", element("span", "chips", ...Object.entries(feed.outcomes).sort().flatMap(([name, number]) => [outcomeChip(name, number), " "]))],
  )));
  byId("no-feeds").hidden = feeds.length > 0;
  say("more-feeds", total > feeds.length ? `${count(total - feeds.length, "feed", "feeds")} more, silent for longer.` : "");
}

const PARTS = [
  ["/v1/ledger", showLedger, "ledger-problem"],
  ["/v1/lag", showLag, "lag-problem"],
  ["/v1/dead-letters?limit=20", showDeadLetters, "letters-problem"],
  ["/v1/feeds", showFeeds, "feeds-problem"],
];

async function refresh() {
  await Promise.all(PARTS.map(async ([path, show, problem]) => {
    try {
      show(await askJson(path));
      say(problem, "");
    } catch (error) {
      say(problem, error.message);
    }
  }));
  byId("as-of").replaceChildren("as of ", moment(new Date().toISOString(), { timeStyle: "medium" }));
}

async function keepFresh() {
  for (;;) {
    if (!document.hidden) await refresh();
    await new Promise((resume) => setTimeout(resume, REFRESH_MS));
  }
}

function look(item, { push = false } = {}) {
  if (push) history.pushState(null, "", `/operations.html?${new URLSearchParams({ item })}`);
  byId("item").value = item;
  showItem(item, byId("path"));
}

function lookAtAddress() {
  const item = new URLSearchParams(location.search).get("item") || "";
  look(item);
}

byId("why").addEventListener("submit", (event) => {
  event.preventDefault();
  look(byId("item").value.trim(), { push: true });
});
window.addEventListener("popstate", lookAtAddress);
whenTokenGiven(() => {
  refresh();
  lookAtAddress();
});
lookAtAddress();
keepFresh();
