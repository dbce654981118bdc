"""What can go wrong with the embedded broker and database.

EmbeddedError
├── JavaMissing          no Java 17 or newer was found
├── JarsUnavailable      the pinned jars are not cached and could not be fetched
├── JarMismatch          a jar is not the pinned one; it is never run
├── TansuMissing         the wheel with the substitute broker is not installed
├── BrokerUnavailable    none of the brokers can be had here; the message says what would help
├── FolderInUse          another runner holds this folder
├── PortTaken            the port asked for belongs to another process
└── StartFailed          the process ended or stayed silent; the end of its log is in the message
"""


class EmbeddedError(Exception):
    pass


class JavaMissing(EmbeddedError):
    pass


class JarsUnavailable(EmbeddedError):
    pass


class JarMismatch(EmbeddedError):
    pass


class TansuMissing(EmbeddedError):
    pass


class BrokerUnavailable(EmbeddedError):
    pass


class FolderInUse(EmbeddedError):
    pass


class PortTaken(EmbeddedError):
    pass


class StartFailed(EmbeddedError):
    pass
