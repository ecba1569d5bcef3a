"""A run of cells: what it notes, which limits end what, and that nothing is left afterwards."""

from __future__ import annotations

import socket
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from grading import sandbox, session
from tests.places import ROOT, SAMPLE

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX")
FEW = {"cell_seconds": 4, "total_seconds": 60, "processes": 30, "disk": 50 * 2**20}
SMALL = {**FEW, "memory": 2**30, "output": 2**20}
has_namespaces = session.how_protected("turilite").startswith("bubblewrap")
needs_namespaces = pytest.mark.skipif(not has_namespaces, reason="needs bubblewrap")

LOOP = "while True: pass"
DEAF = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
PRINTS = "while True: print('x' * 1000)"
PRINTS_ALL_THE_SAME = """
import time
end = time.time() + 3
while time.time() < end:
    try:
        print('x' * 1000)
    except Exception:
        pass
"""
PROGRAM_PRINTS = "import os\nos.system('yes | head -c 30000000')"
ONE_LARGE = "'x' * 3 * 10**8"
GREEDY = "import numpy as np\nnp.ones((5000, 1000, 1000))"
GROWS = "kept = []\nwhile True: kept.append(bytearray(10**7))"
FORKS = "import os\nwhile True: os.fork()"
STARTS = "import subprocess\nfor _ in range(200): subprocess.Popen(['sleep', '1000'])"
FILLS = "with open('big', 'wb') as file:\n    while True: file.write(b'x' * 10**6)"
FILLS_MEMORY_DISK = (
    "n = 0\nwhile True:\n    n += 1\n    open(f'/dev/shm/{n}', 'wb').write(b'x' * 10**6)"
)

# What passes a limit, its name, and whether the next cell still runs.
PASSING = {
    "a loop": (LOOP, "time: 4 s for a cell", True),
    "a loop that ignores interrupts": (DEAF, "time: 4 s for a cell", False),
    "output without end": (PRINTS, "output: 1 MB", True),
    "output without end, whatever it raises": (PRINTS_ALL_THE_SAME, "output: 1 MB", True),
    "a program's output": (PROGRAM_PRINTS, "output: 1 MB", True),
    "one print of 300 MB": (f"print({ONE_LARGE})", "output: 1 MB", True),
    "one display of 300 MB": (ONE_LARGE, "output: 1 MB", True),
    "an array of 40 GB": (GREEDY, "memory: 1 GB", True),
    "memory taken bit by bit": (GROWS, "memory: 1 GB", True),
    "a fork bomb": (FORKS, "processes: 30", False),
    "programs started": (STARTS, "processes: 30", False),
    "a file without end": (FILLS, "disk: 50 MB", None),
    "files in memory": (FILLS_MEMORY_DISK, "disk: 50 MB", None),
}
# What ends the kernel by itself, and how the cell and the run say so.
ENDING = {
    "exit()": ("exit()", "ok", "cell 1 ended the kernel"),
    "os._exit": ("import os\nos._exit(3)", "error", "the kernel ended in cell 1"),
    "a kill": ("import os\nos.kill(os.getpid(), 9)", "error", "the kernel ended in cell 1"),
}


@pytest.mark.parametrize("case", PASSING)
def test_a_cell_that_passes_a_limit_is_ended_and_the_limit_named(run_cells, case):
    if not has_namespaces and case in {"a fork bomb", "files in memory"}:
        pytest.skip("needs bubblewrap")
    source, limit, goes_on = PASSING[case]
    slow = {"cell_seconds": 60} if "time" not in limit else {}
    first, second = run_cells(source, "1 + 1", **{**SMALL, **slow}).cells
    assert (first.status, first.limit) == ("limit", limit)
    if goes_on is not None:
        assert second.status == ("ok" if goes_on else "not run")


ON_EACH_ENGINE = ["a loop", "a loop that ignores interrupts", "an array of 40 GB"]
ON_EACH_ENGINE += ["output without end", "one print of 300 MB", "one display of 300 MB"]


