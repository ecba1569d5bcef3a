"""One run of one notebook: its kernel in a sandbox, driven from outside within limits.

The kernel talks over sockets in the sandbox's folder (no network), and its messages are counted as
they come: what is beyond a limit is dropped unread. A cell that passes a limit is interrupted, and
where that doesn't help the kernel is ended.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from queue import Empty
from typing import Sequence

import zmq
from jupyter_client import BlockingKernelClient

from assignment.engine import has_turicreate_kernel
from turilite import SFrame

from . import observe
from .record import ERROR, LIMIT, NOT_RUN, OK, Cell, cell_from_json
from .sandbox import (
    Limits,
    Sandbox,
    SandboxError,
    disk_limit,
    memory_limit,
    output_limit,
    processes_limit,
    protection,
)
from .sound import SOUND
from .submissions import copy_folder
from .watch import hash_of_pixels

PROJECT = Path(__file__).resolve().parent.parent
PARTS = {"train": "image_train_data", "test": "image_test_data"}
# What the kernel imports; the rest of this package stays outside, with what is expected.
INSIDE = [
    "__init__",
    "bounds",
    "imports",
    "launch",
    "observe",
    "old_names",
    "record",
    "values",
    "watch",
]
HEAVY = ["ipykernel.kernelapp", "matplotlib.pyplot", "sklearn.metrics", "grading.observe"]
START_SECONDS = 120.0  # for the kernel and its engine
GRACE = 3.0  # seconds from an interrupt to the kernel's end
REST = 3.0  # seconds after a reply in which the rest of a cell's output may come
TICK = 0.1  # seconds between two looks at the limits
MOST_PRINTED = 100_000  # characters kept of what a cell printed
MOST_MESSAGE = 1_000  # characters kept of an error's message
MOST_FILES = 5_000  # of a submission's folder
ANSI = re.compile(r"\x1b\[[0-9;]*m")
DEAD = "DeadKernel"


class SessionError(SandboxError):
    """The kernel could not be started: nothing was run."""


@dataclass
class Outcome:
    """The cells after a run, why the rest was not run, and what was noticed of the folder."""

    cells: list[Cell]
    ended: str | None = None
    remarks: list[str] = field(default_factory=list)


def run(
    cells: Sequence[Cell],
    engine: str,
    data: Path,
    limits: Limits,
    *,
    folder: Path | None = None,
    place: str = ".",
) -> Outcome:
    """Run cells in a new kernel, in a copy of a folder and on a copy of a data set.

    `place` is the notebook's folder inside the copy. Raises SessionError where no kernel starts.
    """
    python = kernel_python(engine)
    with Sandbox(limits, python, readable(python)) as box:
        work = box.folder / "home" / "submission"
        work.mkdir()
        remarks = copy_folder(folder, work, limits.disk, MOST_FILES) if folder else []
        put_data(box, data, work / place)
        put_fonts(box, python, engine)
        kernel = Kernel(box, python, engine, data.name, work / place)
        try:
            kernel.start()
            outcome = kernel.run(cells)
        finally:
            kernel.close()
    outcome.remarks = remarks
    return outcome


def how_protected(engine: str) -> str:
    """Return what bounds a submission's kernel here, in words; see `sandbox.protection`."""
    python = kernel_python(engine)
    return protection(python, readable(python))


def prepare(engine: str, data: Path) -> None:
    """Find out once what every run needs, for all processes that are forked from this one."""
    rows_of(data)
    fonts_of(kernel_python(engine), engine)


def put_data(box: Sandbox, data: Path, work: Path) -> None:
    """Copy the data set into the sandbox, and link its parts into the notebook's folder."""
    home = box.folder / "home" / "data" / data.name
    work.mkdir(parents=True, exist_ok=True)
    for name in PARTS.values():
        shutil.copytree(data / name, home / name)
        link = work / name
        if link.is_dir():
            shutil.rmtree(link)
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath(home / name, work))
    (box.folder / "sockets" / "rows.json").write_text(rows_of(data), encoding="utf-8")


def put_fonts(box: Sandbox, python: Path, engine: str) -> None:
    """Write Matplotlib's list of fonts into the new home: to make one takes it seconds."""
    folder = box.folder / "home" / ".cache" / "matplotlib"
    folder.mkdir(parents=True)
    for name, text in fonts_of(python, engine):
        (folder / name).write_text(text, encoding="utf-8")


