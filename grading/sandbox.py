"""A command in bounds: what it may read, write, reach and use, and that all of it ends.

Where bubblewrap works, the command has namespaces of its own: it sees the system's programs,
the folders named as readable, and its own folder; no network, no other process. Elsewhere it has a
process group, a home and limits only, and `protection()` says so.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Iterator, Sequence

import psutil

LAUNCH = Path(__file__).with_name("launch.py")
SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]
SETTINGS = ["ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "fonts", "localtime"]
HOME, TEMPORARY, SOCKETS = "/home/student", "/tmp", "/run/grading"
FOLDERS = {"home": HOME, "tmp": TEMPORARY, "sockets": SOCKETS, "shm": "/dev/shm"}
NAMESPACES = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
AS_ROOT = ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
AS_USER = ["--unshare-user"]
MOST_FILES = 50_000  # in all folders of a sandbox: empty ones fill a disk too
DEEPEST = 60  # folders in folders
DISK_EVERY = 1.0  # seconds between two looks at the sizes of all files, or 5 times what one takes
ENDING = 10.0  # seconds within which everything must be gone
counter = itertools.count()


@dataclass(frozen=True)
class Limits:
    """What one run of a notebook may use; sizes in bytes, times in seconds."""

    cell_seconds: float = 120.0
    total_seconds: float = 900.0
    memory: int = 4 * 2**30  # of all its processes together
    output: int = 20 * 2**20  # of one cell: text, pictures, errors
    processes: int = 100  # beside their threads
    disk: int = 2**30  # beyond the copies it starts with


class SandboxError(Exception):
    """The sandbox could not be made, in a sentence."""


class Sandbox:
    """A folder for one command, the command in bounds, and what both leave: nothing.

    `reads` are the files and folders that the command may read, at their own paths; `python` is
    the interpreter that sets the limits. Use it as a context: at its end every process is gone and
    the folder removed.
    """

    def __init__(self, limits: Limits, python: Path, reads: Sequence[Path]) -> None:
        self.limits = limits
        self.python = python
        self.reads = list(reads)
        self.mode = mode(python, tuple(reads))
        self.user = free_user() if self.mode == "root" else None
        self.process: subprocess.Popen | None = None
        self.kernel: psutil.Process | None = None
        self.size_at_start = 0
        self.next_look = 0.0

    def __enter__(self) -> Sandbox:
        self.folder = Path(tempfile.mkdtemp(prefix="grade-"))
        for name in FOLDERS:
            (self.folder / name).mkdir()
            (self.folder / name).chmod(0o755)  # the folder around them is closed to others
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.end()
        finally:
            remove_folder(self.folder)

    def inside(self, path: Path) -> str:
        """Return the path that a file in this sandbox has for the command."""
        if self.mode is None:
            return str(path)
        name, *rest = path.relative_to(self.folder).parts
        return "/".join([FOLDERS[name], *rest])

    def start(self, command: Sequence[str], place: Path, variables: dict[str, str]) -> None:
        """Start the command in a folder of this sandbox, with these variables and no others."""
        (self.folder / "passwd").write_text(
            f"student:x:{self.user or os.getuid()}:{self.user or os.getgid()}::{HOME}:/bin/sh\n"
        )
        own(self.folder, self.user)
        self.size_at_start, _ = measure(self.folder)
        request = {
            "limits": self.resource_limits(),
            "user": self.user,
            "keep": self.mode is None,
            "place": self.inside(place),
            "command": list(command),
        }
        launch = [str(self.python), "-I", str(LAUNCH), json.dumps(request)]
        if self.mode:
            launch = [*self.bubblewrap(), *launch]
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                launch,
                cwd="/",
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def bubblewrap(self) -> list[str]:
        """Return the command that makes the namespaces, up to the command to run in them."""
        binds: list[str] = []
        for name, path in FOLDERS.items():
            if name != "shm":
                binds += ["--bind", str(self.folder / name), path]
        return [
            *bubblewrap_base(self.mode or "", self.reads, binds),
            *["--bind", str(self.folder / "shm"), "/dev/shm"],
            *["--ro-bind", str(self.folder / "passwd"), "/etc/passwd"],
            *["--remount-ro", "/", "--remount-ro", "/dev", "--"],
        ]

    def resource_limits(self) -> dict[str, int]:
        limits = {
            "RLIMIT_CORE": 0,
            "RLIMIT_DATA": self.limits.memory,
            "RLIMIT_FSIZE": self.limits.disk,
        }
        if self.user is not None:  # counts the threads of an id that has no other processes
            limits["RLIMIT_NPROC"] = 4 * self.limits.processes + 16 * (os.cpu_count() or 1)
        return limits

    # --- while it runs --------------------------------------------------------------------------

    def processes(self) -> list[psutil.Process]:
        """Return what the command started, itself included and its launchers not."""
        if self.process is None:
            return []
        try:
            found = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.Error:
            return []
        return found[1:] if self.mode else found  # the first is the parent of all, bubblewrap's

    def find_kernel(self) -> None:
        """Note which process is the command itself; call it before a submission's code runs."""
        found = self.processes()
        self.kernel = found[0] if found else None

    def is_alive(self) -> bool:
        """Return whether the command itself still runs."""
        if self.process is None or self.process.poll() is not None:
            return False
        if self.kernel is None:
            return True
        try:
            return self.kernel.is_running() and self.kernel.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    def interrupt(self) -> None:
        with suppress(psutil.Error):
            if self.kernel:
                self.kernel.send_signal(signal.SIGINT)

    def passed(self) -> str | None:
        """Return the limit of memory, processes or disk that is passed now, or None."""
        processes = self.processes()
        if len(processes) > self.limits.processes:
            return processes_limit(self.limits)
        if memory_of(processes, self.limits.memory) > self.limits.memory:
            return memory_limit(self.limits)
        started = time.monotonic()
        if started < self.next_look:
            return None
        size, files = measure(self.folder)
        taken = time.monotonic() - started
        self.next_look = started + max(DISK_EVERY, 5 * taken)
        if size - self.size_at_start > self.limits.disk or files > MOST_FILES:
            return disk_limit(self.limits)
        return None

    def log(self) -> str:
        """Return the last lines that the command wrote past its messages."""
        text = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
        return " ".join(text[-2000:].split())

    def end(self) -> None:
        """End everything that was started here, and wait until it is gone."""
        if self.process is None:
            return
        deadline = time.monotonic() + ENDING
        if self.mode is None:
            end_descendants(self.process.pid, deadline)
            self.process.kill()
        else:
            rest = self.processes()
            self.process.kill()  # its child, the first of the namespace, dies with it, so do all
            psutil.wait_procs(rest, timeout=max(0.1, deadline - time.monotonic()))
        self.process.wait(ENDING)
        self.process = None


