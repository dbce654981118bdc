"""Feed: polls feeds, publishes their new and changed items, and sees to it that every one of them ends."""

from datetime import timedelta
from functools import partial
from importlib.metadata import version

from aiokafka.errors import KafkaError

from onrecord.contracts import Deferred, Outcome, topics
from onrecord.feed.adapters.census import watches
from onrecord.feed.adapters.db import FeedRows
from onrecord.feed.adapters.in_flight import InFlight
from onrecord.feed.adapters.offsets import STAGES, KafkaOffsets
from onrecord.feed.adapters.parse import warm_parser
from onrecord.feed.handlers import Ledger
from onrecord.feed.poller import Poller
from onrecord.feed.reconciler import Reconciler
from onrecord.feed.settings import PLACEHOLDER_CONTACT, FeedSettings
from onrecord.runtime.app import Service, run_service
from onrecord.runtime.database import OUTAGES, make_pool, require_schema
from onrecord.runtime.gauges import observe_pools
from onrecord.runtime.outbox import Relay
from onrecord.runtime.registry import Registry
from onrecord.runtime.watch import keep_watch, outbox_watch
from onrecord.runtime.workers import Workers
from onrecord.web import Allowlist, Politeness, UrlPolicy, UserAgent, WebClient

SCHEMA = "feed"
PACKAGE = "onrecord.feed"


def build(settings: FeedSettings) -> Service:
    dsn = settings.database.get_secret_value()
    pool = make_pool(dsn, SCHEMA, size=settings.pollers + 4)
    in_flight = InFlight(pool)
    registry = Registry((topics.OUTCOME,), outages=OUTAGES)
    service = Service(settings, registry)
    services = service.services
    policy = UrlPolicy(allowlist=Allowlist.parse(settings.allow))
    client = WebClient(UserAgent(version("onrecord-feed"), settings.contact), policy=policy)
    parsers = Workers("parse", service.metrics, size=settings.parse_workers, warm_up=warm_parser)
    service.require(partial(require_schema, dsn, SCHEMA, PACKAGE, services.backoff))
    for resource in (pool, client, parsers):
        service.resource(resource)
    deadline = timedelta(seconds=settings.reconcile_after_s)
    registry.on_batch((Outcome, Deferred), Ledger(in_flight, deadline, service.metrics))
    relay = Relay(dsn, SCHEMA, services.sender, services.backoff, OUTAGES)
    service.background("outbox", relay.run)
    observe_pools(service.metrics, pool)
    own = (*watches(service.metrics, pool, in_flight, services.now), outbox_watch(service.metrics, pool, relay))
    service.background("watch", partial(keep_watch, own))
    poller = Poller(
        rows=FeedRows(pool),
        client=client,
        politeness=Politeness(delay_s=settings.host_delay_s),
        parsers=parsers,
        services=services,
        policy=policy,
        lease=timedelta(seconds=settings.lease_s),
        first_poll_items=settings.first_poll_items,
        reconcile_after=deadline,
    )
    for number in range(settings.pollers):
        service.background(f"poller {number}", partial(poller.run, OUTAGES))
    offsets = KafkaOffsets(settings)
    reconciler = Reconciler(in_flight, offsets, STAGES, services, deadline=deadline, every_s=settings.reconcile_every_s)
    service.background("reconciler", partial(reconciler.run, (*OUTAGES, KafkaError)))
    if settings.contact == PLACEHOLDER_CONTACT:
        service.warn("ONRECORD_FEED_CONTACT is not set: sites can not reach you")
    if settings.allow:
        service.warn(f"private addresses allowed: {settings.allow}")
    return service


if __name__ == "__main__":
    run_service(FeedSettings, build)
