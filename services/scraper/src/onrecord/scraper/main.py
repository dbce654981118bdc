"""The scraper: items in, pages out. Fetches politely, through the one guarded client."""

from importlib.metadata import version

from onrecord.contracts import Item, topics
from onrecord.runtime.app import Service, run_service
from onrecord.runtime.registry import Registry
from onrecord.runtime.verdict import Retry
from onrecord.scraper.handlers import BUSY_DEFER_S, Scraper
from onrecord.scraper.settings import PLACEHOLDER_CONTACT, ScraperSettings
from onrecord.web import Allowlist, Limits, Politeness, Robots, UrlPolicy, UserAgent, WebClient


def build(settings: ScraperSettings) -> Service:
    overflow = Retry(BUSY_DEFER_S, "host_busy", counted=False)
    registry = Registry((topics.ITEM,), key_limit=settings.host_waiting, overflow=overflow)
    service = Service(settings, registry)
    limits = Limits(total_s=settings.fetch_limit_s)
    policy = UrlPolicy(allowlist=Allowlist.parse(settings.allow))
    client = WebClient(UserAgent(version("onrecord-scraper"), settings.contact), policy=policy, limits=limits)
    politeness = Politeness(delay_s=settings.page_delay_s, max_wait_s=settings.host_wait_s)
    robots = Robots(client, politeness=politeness)
    service.on_assigned(politeness.assigned)
    registry.on(Item, Scraper(client, robots, politeness, service.services.tracing, service.metrics, settings.host_wait_s))
    service.resource(client)
    if settings.contact == PLACEHOLDER_CONTACT:
        service.warn("ONRECORD_SCRAPER_CONTACT is not set: sites can not reach you")
    if settings.allow:
        service.warn(f"private addresses allowed: {settings.allow}")
    return service


if __name__ == "__main__":
    run_service(ScraperSettings, build)
