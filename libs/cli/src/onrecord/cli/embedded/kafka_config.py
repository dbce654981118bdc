from .ports import LOOPBACK

MIB = 1024 * 1024

HEAP_MIB = 256  # measured: 200 MB resident idle; the news of a laptop never fills it
OFFSETS_PARTITIONS = 10  # the default 50 costs 50 file sets for a dozen groups
MESSAGE_MAX_BYTES = 8 * MIB  # a page record is at most 2 MiB; room for its headers and for uncompressed dead letters
SOCKET_REQUEST_MAX_BYTES = 32 * MIB  # a produce request of several such records
SEGMENT_BYTES = 128 * MIB  # retention deletes whole segments: smaller ones give a laptop's disk back sooner
INDEX_BYTES = 1 * MIB  # preallocated per open segment, twice; indexes 512 MiB of log at the default interval
CLEANER_BUFFER_BYTES = 8 * MIB  # default 128 MiB of heap; 8 hold 300,000 keys a pass
OFFSETS_KEPT_MINUTES = 30 * 24 * 60  # a laptop that sleeps for three weeks resumes where it stopped
# A killed broker may register again only after its session: 12 s from kill to served with the default 9 s, measured.
SESSION_MS = 2_000
HEARTBEAT_MS = 500

JVM_FLAGS = (
    f"-Xmx{HEAP_MIB}m",
    "-XX:+UseSerialGC",  # 40 MB less than the default collector
    "-XX:TieredStopAtLevel=1",  # starts 0.5 s sooner, on two cores
    "-XX:+ExitOnOutOfMemoryError",  # a broker that limps is worse than one that is restarted
    "-XX:-UsePerfData",  # no files in the system's temporary folder
    "-Djava.awt.headless=true",
)


def server_properties(client_port: int, controller_port: int) -> str:
    settings: dict[str, object] = {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.voters": f"1@{LOOPBACK}:{controller_port}",
        "listeners": f"CLIENT://{LOOPBACK}:{client_port},CONTROLLER://{LOOPBACK}:{controller_port}",
        "advertised.listeners": f"CLIENT://{LOOPBACK}:{client_port}",
        "listener.security.protocol.map": "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "CLIENT",
        "controller.listener.names": "CONTROLLER",
        "log.dirs": "data",  # relative: a folder's name may hold what a properties file cannot
        "auto.create.topics.enable": "false",
        "unclean.leader.election.enable": "false",
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": OFFSETS_PARTITIONS,
        "offsets.retention.minutes": OFFSETS_KEPT_MINUTES,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 1,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        "share.coordinator.state.topic.num.partitions": 1,
        "group.initial.rebalance.delay.ms": 0,
        "broker.session.timeout.ms": SESSION_MS,
        "broker.heartbeat.interval.ms": HEARTBEAT_MS,
        "message.max.bytes": MESSAGE_MAX_BYTES,
        "replica.fetch.max.bytes": MESSAGE_MAX_BYTES,
        "socket.request.max.bytes": SOCKET_REQUEST_MAX_BYTES,
        "log.segment.bytes": SEGMENT_BYTES,
        "log.index.size.max.bytes": INDEX_BYTES,
        "log.cleaner.dedupe.buffer.size": CLEANER_BUFFER_BYTES,
        "log.cleaner.threads": 1,
        "num.network.threads": 2,
        "num.io.threads": 4,
        "background.threads": 2,
        "num.recovery.threads.per.data.dir": 2,
    }
    return "".join(f"{key}={value}\n" for key, value in settings.items())


def log4j_properties() -> str:
    lines = (
        "status=error",
        "appender.out.type=Console",
        "appender.out.name=OUT",
        "appender.out.layout.type=PatternLayout",
        "appender.out.layout.pattern=%d{ISO8601} %p %c{1} %m%n",
        "rootLogger.level=warn",
        "rootLogger.appenderRef.out.ref=OUT",
        "logger.kafka.name=kafka.server",
        "logger.kafka.level=info",
    )
    return "\n".join(lines) + "\n"
