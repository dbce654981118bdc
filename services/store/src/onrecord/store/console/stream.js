// New statements as they are stored.

import { ask } from "/page.js";

const RECONNECT_MS = 2000; // as the server's own `retry`

// Follows for ever. `on.open` is told each time the stream stands, `on.event` of each event, `on.lost` of each end.
export async function follow(on) {
  let last = null;
  for (;;) {
    try {
      await listen(last, on, (id) => {
        last = id;
      });
      on.lost("connecting again");
    } catch (error) {
      on.lost(error.message);
    }
    await new Promise((resume) => setTimeout(resume, RECONNECT_MS));
  }
}

// EventSource can send no token, so the stream is read by hand; the format is the same.
async function listen(last, on, remember) {
  const answer = await ask("/v1/stream", last ? { "Last-Event-ID": last } : {});
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  let open = false;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (buffer + value).split("\n\n");
    buffer = blocks.pop();
    for (const block of blocks) {
      const fields = parsed(block);
      if (fields.id) remember(fields.id);
      if (!open) on.open();
      open = true;
      if (fields.event) on.event(fields.event, JSON.parse(fields.data));
    }
  }
}

function parsed(block) {
  const fields = {};
  for (const line of block.split("\n")) {
    const at = line.indexOf(": ");
    if (at > 0) fields[line.slice(0, at)] = line.slice(at + 2);
  }
  return fields;
}
