"""What ends a command with one line on stderr.

CommandFailed        exit code 2: wrong use, wrong settings, or something needed is not there
├── NotRunning       no running onrecord was found, or it does not answer
└── NothingFound     exit code 1: the answer is no
"""


class CommandFailed(Exception):
    exit_code = 2


class NotRunning(CommandFailed):
    pass


class NothingFound(CommandFailed):
    exit_code = 1
