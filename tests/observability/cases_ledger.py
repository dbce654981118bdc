from observability.cases import PAGE, TICKET, Case, fires, silent

UNACCOUNTED = 'onrecord_items_total{outcome="unaccounted",service="feed"}'
STORED = 'onrecord_items_total{outcome="stored",service="feed"}'
FOUND = 'onrecord_items_found_total{reason="new",service="feed"}'


def histogram(name: str, labels: str, **buckets: str) -> dict[str, str]:
    """Bucket by upper bound: `le600="0+1x60"`, `le="…"` for +Inf."""
    return {f'{name}_bucket{{{labels}le="{bound.removeprefix("le") or "+Inf"}"}}': values for bound, values in buckets.items()}


def duration(lane: str, **buckets: str) -> dict[str, str]:
    return histogram("onrecord_item_duration_seconds", f'lane="{lane}",service="feed",', **buckets)


def freshness(**buckets: str) -> dict[str, str]:
    return histogram("onrecord_freshness_seconds", 'service="store",', **buckets)


CASES: tuple[Case, ...] = (
    fires(
        "ItemsUnaccounted",
        "one item in the last hour",
        "40m",
        {UNACCOUNTED: "0x30 1x30"},
        "1 items ended unaccounted in the last hour",
        severity=PAGE,
    ),
    fires(
        "ItemsUnaccounted",
        "the counter is born with its first item",
        "40m",
        {UNACCOUNTED: "_x30 1x30"},
        "1 items ended unaccounted in the last hour",
        severity=PAGE,
    ),
    silent("ItemsUnaccounted", "the last one was hours ago", "110m", {UNACCOUNTED: "0x10 3x120", STORED: "0+10x120"}),
    fires(
        "ItemsOverdue",
        "no wave ends",
        "185m",
        {'onrecord_ledger_overdue{service="feed"}': "4x200"},
        "4 items are past their deadline, and no wave looks for them to its end",
        severity=TICKET,
    ),
    silent("ItemsOverdue", "a wave found them", "185m", {'onrecord_ledger_overdue{service="feed"}': "4x150 0x60"}),
    fires(
        "LedgerStands",
        "items in and none out",
        "50m",
        {FOUND: "0+1x60", STORED: "7x60"},
        "30 items were found in half an hour and none ended",
        severity=PAGE,
    ),
    fires(
        "LedgerStands",
        "none ever ended",
        "50m",
        {FOUND: "0+1x60"},
        "30 items were found in half an hour and none ended",
        severity=PAGE,
    ),
    silent("LedgerStands", "items end", "50m", {FOUND: "0+1x60", STORED: "0+1x60"}),
    silent("LedgerStands", "a quiet night", "50m", {FOUND: "100x60", STORED: "100x60"}),
    fires(
        "ItemsSlow",
        "two in ten take longer than ten minutes",
        "50m",
        duration("live", le600="0+8x60", le1800="0+10x60", le="0+10x60"),
        "one stored item in ten takes over 20m 0s from discovery to its end",
        severity=PAGE,
    ),
    silent(
        "ItemsSlow",
        "only backfill is slow",
        "50m",
        duration("backfill", le600="0+1x60", le1800="0+10x60", le="0+10x60")
        | duration("live", le600="0+10x60", le1800="0+10x60", le="0+10x60"),
    ),
    fires(
        "FreshnessLost",
        "most news is older than three hours",
        "3h",
        freshness(le10800="0+1x200", le28800="0+10x200", le="0+10x200"),
        "half of the stored articles were published over 5h 13m 20s before",
        severity=TICKET,
    ),
    silent("FreshnessLost", "most news is young", "3h", freshness(le10800="0+6x200", le28800="0+10x200", le="0+10x200")),
)