def processes_limit(limits: Limits) -> str:
    return f"processes: {limits.processes}"


def output_limit(limits: Limits) -> str:
    return f"output: {size_text(limits.output)}"


def memory_limit(limits: Limits) -> str:
    return f"memory: {size_text(limits.memory)}"


def disk_limit(limits: Limits) -> str:
    return f"disk: {size_text(limits.disk)}"


def size_text(size: int) -> str:
    """Return a size as people write it: `4 GB`, `20 MB`."""
    unit, name = next(
        ((unit, name) for unit, name in ((2**30, "GB"), (2**20, "MB")) if size >= unit),
        (2**10, "kB"),
    )
    return f"{size / unit:.3g} {name}"


# --- how well it protects -------------------------------------------------------------------------


def protection(python: Path, reads: Sequence[Path]) -> str:
    """Return what bounds a submission here: `bubblewrap 0.8.0`, or a warning that says why not."""
    if mode(python, tuple(reads)):
        return bubblewrap_version()
    why = "it is installed, and this system does not allow it to work"
    if shutil.which("bwrap") is None:
        why = "it is not installed"
    return (
        f"no bubblewrap: {why}. Submissions run as you ({psutil.Process().username()}): "
        "they can read and change your files and use the network"
    )


@lru_cache(maxsize=None)
def bubblewrap_version() -> str:
    told = subprocess.run(["bwrap", "--version"], capture_output=True, text=True, check=False)
    return told.stdout.strip()


@lru_cache(maxsize=None)
def mode(python: Path, reads: tuple[Path, ...]) -> str | None:
    """Return how bubblewrap works here, tried with a command: as `root`, as `user`, or None."""
    if sys.platform != "linux" or shutil.which("bwrap") is None:
        return None
    modes = ["root", "user"] if os.geteuid() == 0 else ["user"]
    return next((name for name in modes if does_work(name, python, reads)), None)


def does_work(name: str, python: Path, reads: tuple[Path, ...]) -> bool:
    request = {
        "limits": {},
        "user": free_user() if name == "root" else None,
        "keep": False,
        "place": "/",
        "command": [str(python), "-I", "-c", ""],
    }
    command = [
        *bubblewrap_base(name, reads, []),
        *["--remount-ro", "/", "--remount-ro", "/dev", "--"],
        *[str(python), "-I", str(LAUNCH), json.dumps(request)],
    ]
    try:
        tried = subprocess.run(command, capture_output=True, timeout=20, check=False, env={})
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0


