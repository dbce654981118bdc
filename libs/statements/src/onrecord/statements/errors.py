"""Errors of the statement engine.

StatementError
└── ModelNotInstalled   kind="model" was asked for and no weights member is there
"""


class StatementError(Exception):
    """Any failure a caller of the engine may want to catch."""


class ModelNotInstalled(StatementError):
    """No installed member offers model weights; `Engine(kind="rules")` works without any."""
