"""The whole line on one page: what came in, how it ended, what is on its way and how late it is."""

from board import Dashboard, Panel, Query, Row, quantiles

LIVE = 'topic!~".*[.](backfill|retry[.][^.]+)"'
A_MINUTE = "60 * rate({}[$__rate_interval])"


def a_minute(metric: str, by: str) -> Query:
    return Query(f"sum by ({by}) ({A_MINUTE.format(metric)})", f"{{{{{by}}}}}")


LEDGER = Row(
    "The ledger: in = ended + open",
    (
        Panel(
            "Items in",
            "Item revisions that feed put into the ledger, in the time shown.",
            "short",
            (Query("sum(increase(onrecord_items_found_total[$__range]))"),),
            kind="stat",
            width=6,
        ),
        Panel(
            "Items ended",
            "Item revisions with an outcome, each counted once, in the time shown.",
            "short",
            (Query("sum(increase(onrecord_items_total[$__range]))"),),
            kind="stat",
            width=6,
        ),
        Panel(
            "Open",
            "Item revisions without outcome just now. Those in a retry tier are among them.",
            "short",
            (Query("max(onrecord_ledger_open)"),),
            kind="stat",
            width=6,
        ),
        Panel(
            "Unaccounted",
            "Items of which no service told the end after three emissions, in the time shown. Must be 0.",
            "short",
            (Query('sum(increase(onrecord_items_total{outcome="unaccounted"}[$__range])) or vector(0)'),),
            kind="stat",
            width=6,
            alarm=1,
        ),
        Panel(
            "In and ended a minute",
            "The two lines lie on each other when all is well.",
            "short",
            (
                Query("sum(60 * rate(onrecord_items_found_total[$__rate_interval]))", "in"),
                Query("sum(60 * rate(onrecord_items_total[$__rate_interval]))", "ended"),
            ),
        ),
        Panel(
            "Ends by kind, a minute",
            "Outcomes; `stored` is the good one, `dead_letter` and `unaccounted` are ours to mend.",
            "short",
            (a_minute("onrecord_items_total", "outcome"),),
            stacked=True,
        ),
        Panel(
            "Open and overdue",
            "Overdue: past the deadline, so that feed looks for them in waves.",
            "short",
            (Query("max(onrecord_ledger_open)", "open"), Query("max(onrecord_ledger_overdue)", "overdue")),
        ),
    ),
)

LATE = Row(
    "How late is the news",
    (
        Panel(
            "Publication to stored row",
            "Freshness. The time until the next poll is most of it.",
            "s",
            quantiles("onrecord_freshness_seconds"),
        ),
        Panel(
            "Discovery to end",
            "What the four services need for one stored item, without the wait for a poll.",
            "s",
            quantiles("onrecord_item_duration_seconds", by="lane"),
        ),
        Panel(
            "Lag by service",
            "Records not yet finished on the live lanes. Retry tiers wait on purpose and are left out.",
            "short",
            (Query(f"sum by (service) (messaging_kafka_consumer_lag{{{LIVE}}})", "{{service}}"),),
        ),
    ),
)

FLOW = Row(
    "The services",
    (
        Panel(
            "Statements a minute",
            "As the extractor finds them, by kind.",
            "short",
            (a_minute("onrecord_statements_total", "kind"),),
            stacked=True,
        ),
        Panel(
            "Records acknowledged a minute",
            "By topic, as the broker acknowledged them.",
            "short",
            (a_minute("messaging_client_sent_messages_total", "topic"),),
        ),
        Panel(
            "Dead letters a minute",
            "Records that no retry mends, by service and reason.",
            "short",
            (
                Query(
                    "sum by (service, reason) (60 * rate(onrecord_dlq_records_total[$__rate_interval]))", "{{service}} {{reason}}"
                ),
            ),
        ),
        Panel(
            "Ready replicas",
            "Replicas whose readiness holds.",
            "short",
            (Query("sum by (service) (onrecord_ready)", "{{service}}"),),
        ),
        Panel(
            "Dependency away",
            "Seconds since a broker or database stopped to answer; 0 when all is well.",
            "s",
            (Query("max by (service, dependency) (onrecord_dependency_away_seconds)", "{{service}} {{dependency}}"),),
        ),
        Panel(
            "Outbox age",
            "Age of the oldest row that the broker has not acknowledged.",
            "s",
            (Query("max by (service) (onrecord_outbox_age_seconds)", "{{service}}"),),
        ),
    ),
)

DASHBOARD = Dashboard(
    "onrecord-overview",
    "onrecord: overview",
    "Items in, their ends, what is open, freshness and lag.",
    (LEDGER, LATE, FLOW),
)
