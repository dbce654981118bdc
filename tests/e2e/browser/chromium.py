"""A headless Chromium, driven through its own debugging protocol: pages, clicks, screenshots, and everything it complains of."""

import asyncio
import base64
import itertools
import json
import os
import shutil
import subprocess
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from e2e.processes import wait_for_line

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-port=0",
)  # fmt: skip
START_LIMIT_S = 30.0  # a cold start on a busy machine
ANSWER_LIMIT_S = 20.0
MAX_MESSAGE_BYTES = 64 * 1024 * 1024  # a screenshot of a long page
KEYS = {"Enter": (13, "\r"), "Escape": (27, "")}  # code, and what it types
ADDRESS = "DevTools listening on "
# Resolves once the expression holds; looked at with every frame.
UNTIL = """new Promise((resolve, reject) => {
  const look = () => {
    try { if (%s) resolve(true); else requestAnimationFrame(look); } catch (error) { reject(error); }
  };
  look();
})"""


def find_chromium() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class PageFailed(AssertionError):
    """The page's own script threw, or what was waited for did not come."""


class Tab:
    """One page. `complaints` are console errors, uncaught exceptions, blocked resources and CSP violations."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.complaints: list[str] = []

    async def receive(self) -> None:
        async for message in self._socket:
            found = json.loads(message.data)
            answered = self._waiting.pop(found.get("id", 0), None)
            if answered and not answered.done():
                answered.set_result(found)
            elif "method" in found:
                self._note(found["method"], found["params"])

    def _note(self, method: str, params: dict[str, Any]) -> None:
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.complaints.append(str(details.get("exception", {}).get("description", details["text"])))
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.complaints.append(f"console.{params['type']}: {params['args']}")
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.complaints.append(f"{params['entry']['text']} {params['entry'].get('url', '')}")

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        answer = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        await self._socket.send_json({"id": number, "method": method, "params": params})
        found = await asyncio.wait_for(answer, ANSWER_LIMIT_S)
        if "error" in found:
            raise PageFailed(f"{method}: {found['error']['message']}")
        return dict(found["result"])

    async def size(self, width_px: int, height_px: int = 900) -> None:
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width_px, height=height_px, deviceScaleFactor=1, mobile=width_px < 500
        )

    async def scheme(self, name: str) -> None:
        """`light` or `dark`."""
        await self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    async def open(self, address: str) -> None:
        await self.call("Page.navigate", url=address)
        await self.until("document.readyState === 'complete'")

    async def look(self, expression: str) -> Any:
        """What the expression gives, promises awaited."""
        found = await self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in found:
            raise PageFailed(found["exceptionDetails"].get("exception", {}).get("description", expression))
        return found["result"].get("value")

    async def until(self, expression: str) -> None:
        """PageFailed, with what the page shows then, unless the expression comes true in time."""
        try:
            await self.look(UNTIL % expression)
        except TimeoutError as error:
            shown = await self.look("document.body.innerText.slice(0, 2000)")
            raise PageFailed(f"never true: {expression}\ncomplaints: {self.complaints}\nthe page:\n{shown}") from error

    async def click(self, selector: str) -> None:
        """A mouse's own click in the middle of the first such element."""
        wanted = json.dumps(selector)
        await self.until(f"document.querySelector({wanted})")
        box = await self.look(f"""(() => {{
            const found = document.querySelector({wanted});
            found.scrollIntoView({{ block: 'center' }});
            const {{ x, y, width, height }} = found.getClientRects()[0];
            return [x + width / 2, y + height / 2];
        }})()""")
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    async def write(self, selector: str, text: str) -> None:
        await self.look(f"document.querySelector({json.dumps(selector)}).focus()")
        await self.call("Input.insertText", text=text)

    async def press(self, key: str) -> None:
        code, text = KEYS[key]
        await self.call("Input.dispatchKeyEvent", type="keyDown", key=key, code=key, windowsVirtualKeyCode=code, text=text)
        await self.call("Input.dispatchKeyEvent", type="keyUp", key=key, code=key, windowsVirtualKeyCode=code)

    async def screenshot(self, path: Path) -> None:
        found = await self.call("Page.captureScreenshot", format="png")
        await asyncio.to_thread(path.write_bytes, base64.b64decode(found["data"]))


class Chromium:
    """A running browser; each tab has a connection of its own, so that it may be opened from any loop."""

    def __init__(self, origin: str) -> None:
        self._origin = origin

    @asynccontextmanager
    async def tab(self) -> AsyncIterator[Tab]:
        async with aiohttp.ClientSession() as session:
            async with session.put(f"{self._origin}/json/new?about:blank") as answer:
                made = await answer.json(content_type=None)
            async with session.ws_connect(made["webSocketDebuggerUrl"], max_msg_size=MAX_MESSAGE_BYTES) as socket:
                tab = Tab(socket)
                receiving = asyncio.create_task(tab.receive())
                try:
                    for domain in ("Page", "Runtime", "Log"):
                        await tab.call(f"{domain}.enable")
                    yield tab
                finally:
                    receiving.cancel()
                    async with session.get(f"{self._origin}/json/close/{made['id']}"):
                        pass


@contextmanager
def started(executable: str, folder: Path) -> Iterator[Chromium]:
    """With a fresh profile in `folder`, away from anyone's own."""
    command = [executable, *FLAGS, f"--user-data-dir={folder}", "about:blank"]
    environment = {**os.environ, "HOME": str(folder)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment) as process:
        try:
            said = wait_for_line(process, lambda line: line.startswith(ADDRESS), START_LIMIT_S)
            # What it says later is nobody's, but a full pipe would halt it.
            threading.Thread(target=lambda: deque(process.stdout or (), maxlen=0), daemon=True).start()
            yield Chromium("http://" + said[-1].removeprefix(ADDRESS + "ws://").split("/")[0])
        finally:
            process.terminate()
