from observability.cases import PAGE, TICKET, Case, fires, silent


def feeds(state: str) -> str:
    return f'onrecord_feeds{{state="{state}",service="feed",instance="a"}}'


def polls(result: str) -> str:
    return f'onrecord_polls_total{{result="{result}",service="feed",instance="a"}}'


def fetches(status: str) -> str:
    return f'onrecord_fetches_total{{status="{status}",service="scraper",instance="a"}}'


CASES: tuple[Case, ...] = (
    fires(
        "FeedsOverdue",
        "the pollers stand",
        "45m",
        {feeds("overdue"): "3x60"},
        "3 feeds should have been polled and were not",
        severity=PAGE,
    ),
    silent("FeedsOverdue", "a restart's backlog is worked off", "45m", {feeds("overdue"): "30-2x15 0x60"}),
    fires(
        "PollsFail",
        "three of four",
        "100m",
        {polls("fetch_failed"): "0+3x120", polls("items"): "0+1x120"},
        "75% of the polls fail",
        severity=PAGE,
    ),
    *(
        silent("PollsFail", f"all well, {result}", "100m", {polls(result): "0+9x120", polls("gone"): "0+1x120"})
        for result in ("items", "nothing_new", "unchanged", "not_modified")
    ),
    silent("PollsFail", "too few polls to tell", "100m", {polls("fetch_failed"): "0+0.25x120", polls("items"): "0x120"}),
    fires(
        "FetchesFail",
        "name resolution is away",
        "60m",
        {fetches("dns_error"): "0+3x90", fetches("2xx"): "0+1x90"},
        "75% of the page fetches bring no answer",
        severity=PAGE,
    ),
    silent(
        "FetchesFail",
        "sites refuse, and so answer",
        "60m",
        {
            fetches("4xx"): "0+5x90",
            fetches("5xx"): "0+2x90",
            fetches("body_too_large"): "0+1x90",
            fetches("timeout_total"): "0+1x90",
        },
    ),
    fires(
        "SourcesSilent",
        "one of twenty",
        "90m",
        {feeds("silent"): "1x120", feeds("active"): "20x120"},
        "1 feeds are silent for much longer than is their way",
        severity=TICKET,
    ),
    silent("SourcesSilent", "one of a hundred", "90m", {feeds("silent"): "1x120", feeds("active"): "100x120"}),
    silent("SourcesSilent", "none", "90m", {feeds("silent"): "0x120", feeds("active"): "20x120"}),
    fires(
        "SourcesFlooding",
        "one pours out its archive",
        "30m",
        {feeds("flooding"): "1x60"},
        "1 feeds bring ten times their usual number of items",
        severity=TICKET,
    ),
    silent("SourcesFlooding", "it was one poll", "30m", {feeds("flooding"): "1x10 0x60"}),
)