def bubblewrap_base(mode: str, reads: Sequence[Path], binds: Sequence[str]) -> list[str]:
    command = [shutil.which("bwrap") or "bwrap", "--die-with-parent", *NAMESPACES]
    command += ["--unshare-cgroup-try", "--hostname", "grading"]
    command += AS_ROOT if mode == "root" else AS_USER
    for path in SYSTEM:
        if Path(path).is_symlink():
            command += ["--symlink", str(Path(path).readlink()), path]
        elif Path(path).exists():
            command += ["--ro-bind", path, path]
    for name in SETTINGS:
        command += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    command += [*way_to(HOME), *way_to(SOCKETS), *binds, "--dev", "/dev", "--proc", "/proc"]
    for path in outermost(reads):
        command += [*way_to(str(path)), "--ro-bind", str(path), str(path)]
    return command


def way_to(path: str) -> list[str]:
    """Return options that make the folders above a path, passable for all."""
    parents = [str(parent) for parent in reversed(Path(path).parents)][1:]
    return [word for parent in parents for word in ("--dir", parent)]


def outermost(paths: Sequence[Path]) -> list[Path]:
    """Return the paths without those that lie in another of them or in `/usr`."""
    given = sorted({path.absolute() for path in paths})
    roots = {Path(path) for path in SYSTEM} | set(given)
    return [path for path in given if not roots & set(path.parents) and str(path) not in SYSTEM]


def free_user() -> int:
    """Return a user id that nothing else runs as, another one at each call."""
    high = "4294967295" in Path("/proc/self/uid_map").read_text(encoding="ascii")
    start, count = (1_900_000_000, 100_000_000) if high else (20_000, 40_000)
    return start + (os.getpid() * 1000 + next(counter)) % count


# --- processes and files --------------------------------------------------------------------------


def memory_of(processes: Sequence[psutil.Process], enough: int) -> int:
    """Return the bytes that the processes hold, what several share once where that can be told."""
    total = 0
    for process in processes:
        with suppress(psutil.Error):
            total += process.memory_info().rss
    if len(processes) < 2 or total <= enough:
        return total
    with stopped(processes):  # one that forks all the time could not be measured
        held = [shared_once(process) for process in processes]
    return sum(held)


@contextmanager
def stopped(processes: Sequence[psutil.Process]) -> Iterator[None]:
    """Have processes stand still meanwhile."""
    send_to_all(processes, signal.SIGSTOP)
    yield
    send_to_all(processes, signal.SIGCONT)


def send_to_all(processes: Sequence[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.Error):
            process.send_signal(number)


def shared_once(process: psutil.Process) -> int:
    """Return the bytes a process holds, of what it shares with others its part (0 if it ended)."""
    try:
        return process.memory_full_info().pss
    except AttributeError:  # not on this system
        return process.memory_info().rss
    except psutil.Error:
        return 0


def end_descendants(parent: int, deadline: float) -> None:
    """End all descendants of a process: stopped first, so that none starts another meanwhile."""
    while time.monotonic() < deadline:
        try:
            found = psutil.Process(parent).children(recursive=True)
        except psutil.Error:
            return
        alive = [process for process in found if is_running(process)]
        if not alive:
            return
        for number in (signal.SIGSTOP, signal.SIGKILL):
            send_to_all(alive, number)
        psutil.wait_procs(alive, timeout=0.2)


def is_running(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def measure(folder: Path) -> tuple[int, int]:
    """Return the bytes on disk below a folder, and how many files and folders; follow no link.

    What lies deeper than `DEEPEST` is not measured, and counts as too many.
    """
    size = files = 0
    top = len(folder.parts)
    for place, folders, names in os.walk(folder):
        for name in (*folders, *names):
            with suppress(OSError):
                size += Path(place, name).lstat().st_blocks * 512
            files += 1
        if files > MOST_FILES or len(Path(place).parts) - top > DEEPEST:
            return size, MOST_FILES + 1
    return size, files


def own(folder: Path, user: int | None) -> None:
    """Give what lies in a folder to a user; the folder itself stays the grader's."""
    if user is None:
        return
    for place, folders, names in os.walk(folder):
        for name in (*folders, *names):
            os.lchown(Path(place, name), user, user)


def remove_folder(folder: Path) -> None:
    """Remove a folder, however deep and whatever its permissions; raise SandboxError if it stays.

    Only the grader's processes are left when this is called.
    """

    def allow_and_retry(_: object, path: str, __: object) -> None:
        with suppress(OSError):
            Path(path).parent.chmod(stat.S_IRWXU)
            Path(path).chmod(stat.S_IRWXU)

    with suppress(RecursionError, OSError):
        shutil.rmtree(folder, onerror=allow_and_retry)
    if folder.exists():
        subprocess.run(["rm", "-rf", "--", str(folder)], capture_output=True, check=False)
    if folder.exists():
        raise SandboxError(f"the folder {folder} can't be removed: remove it by hand")