@lru_cache(maxsize=None)
def fonts_of(python: Path, engine: str) -> list[tuple[str, str]]:
    """Return the files that Matplotlib writes of this machine's fonts, by name.

    The imports also compile the modules of a new environment, which no sandbox can: each of its
    kernels would do it anew.
    """
    with tempfile.TemporaryDirectory(prefix="grade-") as folder:
        command = [python, "-c", "import " + ", ".join([*HEAVY, engine])]
        variables = {**os.environ, "MPLCONFIGDIR": folder}
        variables.pop("PYTHONDONTWRITEBYTECODE", None)
        subprocess.run(command, env=variables, capture_output=True, check=False)
        made = sorted(Path(folder).glob("*.json"))
        return [(path.name, path.read_text(encoding="utf-8")) for path in made]


def rows_of(data: Path) -> str:
    """Return the data set's images for the kernel, see `watch.Images`, as JSON."""
    changed = tuple((data / name / "dir_archive.ini").stat().st_mtime_ns for name in PARTS.values())
    return rows_as_they_are(data, changed)


@lru_cache(maxsize=4)
def rows_as_they_are(data: Path, changed: tuple[int, ...]) -> str:
    rows = []
    for part, name in PARTS.items():
        images = SFrame(str(data / name))
        for number, label, image in zip(images["id"], images["label"], images["image"]):
            rows.append([part, number, label, hash_of_pixels(image.pixel_data)])
    return json.dumps(rows)


# --- the kernel's Python --------------------------------------------------------------------------


def kernel_python(engine: str) -> Path:
    """Return the Python that runs cells on an engine: this one, or that of Turi Create's kernel."""
    if engine == "turicreate" and has_turicreate_kernel():
        spec = Path(sys.prefix, "share", "jupyter", "kernels", "turicreate", "kernel.json")
        return Path(json.loads(spec.read_text(encoding="utf-8"))["argv"][0])
    return Path(sys.executable)


