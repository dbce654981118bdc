"""A headless Chromium, driven through its own debugging protocol: pages, clicks, screenshots, and everything it complains of."""

import asyncio
import base64
import itertools
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-port=0",
)  # fmt: skip
START_LIMIT_S = 30.0  # a cold start on a busy machine
ANSWER_LIMIT_S = 20.0
MAX_MESSAGE_BYTES = 64 * 1024 * 1024  # a screenshot of a long page
ADDRESS = "DevTools listening on "
# Resolves once the expression holds; looked at with every change of the page and every frame.
UNTIL = """new Promise((resolve) => {
  const look = () => { if (%s) resolve(true); else requestAnimationFrame(look); };
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
        for kind in ("keyDown", "keyUp"):
            await self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode={"Enter": 13, "Escape": 27}[key]
            )

    async def screenshot(self, path: Path) -> None:
        found = await self.call("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(found["data"]))


class Chromium:
    def __init__(self, session: aiohttp.ClientSession, origin: str) -> None:
        self._session = session
        self._origin = origin

    @asynccontextmanager
    async def tab(self) -> AsyncIterator[Tab]:
        async with self._session.put(f"{self._origin}/json/new?about:blank") as answer:
            made = await answer.json(content_type=None)
        async with self._session.ws_connect(made["webSocketDebuggerUrl"], max_msg_size=MAX_MESSAGE_BYTES) as socket:
            tab = Tab(socket)
            receiving = asyncio.create_task(tab.receive())
            try:
                for domain in ("Page", "Runtime", "Log"):
                    await tab.call(f"{domain}.enable")
                yield tab
            finally:
                async with self._session.get(f"{self._origin}/json/close/{made['id']}"):
                    receiving.cancel()


@asynccontextmanager
async def started(executable: str, folder: Path) -> AsyncIterator[Chromium]:
    """With a fresh profile in `folder`, away from anyone's own."""
    process = await asyncio.create_subprocess_exec(
        executable, *FLAGS, f"--user-data-dir={folder}", "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE, env={**os.environ, "HOME": str(folder)},
    )  # fmt: skip
    try:
        async with asyncio.timeout(START_LIMIT_S):
            origin = await _address(process)
        async with aiohttp.ClientSession() as session:
            yield Chromium(session, origin)
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.communicate()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async for line in process.stderr:
        if line.decode().startswith(ADDRESS):
            return "http://" + line.decode().removeprefix(ADDRESS + "ws://").split("/")[0]
    raise PageFailed("Chromium ended before it listened")
