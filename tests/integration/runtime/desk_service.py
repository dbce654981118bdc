"""A scraper without a web: `python desk_service.py SECONDS` takes so long for an item and emits its page.

An item whose title is "busy" is deferred once, one titled "odd" is a dead letter.
"""

import asyncio
import sys
from pathlib import Path
from typing import ClassVar
from uuid import UUID, uuid5

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from integration.runtime.newswire import example_page
from onrecord.contracts import Item, Page, topics
from onrecord.runtime.app import Service, run_service
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.registry import Registry
from onrecord.runtime.settings import Settings
from onrecord.runtime.verdict import DeadLetter, Emit, Retry, Verdict

TEMPLATE = example_page()
ARTICLES = UUID("60256997-54e0-5221-9564-6412d1d17e33")


class DeskSettings(Settings):
    service: ClassVar[str] = "scraper"


def page_of(item: Item) -> Page:
    return TEMPLATE.model_copy(update={"item": item, "article_id": uuid5(ARTICLES, str(item.item_id))})


class Scraper:
    def __init__(self, takes_s: float) -> None:
        self._takes_s = takes_s

    async def __call__(self, delivery: Delivery[Item]) -> Verdict:
        await asyncio.sleep(self._takes_s)
        item = delivery.event
        if item.title == "odd":
            return DeadLetter("odd_item", "as asked")
        if item.title == "busy" and delivery.attempt == 1:
            return Retry(1, "status_503")
        return Emit((page_of(item),))


def build(settings: DeskSettings) -> Service:
    registry = Registry((topics.ITEM,))
    registry.on(Item, Scraper(float(sys.argv[1])))
    return Service(settings, registry)


if __name__ == "__main__":
    run_service(DeskSettings, build)