@lru_cache(maxsize=None)
def readable(python: Path) -> tuple[Path, ...]:
    """Return what a kernel reads: its Python, its packages, and of this project what it imports."""
    ask = "import sys; print(sys.prefix, sys.base_prefix, sys.exec_prefix, *sys.path, sep='\\n')"
    told = subprocess.run(
        [python, "-I", "-c", ask], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    paths = {Path(path) for path in told if path and Path(path).exists()}
    packages = {path for path in paths if path.name in {"site-packages", "dist-packages"}}
    is_installed = any((path / "grading").exists() for path in packages)
    paths.discard(PROJECT)
    if not is_installed:
        paths |= {PROJECT / "turilite", PROJECT / "assignment"}
        paths |= {PROJECT / "grading" / f"{name}.py" for name in INSIDE}
    return tuple(sorted(paths))


def bounded_context(limits: Limits) -> zmq.Context:
    """Return a context whose sockets cut off a peer that sends a message beyond any limit."""
    context = zmq.Context()
    context.setsockopt(zmq.MAXMSGSIZE, limits.output + 2**20)
    return context


class Kernel:
    """A kernel in a sandbox, and the client that drives it."""

    def __init__(self, box: Sandbox, python: Path, engine: str, data: str, work: Path) -> None:
        self.box = box
        self.limits = box.limits
        self.python = python
        self.engine = engine
        self.data = box.inside(box.folder / "home" / "data" / data)
        self.work = work
        self.client = BlockingKernelClient(context=bounded_context(self.limits))
        self.ended: str | None = None
        self.seen = 0  # bytes of messages of the cell that runs
        self.deadline = 0.0

    def start(self) -> None:
        """Start the kernel and wait until it answers; raise SessionError where it doesn't."""
        sockets = self.box.folder / "sockets"
        connection = {
            "transport": "ipc",
            "ip": str(sockets / "s"),
            "key": os.urandom(16).hex(),
            "signature_scheme": "hmac-sha256",
            **{f"{name}_port": at for at, name in enumerate(CHANNELS, start=1)},
        }
        self.client.load_connection_info(connection)
        inside = dict(connection, ip=self.box.inside(sockets / "s"))
        (sockets / "kernel.json").write_text(json.dumps(inside), encoding="utf-8")
        command = [
            *[str(self.python), "-m", "ipykernel_launcher"],
            *["-f", self.box.inside(sockets / "kernel.json")],
            "--IPKernelApp.extra_extensions=grading.observe",
            "--HistoryManager.enabled=False",
            "--log-level=40",
        ]
        self.box.start(command, self.work, self.variables())
        self.cuts = self.client.iopub_channel.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        self.client.shell_channel.start()
        self.client.iopub_channel.start()
        self.wait_until_ready()
        self.box.find_kernel()
        self.deadline = time.monotonic() + self.limits.total_seconds

    def variables(self) -> dict[str, str]:
        inside = self.box.inside
        return {
            "PATH": f"{self.python.parent}:/usr/local/bin:/usr/bin:/bin",
            "HOME": inside(self.box.folder / "home"),
            "TMPDIR": inside(self.box.folder / "tmp"),
            "LANG": "C.UTF-8",
            "PYTHONIOENCODING": "utf-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "DATA_DIR": self.data,
            "ENGINE": self.engine,
            "GRADING_OUTPUT": str(self.limits.output),
            "GRADING_ROWS": inside(self.box.folder / "sockets" / "rows.json"),
        }

    def wait_until_ready(self) -> None:
        """Wait for an answer and for a first message of the kernel's own channel."""
        deadline = time.monotonic() + START_SECONDS
        is_heard = False
        while time.monotonic() < deadline and self.box.is_alive():
            asked = self.client.kernel_info()
            reply = self.next_reply(asked, 1.0)
            is_heard = is_heard or self.client.iopub_channel.socket.poll(200) > 0
            if reply and is_heard:
                return
        raise SessionError(f"the kernel of {self.engine} does not start: {self.box.log()}")

    def next_reply(self, asked: str, seconds: float) -> dict | None:
        """Return the content of the reply to a request, or None where it isn't there in time."""
        deadline = time.monotonic() + seconds
        while True:
            left = max(0.0, deadline - time.monotonic())
            try:
                reply = self.client.shell_channel.get_msg(timeout=left)
            except Empty:
                return None
            except Exception:  # whatever a submission sends in place of a message
                continue
            if reply["parent_header"].get("msg_id") == asked:
                return reply["content"]

    def close(self) -> None:
        self.client.iopub_channel.socket.disable_monitor()
        self.client.stop_channels()
        self.client.context.destroy(linger=0)

    # --- cells ----------------------------------------------------------------------------------

    def run(self, cells: Sequence[Cell]) -> Outcome:
        """Run the cells in order; those after the kernel's end stay `not run`."""
        done: list[Cell] = []
        for cell in cells:
            if self.ended is None and not self.box.is_alive():
                self.ended = f"the kernel ended after cell {done[-1].number if done else 0}"
            if self.ended is not None or not cell.source.strip():
                status = NOT_RUN if self.ended is not None else OK
                done.append(replace(cell, status=status))
            else:
                done.append(self.run_cell(cell))
        return Outcome(done, self.ended)

    def run_cell(self, cell: Cell) -> Cell:
        started = time.monotonic()
        self.seen = 0
        asked = self.client.execute(cell.source, allow_stdin=False, stop_on_error=False)
        text = Text(asked)
        reply, limit = self.wait_for(asked, text, started)
        if reply is not None:  # the cell's last message is that it is idle, often here already
            self.take_output(text, until_idle=not text.idle_since)
        limit = limit or self.limit_passed(started, after=True)
        result = with_reply(cell, reply, limit, self.limits)
        result.printed = text.printed()
        result.seconds = round(time.monotonic() - started, 2)
        self.note_end(result, reply)
        return result

    def wait_for(self, asked: str, text: Text, started: float) -> tuple[dict | None, str | None]:
        """Return a cell's reply, None where the kernel ended, and the limit it passed if any."""
        limit, stop_at = None, 0.0
        while True:
            self.take_output(text)
            reply = self.next_reply(asked, TICK)
            if reply is not None or not self.box.is_alive():
                return reply or self.next_reply(asked, TICK), limit
            now = time.monotonic()
            if text.idle_since and now - text.idle_since > GRACE:  # it is done and answers no more
                self.box.end()
                return None, limit
            if limit is None:
                limit = self.limit_passed(started)
                stop_at = now + (GRACE if limit and is_bearable(limit) else 0)
                if limit and is_bearable(limit):
                    self.box.interrupt()
            if limit and now >= stop_at:
                self.box.end()
                return None, limit

    def limit_passed(self, started: float, after: bool = False) -> str | None:
        """Return the limit that is passed; `after` a cell's end its time no longer counts."""
        now = time.monotonic()
        if not after and now > self.deadline:
            return f"time: {self.limits.total_seconds:g} s in all"
        if not after and now - started > self.limits.cell_seconds:
            return f"time: {self.limits.cell_seconds:g} s for a cell"
        if self.seen > self.limits.output or self.was_cut_off():
            return output_limit(self.limits)
        return self.box.passed()

    def was_cut_off(self) -> bool:
        """Return whether the kernel sent one message larger than a cell's whole output may be."""
        is_cut = self.cuts.poll(0) > 0
        while self.cuts.poll(0):
            self.cuts.recv_multipart()
        return is_cut and self.box.is_alive()

    def take_output(self, text: Text, until_idle: bool = False) -> None:
        """Read the messages that are there, count them, and keep what they print."""
        socket = self.client.iopub_channel.socket
        deadline = time.monotonic() + (REST if until_idle else TICK)
        while time.monotonic() < deadline:
            if not socket.poll(50 if until_idle else 0):
                if until_idle:
                    continue
                return
            parts = socket.recv_multipart()
            self.seen += sum(map(len, parts))
            if self.seen > self.limits.output:
                continue
            try:
                _, frames = self.client.session.feed_identities(parts)
                message = self.client.session.deserialize(frames)
                is_idle = text.take(message)
            except Exception:  # whatever a submission sends in place of a message
                continue
            if is_idle and until_idle:
                return

    def note_end(self, cell: Cell, reply: dict | None) -> None:
        """Note where a cell ended the kernel: by a limit, by itself, or by `exit()`."""
        limit = cell.limit and (reply is None or not is_bearable(cell.limit))
        if limit and not is_error_only(cell):
            self.box.end()
            self.ended = f"the kernel was ended in cell {cell.number} ({cell.limit})"
        elif reply is None:
            self.ended = f"the kernel ended in cell {cell.number}"
        elif asks_exit(reply):
            self.box.end()
            self.ended = f"cell {cell.number} ended the kernel"


CHANNELS = ("shell", "iopub", "stdin", "control", "hb")


def is_bearable(limit: str) -> bool:
    """Return whether a kernel may go on after an interrupt: nothing of the excess is left."""
    return limit.startswith(("time", "output")) and not limit.endswith("in all")


def is_error_only(cell: Cell) -> bool:
    """Return whether the system refused what was beyond a limit, so that nothing is passed."""
    return cell.error is not None


def asks_exit(reply: dict) -> bool:
    return any(
        isinstance(entry, dict)
        and entry.get("source") == "ask_exit"
        and not entry.get("keepkernel")
        for entry in reply.get("payload") or []
    )


class Text:
    """What a cell prints: the text of its streams, bounded."""

    def __init__(self, asked: str) -> None:
        self.asked = asked
        self.parts: list[str] = []
        self.size = 0
        self.idle_since = 0.0

    def take(self, message: dict) -> bool:
        """Take a message in; return whether it says that the cell is done."""
        content = message["content"]
        if message["parent_header"].get("msg_id") != self.asked:
            return False
        if message["msg_type"] == "stream" and content["name"] == "stdout":
            text = str(content["text"])[: MOST_PRINTED - self.size]
            self.parts.append(text)
            self.size += len(text)
        is_idle = message["msg_type"] == "status" and content["execution_state"] == "idle"
        self.idle_since = time.monotonic() if is_idle else self.idle_since
        return is_idle

    def printed(self) -> str:
        return "".join(self.parts)


def with_reply(cell: Cell, reply: dict | None, limit: str | None, limits: Limits) -> Cell:
    """Return a cell with what the kernel replied: its status, its error, the observer's notes."""
    if reply is None:
        status = LIMIT if limit else ERROR
        return replace(cell, status=status, limit=limit, error=None if limit else DIED)
    notes = notes_of(reply)
    limit = limit or (output_limit(limits) if is_output_passed(reply) else None)
    if reply.get("status") == "ok":
        return replace(cell, status=LIMIT if limit else OK, limit=limit, **notes)
    message = ANSI.sub("", str(reply.get("evalue", "")))[:MOST_MESSAGE]
    error = [str(reply.get("ename", reply.get("status"))), message]
    limit = limit or limit_in(error, limits)
    return replace(cell, status=LIMIT if limit else ERROR, limit=limit, error=error, **notes)


DIED = [DEAD, "the kernel ended in this cell"]


def limit_in(error: list[str], limits: Limits) -> str | None:
    """Return the limit that an error is the refusal of: Python's words for what the system says."""
    name, message = error
    if name in {"MemoryError", "_ArrayMemoryError"} or "bad_alloc" in message:
        return memory_limit(limits)
    if "[Errno 27]" in message:  # a file larger than RLIMIT_FSIZE
        return disk_limit(limits)
    if "can't start new thread" in message or (
        name == "BlockingIOError" and "[Errno 11]" in message
    ):
        return processes_limit(limits)
    return None


def entries_of(reply: dict) -> list[dict]:
    """Return the observer's entries of a reply."""
    entries = [entry for entry in reply.get("payload") or [] if isinstance(entry, dict)]
    return [entry for entry in entries if entry.get("source") == observe.SOURCE]


def is_output_passed(reply: dict) -> bool:
    return any(entry.get("output_passed") is True for entry in entries_of(reply))


def notes_of(reply: dict) -> dict[str, list]:
    """Return the observer's notes of a reply as fields of a cell; what is not sound is none."""
    notes: dict[str, list] = {"values": [], "queries": [], "pictures": []}
    for entry in entries_of(reply):
        try:
            made = cell_from_json({"number": 0, "source": "", **entry["record"]})
        except (KeyError, TypeError, ValueError):
            continue
        for name, is_sound in SOUND.items():
            notes[name] += [note for note in getattr(made, name) if is_sound(note)]
    return notes
