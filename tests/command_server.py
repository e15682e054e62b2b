"""Runs `python -m bot …` again and again: the program is imported once, each command is forked.

`tests/commands.py` starts it, one for each process of a run, and asks it over a socket. A command has
a process, an environment and an end of its own, as if it had been started anew; what is saved are
the one to four seconds in which it imports the program.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import socket
import sys
from dataclasses import dataclass

from bot.rasa_stubs import install_stubs

#: What commands import when they run. None of them may read settings or data as it is imported.
PRELOADED = (
    "bot.__main__", "bot.bootstrap", "bot.casework.areas", "bot.casework.duties",
    "bot.casework.duty_store", "bot.casework.resealing", "bot.channels.sms.gateway",
    "bot.channels.wechat.account", "bot.data_lock", "bot.db.migrate", "bot.db.sealed_rows",
    "bot.db.session", "bot.db.tables", "bot.documents.search", "bot.documents.store",
    "bot.nlu.training", "bot.places.demo", "bot.policies.load", "bot.policies.search",
    "bot.policy_authoring.xlsx", "bot.ports", "bot.postings.ingest.importer",
    "bot.postings.ingest.interrupted", "bot.runtime.in_process", "bot.supervisor",
    "bot.vocabulary.sync", "actions.answer",
)  # fmt: skip


@dataclass(frozen=True)
class Command:
    """A command that is asked for."""

    words: list[str]
    environment: dict[str, str]
    files: list[str]
    """Of its input, its output and its errors."""
    limit: int | None
    """The size in bytes that no file may grow beyond."""

    def begin(self) -> None:
        """Make this process the one that runs the command."""
        os.environ.clear()
        os.environ.update(self.environment)
        for number, file in enumerate(self.files):
            opened = os.open(file, os.O_RDWR)
            os.dup2(opened, number)
            os.close(opened)
        if self.limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.limit, self.limit))
        sys.argv = ["bot", *self.words]


def serve(channel: socket.socket) -> Command | None:
    """Run commands until nobody asks for any more.

    Returns a command in the process that is to run it, None in the end.
    """
    requests = channel.makefile("r", encoding="utf-8")
    for line in requests:
        command = Command(**json.loads(line))
        pid = os.fork()
        if pid == 0:
            requests.close()
            channel.close()
            return command
        channel.sendall(f"{pid}\n".encode())
        _, status, used = os.wait4(pid, 0)
        seconds = used.ru_utime + used.ru_stime
        channel.sendall(f"{os.waitstatus_to_exitcode(status)} {seconds}\n".encode())
    return None


def main() -> None:
    """Import the program, then run what is asked for at the socket of the number given."""
    install_stubs()
    for module in PRELOADED:
        importlib.import_module(module)
    from bot.__main__ import main as run
    from bot.settings import settings

    assert not settings.cache_info().currsize, "settings are read as a module is imported"
    gc.collect()
    gc.freeze()  # what is there to stay is neither looked through nor copied in the commands
    command = serve(socket.socket(fileno=int(sys.argv[1])))
    if command is not None:
        command.begin()
        run()


if __name__ == "__main__":
    main()