@pytest.mark.parametrize("case", ON_EACH_ENGINE)
def test_limits_hold_on_the_kernel_of_each_engine(run_cells, engine_here, case):
    source, limit, goes_on = PASSING[case]
    first, second = run_cells(source, "1 + 1", engine=engine_here, **SMALL).cells
    assert (first.status, first.limit) == ("limit", limit)
    assert second.status == ("ok" if goes_on else "not run")


def test_the_time_in_all_ends_the_run(run_cells):
    outcome = run_cells("import time", "time.sleep(60)", "1", **{**FEW, "total_seconds": 3})
    assert outcome.cells[1].limit == "time: 3 s in all"
    assert outcome.cells[2].status == "not run"
    assert outcome.ended == "the kernel was ended in cell 2 (time: 3 s in all)"


@pytest.mark.parametrize("case", ENDING)
def test_a_cell_that_ends_the_kernel_leaves_the_rest_not_run(run_cells, case):
    source, status, ended = ENDING[case]
    outcome = run_cells(source, "1 + 1", **FEW)
    assert [cell.status for cell in outcome.cells] == [status, "not run"]
    assert outcome.ended == ended


def test_an_error_is_noted_and_the_next_cell_runs(run_cells):
    first, second = run_cells("1 / 0", "print('on')", **FEW).cells
    assert (first.status, first.error) == ("error", ["ZeroDivisionError", "division by zero"])
    assert second.printed == "on\n"


def test_a_kernel_that_lost_its_output_answers_all_the_same(run_cells):
    cells = run_cells("import sys\nsys.stdout = None", "%reset -f", "x = 1", **FEW).cells
    assert [cell.status for cell in cells] == ["ok"] * 3
    assert [(value.name, value.value) for value in cells[2].values] == [("x", 1)]


def test_nothing_can_be_typed_in(run_cells):
    asked, read = run_cells("input()", "import sys\nprint(repr(sys.stdin.read()))", **FEW).cells
    assert asked.error[0] == "StdinNotImplementedError"
    assert read.printed == "''\n"


# --- what it can reach ----------------------------------------------------------------------------

OUTSIDE = ["/etc/grading-test", "/usr/grading-test", "/grading-test", "/var/tmp/grading-test"]
WRITES = f"""
import pathlib
for path in {OUTSIDE}:
    try:
        pathlib.Path(path).write_text("x")
        print("written", path)
    except OSError:
        pass
pathlib.Path.home().joinpath("note.txt").write_text("x")
print("done")
"""
LOOKS = """
import os, pathlib
names = [name for top in ("/", os.path.expanduser("~"), {project!r}) if os.path.exists(top)
         for place, folders, files in os.walk(top)
         for name in files if not place.startswith(("/proc", "/usr"))]
print([name for name in names if "answers.json" in name or "handed-in" in name])
print(os.path.exists({project!r} + "/data"), os.path.exists({folder!r}))
"""
CONNECTS = "import socket\nsocket.create_connection(('127.0.0.1', {port}), timeout=2)"


@needs_namespaces
def test_it_writes_into_its_own_folders_only(run_cells):
    (cell,) = run_cells(WRITES, **FEW).cells
    assert cell.printed == "done\n"
    assert not [path for path in OUTSIDE if Path(path).exists()]
    assert not (Path.home() / "note.txt").exists()


@needs_namespaces
def test_it_finds_no_answers_and_no_other_submission(run_cells, tmp_path):
    (tmp_path / "ada").mkdir()
    (tmp_path / "ben").mkdir()
    (tmp_path / "ben" / "handed-in-by-ben.ipynb").write_text("{}")
    looks = LOOKS.format(project=str(ROOT), folder=str(tmp_path))
    (cell,) = run_cells(looks, folder=tmp_path / "ada", **{**FEW, "cell_seconds": 60}).cells
    assert cell.printed == "[]\nFalse False\n"


@needs_namespaces
def test_it_has_no_network_not_even_to_this_machine(run_cells):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        (cell,) = run_cells(CONNECTS.format(port=port), **FEW).cells
    assert cell.error[0] in {"ConnectionRefusedError", "OSError"}


