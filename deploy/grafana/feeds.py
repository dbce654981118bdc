"""The outside world: which feeds answer, and how page fetches end."""

from board import Dashboard, Panel, Query, Row, quantiles

WELL = "items|nothing_new|unchanged|not_modified"


def state(name: str, title: str, description: str, alarm: float | None = None) -> Panel:
    query = Query(f'max(onrecord_feeds{{state="{name}"}})')
    return Panel(title, description, "short", (query,), kind="stat", width=4, alarm=alarm)


FEEDS = Row(
    "Feeds",
    (
        state("active", "Active", "Feeds that are polled."),
        state("failing", "Failing", "Active feeds whose last poll failed."),
        state("stopped", "Stopped", "Feeds that answered 410: polled no more."),
        state("overdue", "Overdue", "Active feeds that should have been polled ten minutes ago.", 1),
        state("silent", "Silent", "Active feeds without news for twenty times their pace, two days at least.", 1),
        state("flooding", "Flooding", "Feeds whose last poll brought ten times their usual number of items.", 1),
        Panel(
            "Feeds by state",
            "A feed may be in several states.",
            "short",
            (Query("max by (state) (onrecord_feeds)", "{{state}}"),),
            width=12,
        ),
        Panel(
            "Items found a minute",
            "What polls put into the ledger, by reason.",
            "short",
            (Query("sum by (reason) (60 * rate(onrecord_items_found_total[$__rate_interval]))", "{{reason}}"),),
            width=12,
            stacked=True,
        ),
    ),
)

POLLS = Row(
    "Polls",
    (
        Panel(
            "Polls a minute",
            "By result; docs/operate.md tells the words.",
            "short",
            (Query("sum by (result) (60 * rate(onrecord_polls_total[$__rate_interval]))", "{{result}}"),),
            width=12,
            stacked=True,
        ),
        Panel(
            "Share of failed polls",
            "All results but items, nothing_new, unchanged and not_modified.",
            "percentunit",
            (
                Query(
                    f'(sum(rate(onrecord_polls_total{{result!~"{WELL}"}}[$__rate_interval])) or vector(0))'
                    " / sum(rate(onrecord_polls_total[$__rate_interval]))",
                    "failed",
                ),
            ),
            width=12,
        ),
    ),
)

FETCHES = Row(
    "Page fetches",
    (
        Panel(
            "Fetches a minute",
            "By status class, or by the reason why there was no answer.",
            "short",
            (Query("sum by (status) (60 * rate(onrecord_fetches_total[$__rate_interval]))", "{{status}}"),),
            stacked=True,
        ),
        Panel(
            "Time of a fetch",
            "From the request to the last byte, without the wait for the host's turn.",
            "s",
            quantiles("http_client_request_duration_seconds", matching='service="scraper"', of=(0.5, 0.9, 0.99)),
        ),
        Panel(
            "Scraper's retries a minute",
            "By reason: `host_busy` is politeness, the others are the sites' faults.",
            "short",
            (Query('sum by (reason) (60 * rate(onrecord_retries_total{service="scraper"}[$__rate_interval]))', "{{reason}}"),),
            stacked=True,
        ),
    ),
)

DASHBOARD = Dashboard(
    "onrecord-feeds",
    "onrecord: feeds",
    "Feeds by state, polls by result and page fetches by status.",
    (FEEDS, POLLS, FETCHES),
)
