"""One service from the inside; the variable picks which."""

from board import Dashboard, Panel, Query, Row, label_variable, quantiles

OF = 'service="$service"'


def a_minute(metric: str, *by: str) -> Query:
    legend = " ".join(f"{{{{{label}}}}}" for label in by)
    return Query(f"sum by ({', '.join(by)}) (60 * rate({metric}{{{OF}}}[$__rate_interval]))", legend)


def each(metric: str, *, suffix: str = "") -> Query:
    return Query(f"{metric}{{{OF}}}", "{{instance}}" + suffix)


RECORDS = Row(
    "Records",
    (
        Panel(
            "Consumed a minute",
            "Records handed to handlers, by topic.",
            "short",
            (a_minute("messaging_client_consumed_messages_total", "topic"),),
        ),
        Panel(
            "Sent a minute",
            "Records that the broker acknowledged, by topic.",
            "short",
            (a_minute("messaging_client_sent_messages_total", "topic"),),
        ),
        Panel(
            "Lag",
            "Records not yet finished, by topic; a retry tier's wait for their time.",
            "short",
            (Query(f"sum by (topic) (messaging_kafka_consumer_lag{{{OF}}})", "{{topic}}"),),
        ),
        Panel(
            "Handler's time",
            "From a handler's call to its verdict, by type of event.",
            "s",
            quantiles("messaging_process_duration_seconds", by="type", matching=OF, of=(0.5, 0.99)),
        ),
        Panel(
            "Broker's time",
            "Sends until acknowledged, and commits.",
            "s",
            quantiles("messaging_client_operation_duration_seconds", by="operation", matching=OF, of=(0.5, 0.99)),
        ),
        Panel("In flight", "Records received and not finished, by replica.", "short", (each("onrecord_in_flight"),)),
    ),
)

FAULTS = Row(
    "What goes wrong",
    (
        Panel(
            "Retries a minute",
            "Records put into a retry tier, by reason and tier.",
            "short",
            (a_minute("onrecord_retries_total", "reason", "tier"),),
            stacked=True,
        ),
        Panel(
            "Dead letters a minute",
            "Records that no retry mends, by reason.",
            "short",
            (a_minute("onrecord_dlq_records_total", "reason"),),
            stacked=True,
        ),
        Panel(
            "Ends a minute",
            "Outcomes that this service gave.",
            "short",
            (a_minute("onrecord_items_total", "outcome"),),
            stacked=True,
        ),
        Panel(
            "Ready and tripped",
            "1 where readiness holds; 1 where the breaker stopped the replica.",
            "short",
            (each("onrecord_ready", suffix=" ready"), each("onrecord_breaker_tripped", suffix=" tripped")),
        ),
        Panel(
            "Dependency away",
            "Seconds since a broker or database stopped to answer.",
            "s",
            (Query(f"max by (dependency) (onrecord_dependency_away_seconds{{{OF}}})", "{{dependency}}"),),
        ),
        Panel("Held up", "Tasks that wait for a dependency just now.", "short", (each("onrecord_held_up"),)),
    ),
)

WORK = Row(
    "Workers and database",
    (
        Panel(
            "Worker's time",
            "One job in a worker process, by pool: extraction is `parse`, the statement engine `engine`.",
            "s",
            quantiles("onrecord_workers_duration_seconds", by="pool", matching=OF, of=(0.5, 0.99)),
        ),
        Panel(
            "Worker's queue",
            "Jobs handed over and not finished, by pool.",
            "short",
            (Query(f"sum by (pool) (onrecord_workers_queued{{{OF}}})", "{{pool}}"),),
        ),
        Panel(
            "Workers killed a minute",
            "Worker processes ended by a limit; each is one lost job.",
            "short",
            (a_minute("onrecord_workers_killed_total", "pool"),),
        ),
        Panel(
            "Outbox: rows",
            "Rows that the broker has not acknowledged.",
            "short",
            (Query(f"max(onrecord_outbox_unsent{{{OF}}})", "unsent"),),
        ),
        Panel("Outbox: age", "Age of the oldest of them.", "s", (Query(f"max(onrecord_outbox_age_seconds{{{OF}}})", "oldest"),)),
        Panel(
            "Database connections",
            "By state, and the most that the pool may open.",
            "short",
            (
                Query(f"sum by (state) (db_client_connection_count{{{OF}}})", "{{state}}"),
                Query(f"sum(db_client_connection_max{{{OF}}})", "most"),
            ),
        ),
    ),
)

PROCESS = Row(
    "Processes",
    (
        Panel("Partitions", "Partitions assigned, by replica.", "short", (each("onrecord_assigned_partitions"),)),
        Panel(
            "CPU",
            "Cores used by the service's own process; its workers are not in it.",
            "short",
            (Query(f"rate(process_cpu_seconds_total{{{OF}}}[$__rate_interval])", "{{instance}}"),),
        ),
        Panel(
            "Memory",
            "Resident memory of the service's own process; its workers are not in it.",
            "bytes",
            (each("process_resident_memory_bytes"),),
        ),
    ),
)

DASHBOARD = Dashboard(
    "onrecord-service",
    "onrecord: service",
    "One service: its records, faults, workers, database and processes.",
    (RECORDS, FAULTS, WORK, PROCESS),
    (label_variable("service", "Service", 'label_values(up{job="onrecord"}, service)'),),
)