def test_it_runs_in_a_copy_of_its_folder(run_cells, tmp_path):
    (tmp_path / "mine.txt").write_text("own")
    outcome = run_cells(
        "print(open('mine.txt').read())\nopen('mine.txt', 'w').write('changed')",
        "import shutil\nshutil.rmtree('.', ignore_errors=True)\nx = 7",
        folder=tmp_path,
        **FEW,
    )
    assert outcome.cells[0].printed == "own\n"
    assert outcome.cells[1].values[0].value == 7
    assert (tmp_path / "mine.txt").read_text() == "own"


# --- what is left ---------------------------------------------------------------------------------

DAEMON = """
import os, subprocess, sys
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(999)", "{mark}"])
    os._exit(0)
subprocess.Popen(["sleep", "998"], start_new_session=True)
import socket
server = socket.create_server(("127.0.0.1", {port}))
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def marked(mark: str) -> list[int]:
    found = psutil.process_iter(["cmdline"])
    return [process.pid for process in found if mark in (process.info["cmdline"] or [])]


def is_listening(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def home_files() -> set[str]:
    places = [Path.home() / name for name in ("", ".ipython", ".cache", ".config", ".local")]
    return {str(path) for place in places if place.is_dir() for path in place.iterdir()}


@pytest.mark.parametrize("protection", ["bubblewrap", "none"])
def test_processes_files_and_ports_are_as_before(run_cells, protection, tmp_path, monkeypatch):
    if protection == "bubblewrap" and not has_namespaces:
        pytest.skip("needs bubblewrap")
    if protection == "none":
        monkeypatch.setattr(sandbox, "mode", lambda *_: None)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    session.fonts_of(session.kernel_python("turilite"), "turilite")
    mark, port, files = f"grading-{time.time_ns()}", free_port(), home_files()
    children = {process.pid for process in psutil.Process().children(recursive=True)}
    daemon = DAEMON.format(mark=mark, port=port)
    outcome = run_cells(daemon, "import os\nos.makedirs('a/b')\nos.chmod('a', 0)", **FEW)
    assert [cell.status for cell in outcome.cells] == ["ok", "ok"]
    assert marked(mark) == []
    assert {process.pid for process in psutil.Process().children(recursive=True)} <= children
    assert not is_listening(port)
    assert home_files() == files
    assert list(temporary.iterdir()) == []


def test_limits_hold_without_namespaces_too(run_cells, monkeypatch):
    monkeypatch.setattr(sandbox, "mode", lambda *_: None)
    cells = run_cells(LOOP, GREEDY, "x = 3", STARTS, **SMALL).cells
    limits = [cell.limit for cell in cells]
    assert limits[0] == "time: 4 s for a cell"
    assert limits[1] == ("memory: 1 GB" if sys.platform == "linux" else limits[1])
    assert cells[2].values[0].value == 3
    assert limits[3] == "processes: 30"


def test_the_protection_is_named_and_what_it_means_where_there_is_none(monkeypatch):
    reads = session.readable(session.kernel_python("turilite"))
    python = session.kernel_python("turilite")
    monkeypatch.setattr(sandbox, "mode", lambda *_: None)
    monkeypatch.setattr(sandbox.shutil, "which", lambda _: None)
    told = sandbox.protection(python, reads)
    assert told.startswith("no bubblewrap: it is not installed. Submissions run as you (")
    assert told.endswith("can read and change your files and use the network")
    monkeypatch.setattr(sandbox.shutil, "which", lambda _: "/usr/bin/bwrap")
    assert "does not allow it" in sandbox.protection(python, reads)


def test_the_data_set_itself_is_not_touched(run_cells):
    before = {path: path.stat().st_mtime_ns for path in SAMPLE.rglob("*")}
    saves = "import turilite as tc\ntc.SFrame({'id': [1]}).save('/home/me/image_train_data')"
    reads = "n = len(tc.SFrame('image_train_data'))"
    outcome = run_cells(saves, reads, **{**FEW, "cell_seconds": 60})
    assert [value.value for value in outcome.cells[1].values] == [1]
    assert {path: path.stat().st_mtime_ns for path in SAMPLE.rglob("*")} == before
