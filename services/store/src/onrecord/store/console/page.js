// What every page needs: safe elements, links, questions to the API, and the token where the server wants one.

const REL = "noopener noreferrer nofollow ugc";

export const byId = (id) => document.getElementById(id);

// Text only ever becomes text. `bdi` keeps a name's or a title's writing direction to itself.
export function element(name, className = "", ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content.filter((part) => part !== null && part !== undefined && part !== ""));
  return made;
}

export function foreign(text, className = "") {
  return element("bdi", className, text);
}

// An address from outside: http and https only, else its text alone.
export function link(address, text) {
  let url = null;
  try {
    url = new URL(address);
  } catch {
    return foreign(text);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return foreign(text);
  const made = element("a", "out", foreign(text));
  made.href = url.href;
  made.rel = REL;
  made.target = "_blank";
  return made;
}

// `page` is one of our own; `query` and `place` are values.
export function inside(page, query, text, place = "") {
  const made = element("a", "", typeof text === "string" ? foreign(text) : text);
  const search = new URLSearchParams(query).toString();
  made.setAttribute("href", page + (search ? `?${search}` : "") + (place ? `#${encodeURIComponent(place)}` : ""));
  return made;
}

export function moment(iso, options) {
  const made = element("time", "", new Date(iso).toLocaleString(undefined, options));
  made.dateTime = iso;
  made.title = iso;
  return made;
}

export const WHEN = { dateStyle: "medium", timeStyle: "short" };
export const WHEN_EXACTLY = { dateStyle: "short", timeStyle: "medium" };

export function count(number, one, many) {
  return `${number.toLocaleString()} ${number === 1 ? one : many}`;
}

export async function ask(path, headers = {}) {
  const token = sessionStorage.getItem("token");
  const answer = await fetch(path, { headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...headers } });
  const form = byId("token");
  if (form) form.hidden = answer.status !== 401;
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({ detail: `status ${answer.status}` }));
    const error = new Error(answer.status === 401 ? "a token is needed" : problem.detail);
    error.status = answer.status;
    throw error;
  }
  return answer;
}

export async function askJson(path) {
  return (await ask(path)).json();
}

export function whenTokenGiven(then) {
  byId("token").addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem("token", byId("secret").value.trim());
    byId("secret").value = "";
    then();
  });
}

export function say(id, text) {
  const place = byId(id);
  place.textContent = text;
  place.hidden = !text;
}
