// What is known about one statement.

import { element, foreign, inside, moment, WHEN_EXACTLY } from "/page.js";
import { kindOf, nameOf } from "/speaker.js";

const RESOLUTIONS = {
  full_name: "full name", partial_name: "part of a name", pronoun: "pronoun", role: "role", floating: "goes on from the quotation before",
  label: "label before the words", none: "none", other: "other",
};

function percent(share) {
  return `${Math.round(share * 100)} %`;
}

function chain(selectors) {
  const made = element("span");
  selectors.forEach((selector, number) => made.append(number ? " → " : "", foreign(`“${selector.exact}”`)));
  return made;
}

function cue(told) {
  const made = element("span", "", foreign(`“${told.selector.exact}”`));
  if (told.lemma !== told.selector.exact) made.append(` · ${told.lemma}`);
  if (told.class !== told.lemma) made.append(` · a kind of ${told.class}`);
  if (told.polarity !== "affirmed") made.append(` · ${told.polarity}`);
  return made;
}

function saidAt(when) {
  return `${when.value} (from the ${when.basis})`;
}

export function factsOf(statement) {
  const { speaker, confidence, extraction } = statement;
  const facts = [
    ["Speaker", nameOf(statement)],
    ["Kind", kindOf(statement)],
    ["Cue", statement.cue && cue(statement.cue)],
    ["Who it is", `${speaker.type}, by ${RESOLUTIONS[speaker.resolution] || speaker.resolution}`],
    ["Chain", speaker.chain && speaker.chain.length > 0 && chain(speaker.chain)],
    ["Told", statement.addressee && foreign(statement.addressee.name || statement.addressee.selector.exact)],
    ["Reported by", statement.via && foreign(statement.via.name || statement.via.selector.exact)],
    ["Said at", statement.said_at && saidAt(statement.said_at)],
    ["Confidence", `words ${percent(confidence.span)} · speaker ${percent(confidence.speaker)} · kind ${percent(confidence.kind)}`],
    ["Flags", statement.flags && statement.flags.join(", ").replaceAll("_", " ")],
    ["Found by", `${extraction.name} ${extraction.version}${extraction.rule ? ` · ${extraction.rule}` : ""}`],
    ["Fetched", moment(statement.revision.fetched_at, WHEN_EXACTLY)],
    ["Id", element("code", "", statement.statement_id)],
    ["Its path", inside("/operations.html", { item: statement.provenance.item_id }, "from feed to here")],
  ];
  const list = element("dl");
  for (const [name, value] of facts) if (value) list.append(element("dt", "", name), element("dd", "", value));
  const words = element("blockquote", "", statement.text);
  words.dir = "auto";
  return [words, list];
}
