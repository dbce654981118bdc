from observability.cases import PAGE, TICKET, Case, fires, silent


def lag(topic: str) -> str:
    return f'messaging_kafka_consumer_lag{{topic="{topic}",partition="0",service="scraper",instance="a"}}'


def away(dependency: str, service: str = "store") -> str:
    return f'onrecord_dependency_away_seconds{{dependency="{dependency}",service="{service}",instance="a"}}'


def connections(state: str) -> str:
    return f'db_client_connection_count{{state="{state}",service="store",instance="a"}}'


DEAD = 'onrecord_dlq_records_total{reason="malformed_event",service="extractor",instance="a"}'
OF_DEAD = {"service": "extractor", "reason": "malformed_event"}
TRIPPED = 'onrecord_breaker_tripped{service="extractor",instance="a"}'
AGE, UNSENT = 'onrecord_outbox_age_seconds{service="feed"}', 'onrecord_outbox_unsent{service="feed"}'
MOST = 'db_client_connection_max{service="store",instance="a"}'

CASES: tuple[Case, ...] = (
    fires(
        "LagGrows",
        "a lane falls back",
        "40m",
        {lag("onrecord.item.v1"): "0+100x60"},
        "scraper is 4000 records behind and falls back further",
        severity=PAGE,
        service="scraper",
    ),
    silent(
        "LagGrows",
        "retries and backfill are large, and the lane's few records are two more",
        "40m",
        {
            lag("onrecord.item.v1.scraper.retry.10m"): "5000x60",
            lag("onrecord.item.v1.backfill"): "9000x60",
            lag("onrecord.item.v1"): "9+1x60",
        },
    ),
    silent(
        "LagGrows",
        "retries and backfill grow, and the lane's many records do not",
        "40m",
        {
            lag("onrecord.item.v1.scraper.retry.10m"): "0+100x60",
            lag("onrecord.item.v1.backfill"): "0+900x60",
            lag("onrecord.item.v1"): "2000x60",
        },
    ),
    silent("LagGrows", "much, and it falls", "40m", {lag("onrecord.item.v1"): "9000-100x60"}),
    fires(
        "DeadLettersRise",
        "one a minute",
        "30m",
        {DEAD: "0+1x60"},
        "extractor gave up 15 records in 15 minutes: malformed_event",
        severity=PAGE,
        **OF_DEAD,
    ),
    silent("DeadLettersRise", "a handful", "35m", {DEAD: "0x30 5x30"}),
    fires(
        "DeadLetter",
        "the first of its reason",
        "30m",
        {DEAD: "_x10 1x50"},
        "extractor gave up a record: malformed_event",
        severity=TICKET,
        **OF_DEAD,
    ),
    fires(
        "DeadLetter",
        "one more",
        "30m",
        {DEAD: "4x10 5x50"},
        "extractor gave up a record: malformed_event",
        severity=TICKET,
        **OF_DEAD,
    ),
    silent("DeadLetter", "the last one was hours ago", "110m", {DEAD: "0x10 4x120"}),
    fires(
        "BreakerTripped",
        "one replica stopped",
        "15m",
        {TRIPPED: "0x10 1x10"},
        "extractor at a stopped itself: most of its last 200 records failed alike",
        severity=PAGE,
        service="extractor",
        instance="a",
    ),
    silent("BreakerTripped", "a restart cleared it", "15m", {TRIPPED: "1x10 0x10"}),
    fires(
        "OutboxStands",
        "nothing is sent",
        "15m",
        {AGE: "0+60x20"},
        "the oldest unsent row of feed's outbox waits for 15m 0s",
        severity=PAGE,
        service="feed",
    ),
    silent("OutboxStands", "late, and sent within the minute", "25m", {AGE: "0x10 59x20"}),
    fires(
        "OutboxGrows",
        "more is written than sent",
        "20m",
        {UNSENT: "6000x30"},
        "6000 rows wait in feed's outbox",
        severity=TICKET,
        service="feed",
    ),
    silent("OutboxGrows", "an archive was read and sent", "15m", {UNSENT: "6000x8 20x30"}),
    fires(
        "BrokerAway",
        "minutes without it",
        "5m",
        {away("kafka"): "0+60x10"},
        "store has not reached Kafka for 5m 0s",
        severity=PAGE,
        service="store",
    ),
    silent("BrokerAway", "the database is away", "5m", {away("kafka"): "0x10", away("database"): "0+60x10"}),
    fires(
        "DatabaseAway",
        "minutes without it",
        "5m",
        {away("database"): "0+60x10"},
        "store has not reached PostgreSQL for 5m 0s",
        severity=PAGE,
        service="store",
    ),
    silent("DatabaseAway", "it came back within the minute", "5m", {away("database"): "0 30 59 0x10", away("kafka"): "0+60x10"}),
    fires(
        "DatabasePoolFull",
        "none is left",
        "20m",
        {connections("used"): "10x30", connections("idle"): "0x30", MOST: "10x30"},
        "store at a uses 100% of its database connections",
        severity=TICKET,
        service="store",
        instance="a",
    ),
    silent("DatabasePoolFull", "two are left", "20m", {connections("used"): "8x30", connections("idle"): "2x30", MOST: "10x30"}),
)
