"""Five newspapers on loopback, the same at every run with one seed, clock and number of steps."""

import asyncio
import itertools
from datetime import UTC, datetime
from random import Random

from newspapers.broken_gazette import BrokenGazette, Texts
from newspapers.content import Report, interviews, reports, text_edit
from newspapers.daily_record import DailyRecord
from newspapers.evening_wire import EveningWire
from newspapers.harbour_courier import HarbourCourier
from newspapers.hostile import Pause
from newspapers.press import HOST, Asked, Press, listen
from newspapers.roundabout import Roundabout
from newspapers.shelf import Outlet
from newspapers.story import Clock, Expected, Feed, whole_second

OUTLETS = 5
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)  # any time will do where only links are asked for
DEMO_PORT = 8765  # the first; the outlets take consecutive ones, so that each is a host of its own


class Newspapers:
    """`await start()`, then poll `feeds()`; `advance()` moves time for publication, and nothing else does.

    The clock gives publication times only. `pause` is awaited between the drips of the slow page.
    """

    def __init__(self, seed: int, clock: Clock, pause: Pause = asyncio.sleep) -> None:
        self.seed = seed
        self.steps = 0
        self._clock = clock
        self._pause = pause
        self._press = Press()
        self._outlets: list[Outlet] = []

    def open(self, ports: list[int]) -> None:
        """Fill the newspapers for these ports without listening."""
        bases = [f"http://{HOST}:{port}" for port in ports]
        at = whole_second(self._clock)
        pool = [report for report in reports() if report.key != text_edit()["key"]]
        edited = next(report for report in reports() if report.key == text_edit()["key"])
        Random(f"outlets {self.seed}").shuffle(pool)
        hand = iter(pool)

        def deal(count: int) -> list[Report]:
            return list(itertools.islice(hand, count))

        daily = DailyRecord(bases[0], deal(6), deal(1)[0], at)
        courier_reports = [*deal(3), edited, *deal(2)]
        courier = HarbourCourier(bases[1], courier_reports, at)
        wire_copies = [daily.syndicated[1], courier_reports[0]]
        wire = EveningWire(bases[2], [*interviews(), *wire_copies], self.seed, at)
        roundabout = Roundabout(bases[3], deal(6), [daily.archived, daily.syndicated], self._clock, at)
        charset, nested, full, *sloppy = deal(5)
        gazette = BrokenGazette(bases[4], Texts(charset, nested, full, (sloppy[0], sloppy[1])), self.seed, self._pause, at)
        self._outlets = [daily, courier, wire, roundabout, gazette]

    async def start(self, port: int = 0) -> None:
        """Listen on consecutive ports of 127.0.0.1 from `port`, or on free ones where it is 0. OSError where one is taken."""
        listeners = listen(OUTLETS, port)
        self.open([listener.getsockname()[1] for listener in listeners])
        addresses = "".join(f"{feed.url}\n" for feed in self.feeds())
        for outlet, listener in zip(self._outlets, listeners, strict=True):
            await self._press.print(outlet, listener, {"/feeds.txt": addresses} if outlet is self._outlets[0] else {})

    async def stop(self) -> None:
        await self._press.stop()

    def advance(self, steps: int = 1) -> None:
        """One step: the wire publishes one article; the courier's correction comes at its step."""
        for _ in range(steps):
            self.steps += 1
            at = whole_second(self._clock)
            for outlet in self._outlets:
                outlet.advance(self.steps, at)

    @property
    def published(self) -> int:
        """Links published so far, in all feeds."""
        return len(self.expected())

    @property
    def asked(self) -> list[Asked]:
        """The newest requests, oldest first."""
        return list(self._press.log)

    @property
    def addresses(self) -> list[str]:
        """Each outlet's host:port."""
        return [outlet.base.removeprefix("http://") for outlet in self._outlets]

    @property
    def edited_link(self) -> str:
        courier = self._outlets[1]
        assert isinstance(courier, HarbourCourier)
        return courier.edited_link

    @property
    def allowed(self) -> list[str]:
        """What an address guard must let through, as CIDR:port."""
        return [address.replace(":", "/32:") for address in self.addresses]

    def feeds(self) -> list[Feed]:
        return [feed for outlet in self._outlets for feed in outlet.feeds()]

    def expected(self) -> list[Expected]:
        return [end for outlet in self._outlets for end in outlet.expected()]


def expected(seed: int, steps: int, port: int = DEMO_PORT) -> list[Expected]:
    """What must become of every link published after `steps` steps by newspapers that listen from `port`."""
    papers = Newspapers(seed, lambda: EPOCH)
    papers.open([port + place for place in range(OUTLETS)])
    papers.advance(steps)
    return papers.expected()
