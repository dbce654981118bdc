from observability.cases import PAGE, TICKET, Case, fires, silent


def up(service: str, instance: str = "a") -> str:
    return f'up{{job="onrecord",service="{service}",instance="{instance}"}}'


def disk(name: str, fstype: str = "ext4") -> str:
    return f'node_filesystem_{name}_bytes{{instance="a",device="/dev/vda",fstype="{fstype}",mountpoint="/data"}}'


ALL_UP = {up(name): "1x20" for name in ("feed", "scraper", "extractor", "store")}
READY_A, READY_B = (f'onrecord_ready{{service="scraper",instance="{name}"}}' for name in "ab")
STARTED = 'process_start_time_seconds{job="onrecord",service="store",instance="a"}'
KILLED = 'onrecord_workers_killed_total{pool="parse",service="extractor",instance="a"}'
EXPIRY = 'probe_ssl_earliest_cert_expiry{job="certificates",instance="kafka:9093"}'
OF_DISK = {"instance": "a", "device": "/dev/vda", "fstype": "ext4", "mountpoint": "/data"}
FULL_SOON = "/data at a is full within a day, or nine tenths full"

CASES: tuple[Case, ...] = (
    fires(
        "ServiceDown",
        "its only replica does not answer",
        "5m",
        ALL_UP | {up("feed"): "0x20"},
        "no replica of feed answers",
        severity=PAGE,
        service="feed",
    ),
    fires(
        "ServiceDown",
        "it is not there at all",
        "5m",
        {name: values for name, values in ALL_UP.items() if "store" not in name},
        "no replica of store answers",
        severity=PAGE,
        service="store",
        job="onrecord",
    ),
    silent("ServiceDown", "one of two replicas", "5m", ALL_UP | {up("feed", "b"): "0x20"}),
    fires(
        "ServiceNotReady",
        "neither replica",
        "8m",
        {READY_A: "0x20", READY_B: "0x20"},
        "no replica of scraper is ready",
        severity=PAGE,
        service="scraper",
    ),
    silent("ServiceNotReady", "a replica in reserve has no partitions", "8m", {READY_A: "1x20", READY_B: "0x20"}),
    fires(
        "ServiceRestarts",
        "four starts",
        "25m",
        {STARTED: "0x4 300x4 600x4 900x4 1200x9"},
        "store at a started 4 times in half an hour",
        severity=PAGE,
        service="store",
        instance="a",
    ),
    silent("ServiceRestarts", "a rollout", "25m", {STARTED: "0x10 600x20"}),
    fires(
        "WorkersKilled",
        "one a minute",
        "45m",
        {KILLED: "0+1x60"},
        "30 parse workers of extractor were killed in half an hour",
        severity=TICKET,
        service="extractor",
        pool="parse",
    ),
    silent("WorkersKilled", "single hostile pages", "45m", {KILLED: "0+0.5x60"}),
    fires(
        "DiskFills",
        "nine tenths are full",
        "20m",
        {disk("avail"): "9x30", disk("size"): "100x30"},
        FULL_SOON,
        severity=PAGE,
        **OF_DISK,
    ),
    fires(
        "DiskFills",
        "half full, and full tonight",
        "60m",
        {disk("avail"): "5000-5x90", disk("size"): "10000x90"},
        FULL_SOON,
        severity=PAGE,
        **OF_DISK,
    ),
    silent("DiskFills", "it fills within a week", "60m", {disk("avail"): "5000-0.5x90", disk("size"): "10000x90"}),
    silent("DiskFills", "memory, not a disk", "20m", {disk("avail", "tmpfs"): "1x30", disk("size", "tmpfs"): "100x30"}),
    fires(
        "CertificateExpires",
        "eleven days are left",
        "2h",
        {EXPIRY: "1000000x150"},
        "the certificate of kafka:9093 expires in 11d 11h 46m 40s",
        severity=TICKET,
        job="certificates",
        instance="kafka:9093",
    ),
    silent("CertificateExpires", "three weeks are left", "2h", {EXPIRY: "2000000x150"}),
)
