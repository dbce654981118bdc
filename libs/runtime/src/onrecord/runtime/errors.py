"""What ends a start."""


class StartRefused(Exception):
    """One line for a person: why the service does not start, and what mends it."""
