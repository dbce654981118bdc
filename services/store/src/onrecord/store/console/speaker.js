// How a speaker, a kind of speech and a cue are told to people.

import { element, foreign } from "/page.js";

const KINDS = { direct: "direct quote", indirect: "reported", mixed: "partly quoted" };

export function kindOf(statement) {
  return KINDS[statement.kind] || "other";
}

// `named` is false where the article gives no name: then `title` is a role or the words used, never a person.
export function speakerOf(statement) {
  const speaker = statement.speaker;
  const mention = speaker.mention ? speaker.mention.exact : "";
  if (speaker.name) return { title: speaker.name, named: true, role: speaker.role === speaker.name ? "" : speaker.role || "" };
  if (speaker.role || mention) return { title: speaker.role || mention, named: false, role: "", mark: speaker.type === "unnamed" ? "unnamed" : "no name found" };
  return { title: "Unknown speaker", named: false, role: "", mark: "unattributed" };
}

// One speaker of an article, however mentioned. Without key and name the words stand for who it is.
export function speakerId(statement) {
  const speaker = statement.speaker;
  return speaker.key || speakerOf(statement).title.toLowerCase();
}

export function nameOf(statement) {
  const { title, named, role, mark } = speakerOf(statement);
  const made = element("span", named ? "name" : "name unnamed", foreign(title));
  if (mark) made.append(" ", element("span", "mark", mark));
  if (role) made.append(" ", foreign(role, "role"));
  return made;
}

export function quoted(statement) {
  return statement.kind === "direct" ? `“${statement.text}”` : statement.text;
}

export function chips(statement) {
  const made = element("span", "chips", element("span", `chip kind-${kindOf(statement).split(" ")[0]}`, kindOf(statement)));
  if (statement.cue) {
    const negated = statement.cue.polarity === "negated";
    const told = element("span", negated ? "chip cue negated" : "chip cue", foreign(statement.cue.selector.exact));
    if (negated) told.append(" (negated)");
    told.title = "the word that reports it";
    made.append(" ", told);
  }
  if ((statement.flags || []).includes("in_headline")) made.append(" ", element("span", "chip", "headline"));
  return made;
}
