"""The first thing that runs in the sandbox: it sets the limits, then starts the kernel.

    python -I launch.py '{"limits": {"RLIMIT_DATA": bytes, ...}, "user": id or null,
                          "keep": true or false, "place": folder, "command": [...]}'

It needs only the standard library of Python 3.8. With `user` it gives up root for that id, so that
the limit of processes binds. With `keep` it stays as the parent to which everything falls that a
submission detaches, where no namespace of processes does that.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys

PR_SET_CHILD_SUBREAPER = 36  # prctl(2)
NICE = 5  # the grader's own process comes first, a fork bomb or not


def main() -> None:
    request = json.loads(sys.argv[1])
    os.umask(0o077)
    os.nice(NICE)
    if request["user"] is not None:
        give_up_root(request["user"])
    os.chdir(request["place"])
    for name, most in request["limits"].items():
        set_limit(getattr(resource, name), most)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
    if not request["keep"]:
        os.execv(request["command"][0], request["command"])
    keep(request["command"])


def give_up_root(user: int) -> None:
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def set_limit(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, most))


def keep(command: list[str]) -> None:
    """Start the command and stay its parent, and that of all it leaves behind, until it ends."""
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    child = os.spawnv(os.P_NOWAIT, command[0], command)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            ended, _ = os.wait()
        except ChildProcessError:
            return
        if ended == child:  # the grader ends the rest
            signal.pause()


if __name__ == "__main__":
    main()
