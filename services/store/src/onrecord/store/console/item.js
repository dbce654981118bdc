// One item's whole path: every record of its life, and where its trace can be seen.

import { askJson, byId, count, element, foreign, inside, link, moment, say, WHEN_EXACTLY } from "/page.js";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const TRACE = /^[0-9a-f]{32}$/;
let template = null; // of a trace's address, asked for once
let asked = 0;

async function traceTemplate() {
  if (template === null) template = (await askJson("/v1/console")).trace_url || "";
  return template;
}

function traceOf(id) {
  const short = element("code", "", id);
  if (!template || !TRACE.test(id)) return short;
  return link(template.replace("{trace_id}", id), `trace ${id}`);
}

export async function showItem(wanted, place) {
  const mine = ++asked;
  place.replaceChildren();
  say("path-problem", "");
  if (!wanted) return;
  const path = UUID.test(wanted) ? `/v1/items/${wanted}` : `/v1/items?${new URLSearchParams({ url: wanted })}`;
  try {
    await traceTemplate();
    const found = await askJson(path);
    if (mine !== asked) return;
    const items = found.items || [found];
    place.replaceChildren(...items.map(itemBlock));
    if (!items.length) say("path-problem", "No item has this address. It must be the very address of the feed's link or of the article.");
  } catch (error) {
    if (mine === asked) say("path-problem", error.message);
  }
  if (place.childElementCount) byId("why").scrollIntoView({ block: "start" });
}

function itemBlock(item) {
  const newest = item.revisions[item.revisions.length - 1];
  const name = newest.title || newest.link || item.item_id;
  const head = element("h3", "", foreign(name));
  const source = element("p", "source", "from ", foreign(newest.feed_title || newest.feed_url || "a feed not seen yet"));
  if (newest.link) source.append(" · ", link(newest.link, newest.link));
  return element("article", "item", head, source, ...[...item.revisions].reverse().map(lifeBlock));
}

function lifeBlock(life) {
  const end = life.outcome ? `${life.outcome.replaceAll("_", " ")} by ${life.service}` : "in flight";
  const head = element("p", "life", element("b", "", `Revision ${life.item_revision}: ${end}`));
  if (life.outcome_reason) head.append(" · ", foreign(life.outcome_reason));
  if (life.statements !== undefined) head.append(" · ", count(life.statements, "statement", "statements"));
  if (life.article_id) head.append(" · ", inside("/article.html", { id: life.article_id }, "article"));
  if (life.deferred) head.append(" · tried again ", moment(life.deferred.until, WHEN_EXACTLY), life.deferred.reason ? ` (${life.deferred.reason})` : "");
  const traces = element("p", "source", ...life.trace_ids.flatMap((id, number) => [number ? " · " : "", traceOf(id)]));
  const hops = element("ol", "hops", ...life.hops.map((hop) => hopRow(hop, life.hops[0])));
  const waits = life.articles.filter((article) => !article.complete).map((article) => element(
    "p", "quiet", `Waits for its statements: ${article.arrived} of ${article.expected} are here.`,
  ));
  const old = life.superseded_outcomes.map((outcome) => element(
    "p", "quiet", `Not counted: ${outcome.outcome.replaceAll("_", " ")} by ${outcome.service}, as ${outcome.effective_outcome.replaceAll("_", " ")} is stronger or came first.`,
  ));
  return element("section", "", head, traces, hops, ...waits, ...old);
}

function since(first, hop) {
  const seconds = (new Date(hop.occurred_at) - new Date(first.occurred_at)) / 1000;
  return hop === first ? "" : ` +${seconds.toLocaleString(undefined, { maximumFractionDigits: 2 })} s`;
}

function hopRow(hop, first) {
  const what = hop.type.replace("org.onrecord.", "").replace(/\.v\d+$/, "").replace(".", " ");
  const detail = Object.entries(hop.detail).map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`).join(" · ");
  const when = element("span", "when", moment(hop.occurred_at, WHEN_EXACTLY), since(first, hop));
  const from = hop.source ? hop.source.split("/").pop() : "";
  return element("li", "", when, element("span", "", element("b", "", what), " ", element("span", "quiet", from), element("br"), foreign(detail, "quiet")));
}
