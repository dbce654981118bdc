"""The store: articles, statements and the ledger in; `latest`, corrections, retractions, outcomes and the API out."""

from datetime import datetime
from functools import partial

from onrecord.contracts import Article, Lane
from onrecord.runtime import outbox
from onrecord.runtime.app import Service, run_service
from onrecord.runtime.catalogue import FRESHNESS
from onrecord.runtime.database import OUTAGES, make_pool, require_schema
from onrecord.runtime.gauges import observe_pools
from onrecord.runtime.outbox import Relay
from onrecord.runtime.watch import keep_watch, outbox_watch
from onrecord.store.adapters.desk import Desk
from onrecord.store.adapters.item_reader import ItemReader
from onrecord.store.adapters.lag import LagReader
from onrecord.store.adapters.ledger import Ledger
from onrecord.store.adapters.postgres import PACKAGE, SCHEMA, UNSTORABLE
from onrecord.store.adapters.reader import Reader, make_read_pool
from onrecord.store.api.app import ApiSettings, create_api
from onrecord.store.domain.dates import freshness_s
from onrecord.store.handlers import make_registry
from onrecord.store.settings import StoreSettings


def build(settings: StoreSettings) -> Service:
    dsn = settings.database.get_secret_value()
    pool = make_pool(dsn, SCHEMA)
    read_pool = make_read_pool(dsn)

    def measure_freshness(article: Article, now: datetime) -> None:
        seconds = freshness_s(article.published_at, now)
        if seconds is not None and article.lane is Lane.live:
            service.metrics.measure(FRESHNESS, seconds)

    desk = Desk(pool, outbox.add, on_stored=measure_freshness)
    registry = make_registry(desk, Ledger(pool), outages=OUTAGES, unstorable=UNSTORABLE)
    service = Service(settings, registry)
    service.require(partial(require_schema, dsn, SCHEMA, PACKAGE, service.services.backoff))
    service.resource(pool)
    service.resource(read_pool)
    relay = Relay(dsn, SCHEMA, service.services.sender, service.services.backoff, OUTAGES)
    service.background("outbox", relay.run)
    observe_pools(service.metrics, pool, read_pool)
    service.background("watch", partial(keep_watch, (outbox_watch(service.metrics, pool, relay),)))
    api = create_api(
        Reader(read_pool),
        ItemReader(read_pool),
        ApiSettings(
            tokens=settings.api_tokens,
            requests_per_s=settings.requests_per_s,
            burst=settings.burst,
            max_page_size=settings.max_page_size,
            trace_url=settings.trace_url,
        ),
        # A broker without idempotent producers is the laptop's stand-in, whose lag can not be trusted either.
        lag=LagReader(settings) if settings.kafka_idempotence else None,
    )
    service.before_stop(api.state.live.close)
    service.http = api
    return service


if __name__ == "__main__":
    run_service(StoreSettings, build)
