"""Grading a folder of submissions: each run in bounds, judged, and reported as it comes in."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import re
import signal
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Iterator, Sequence

from assignment.errors import OneLineError

from . import session, variant
from .convert import NotebookError, read_notebook, stored_order
from .expected import JUDGED, Expected, expected_answers, read_rows
from .judge import Verdict, judge, no_verdict, reason_of
from .record import ERROR, LIMIT, OK, Cell, Run
from .report import (
    CellLine,
    Graded,
    as_table,
    feedback_page,
    grades_csv,
    index_page,
    page_names,
    plain,
    write,
)
from .sandbox import Limits, SandboxError
from .submissions import Submission, find_submissions

PACKAGE = Path(__file__).resolve().parent
LOOK_EVERY = 1.0  # seconds between two looks whether the grading is to stop
RESULTS = ".results"  # what is judged already, so that the next run goes on
HIDDEN_STATE = {"NameError", "UnboundLocalError"}
# Processes are forked: a submission's process has what is expected without a file that holds it.
fork = multiprocessing.get_context("fork") if hasattr(os, "fork") else multiprocessing


class GradingError(OneLineError):
    """The grading can't start."""


@dataclass(frozen=True)
class Settings:
    """What the grader asks for."""

    submissions: Path
    data: Path
    engine: str
    build: Path
    cache: Path
    limits: Limits
    jobs: int = 1
    seed: int = 1
    as_is: bool = False
    again: bool = False


@dataclass(frozen=True)
class Exam:
    """What all submissions are judged on: a data set, its answers, those known elsewhere."""

    data: Path
    expected: Expected
    known: Sequence[dict]
    key: str  # another one, and everything is judged again


# --- the flow -------------------------------------------------------------------------------------


def grade(settings: Settings) -> int:
    """Grade all submissions and return 0, or 1 where one could not be judged.

    Raises OneLineError where nothing can be judged at all.
    """
    submissions = find_submissions(settings.submissions)
    protection = session.how_protected(settings.engine)
    print(f"protection: {protection}", flush=True)
    exam = make_exam(settings)
    about = [
        f"protection: {protection}",
        f"data set: {settings.data}" + ("" if settings.as_is else f", variant {settings.seed}"),
        f"engine: {settings.engine}",
    ]
    print("\n".join(about[1:]), flush=True)
    book = Book(settings, submissions, exam, about)
    with stopping_at_sigterm() as stop:
        judge_all(book, stop)
    graded = book.graded()
    print("\n" + as_table(graded))
    print(f"\ngrades: {shown(settings.build / 'grades.csv')}", end="   ")
    print(f"feedback: {shown(settings.build / 'index.html')}")
    failed = [one for one in graded if one.problem]
    for one in failed:
        print(f"could not be judged: {plain(one.submission)}: {plain(one.problem or '')}")
    return 1 if failed else 0


def make_exam(settings: Settings) -> Exam:
    """Return the data set to run on, made where it isn't there yet, and its answers."""
    rows = read_rows(settings.data)
    published = variant.published_answers()
    known = [*published, with_counts(expected_answers(rows))]
    data = settings.data
    if settings.as_is:
        expected = expected_answers(rows)
    else:
        data = variant.variant_folder(settings.data, settings.seed, settings.cache)
        if not data.is_dir():
            plan, _ = variant.plan_variant(rows, settings.seed, published)
            variant.write_variant(settings.data, plan, data)
        expected = expected_answers(read_rows(data))
    return Exam(data, expected, known, key_of_exam(settings, data))


def with_counts(expected: Expected) -> dict:
    return dict(expected.right, dog_correct=expected.dog_correct)


def key_of_exam(settings: Settings, data: Path) -> str:
    """Return a hash of all that decides on verdicts but for the submissions."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.glob("*.py")):
        digest.update(path.read_bytes())
    digest.update(variant.content_of(data).encode())
    digest.update(
        repr((settings.engine, settings.limits, session.how_protected(settings.engine))).encode()
    )
    return digest.hexdigest()


def shown(path: Path) -> str:
    return Path(os.path.relpath(path)).as_posix()


# --- what is judged already -----------------------------------------------------------------------


class Book:
    """The results so far: in files, read at the start and written as they come in."""

    def __init__(
        self, settings: Settings, submissions: Sequence[Submission], exam: Exam, about: list[str]
    ) -> None:
        self.settings = settings
        self.submissions = list(submissions)
        self.exam = exam
        self.about = about
        self.results: dict[str, Graded] = {}
        self.keys = {one.name: self.key_of(one) for one in submissions}
        self.pages = page_names(one.name for one in submissions)
        folder = settings.build / RESULTS
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise GradingError(
                f"the folder {settings.build} can't be made ({error.strerror}): set another --build"
            ) from None
        self.remove_others(folder)
        if not settings.again:
            self.results = {one.name: found for one in submissions if (found := self.read(one))}

    def key_of(self, submission: Submission) -> str:
        return hashlib.sha256(f"{self.exam.key} {content_of(submission)}".encode()).hexdigest()

    def place_of(self, name: str) -> Path:
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:24]
        return self.settings.build / RESULTS / f"{digest}.json"

    def remove_others(self, folder: Path) -> None:
        """Remove results of submissions that are no longer there, and the pages made of them."""
        kept = {self.place_of(one.name) for one in self.submissions}
        pages = {*self.pages.values(), "index.html"}
        for path in set(folder.glob("*.json")) - kept:
            with suppress(OSError, ValueError, KeyError, TypeError):
                name = Path(json.loads(path.read_text(encoding="utf-8"))["page"]).name
                if name not in pages:
                    (self.settings.build / name).unlink()
            path.unlink()

    def read(self, submission: Submission) -> Graded | None:
        try:
            record = json.loads(self.place_of(submission.name).read_text(encoding="utf-8"))
            return graded_from(record) if record["key"] == self.keys[submission.name] else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def open_submissions(self) -> list[Submission]:
        return [one for one in self.submissions if one.name not in self.results]

    def add(self, graded: Graded) -> None:
        """Write a result, its page, and the tables of all so far."""
        self.results[graded.submission] = graded
        name = graded.submission
        record = dict(asdict(graded), key=self.keys[name], page=self.pages[name])
        write(self.place_of(graded.submission), json.dumps(record))
        self.write_pages([graded])

    def write_pages(self, graded: Sequence[Graded]) -> None:
        build = self.settings.build
        for one in graded:
            write(build / self.pages[one.submission], feedback_page(one))
        write(build / "grades.csv", grades_csv(self.graded()))
        write(build / "index.html", index_page(self.graded(), self.pages, self.about))

    def graded(self) -> list[Graded]:
        return [self.results[one.name] for one in self.submissions if one.name in self.results]


def graded_from(record: dict) -> Graded:
    cells = {name: [CellLine(**cell) for cell in lines] for name, lines in record["cells"].items()}
    verdicts = [Verdict(**verdict) for verdict in record["verdicts"]]
    fields = {name: value for name, value in record.items() if name not in ("key", "page")}
    return Graded(**dict(fields, cells=cells, verdicts=verdicts))


def content_of(submission: Submission) -> str:
    """Return a hash of a submission's files: their names, and what is in them."""
    digest = hashlib.sha256(repr((submission.name, submission.problem)).encode())
    for path in files_of(submission):
        digest.update(f"\0{path}\0".encode("utf-8", "surrogatepass"))
        try:
            with path.open("rb") as file:
                while block := file.read(2**20):
                    digest.update(block)
        except OSError as error:
            digest.update(str(error).encode())
    return digest.hexdigest()


def files_of(submission: Submission) -> Iterator[Path]:
    if submission.folder is None:
        yield from submission.notebooks
        return
    for place, folders, names in os.walk(submission.folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place, name)
            if path.is_file() and not path.is_symlink():
                yield path


# --- one process per submission -------------------------------------------------------------------


def judge_all(book: Book, stop: stopping_at_sigterm) -> None:
    """Judge what is open, `jobs` at a time; a stop ends all that runs and keeps what is done."""
    book.write_pages(book.graded())
    todo = book.open_submissions()
    done = len(book.submissions) - len(todo)
    if done:
        print(f"{done} judged before (ARGS=--again judges all again)", flush=True)
    if todo:
        session.prepare(book.settings.engine, book.exam.data)
    running: dict[Any, tuple[Any, Connection, Submission, float]] = {}
    try:
        while todo or running:
            stop.check()
            while todo and len(running) < book.settings.jobs:
                submission = todo.pop(0)
                process, pipe = start(submission, book)
                running[pipe] = process, pipe, submission, time.monotonic()
            for pipe in wait(list(running), timeout=LOOK_EVERY):
                process, _, submission, started = running.pop(pipe)
                graded = receive(pipe, process, submission, book)
                book.add(graded)
                done += 1
                tell(graded, done, len(book.submissions), time.monotonic() - started)
    finally:
        for process, *_ in running.values():
            process.terminate()
        for process, *_ in running.values():
            process.join()


def start(submission: Submission, book: Book) -> tuple[Any, Connection]:
    ours, theirs = fork.Pipe(duplex=False)
    process = fork.Process(target=work, args=(submission, book, theirs))
    process.start()
    theirs.close()
    return process, ours


def work(submission: Submission, book: Book, pipe: Connection) -> None:
    """Judge one submission in a process of its own, and send the result."""
    signal.signal(signal.SIGTERM, raise_exit)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent sends SIGTERM
    pipe.send(judge_submission(submission, book.settings, book.exam))
    pipe.close()


def receive(pipe: Connection, process: Any, submission: Submission, book: Book) -> Graded:
    try:
        graded = pipe.recv()
    except (EOFError, OSError):
        graded = None
    pipe.close()
    process.join()
    if graded is None:
        problem = f"the grader's process ended (exit code {process.exitcode})"
        graded = unjudged(submission, problem, book.settings, book.exam)
    return graded


def tell(graded: Graded, done: int, total: int, seconds: float) -> None:
    points = graded.problem or f"{graded.points} of {graded.max_points}"
    number = f"{done:>{len(str(total))}} of {total}"
    print(
        f"  {number}  {plain(graded.submission):<40} {plain(points)}  {seconds:.0f} s", flush=True
    )


class stopping_at_sigterm:  # noqa: N801 (a context, named as one)
    """While it lasts, SIGTERM ends the grading as Ctrl-C does: with everything cleaned up.

    Where it comes while a process is forked, Python drops what the handler raises: `check` raises
    it again.
    """

    def __enter__(self) -> stopping_at_sigterm:
        self.exit: SystemExit | None = None
        self.before = signal.signal(signal.SIGTERM, self.stop)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGTERM, self.before)

    def stop(self, number: int, _: object) -> None:
        signal.signal(number, signal.SIG_IGN)
        self.exit = SystemExit(128 + number)
        raise self.exit

    def check(self) -> None:
        if self.exit:
            raise self.exit


def raise_exit(number: int, _: object) -> None:
    signal.signal(number, signal.SIG_IGN)
    sys.exit(128 + number)


# --- one submission -------------------------------------------------------------------------------


def judge_submission(submission: Submission, settings: Settings, exam: Exam) -> Graded:
    """Run a submission's notebooks and return its verdicts; what can't be run has none right."""
    if submission.problem:
        return unjudged(submission, submission.problem, settings, exam)
    runs: list[Run] = []
    remarks: list[str] = []
    problems: list[str] = []
    deadline = time.monotonic() + settings.limits.total_seconds
    for path in submission.notebooks:
        left = max(1.0, deadline - time.monotonic())
        limits = replace(settings.limits, total_seconds=left)
        try:
            for run in runs_of(path, submission, settings, exam.data, limits):
                runs.append(run)
                remarks += run.remarks
        except NotebookError as error:
            problems.append(str(error))
        except (SandboxError, OSError) as error:
            problems.append(f"{path.name} could not be run: {error}")
    if problems and not runs:
        return unjudged(submission, "; ".join(problems), settings, exam)
    return Graded(
        submission.name,
        judge(runs, exam.expected, exam.known),
        problem="; ".join(problems) or None,
        engine=settings.engine,
        is_variant=not settings.as_is,
        changes=changes_of(runs),
        remarks=list(dict.fromkeys([*remarks, *ends_of(runs)])),
        cells={run.notebook: lines_of(run) for run in reversed(runs)},
    )


def unjudged(submission: Submission, problem: str, settings: Settings, exam: Exam) -> Graded:
    verdicts = [no_verdict(key, f"failed: {problem}", exam.expected) for key in JUDGED]
    return Graded(submission.name, verdicts, problem, settings.engine, not settings.as_is)


def runs_of(
    path: Path, submission: Submission, settings: Settings, data: Path, limits: Limits
) -> Iterator[Run]:
    """Yield a notebook's run, and where it shows hidden state that in the stored order."""
    notebook = read_notebook(path)
    name = path.name if submission.folder is None else str(path.relative_to(submission.folder))
    orders = [notebook.cells, stored_order(notebook.cells)]
    started = time.monotonic()
    for number, cells in enumerate(orders):
        if cells is None:
            return
        left = max(1.0, limits.total_seconds - (time.monotonic() - started))
        place = "." if submission.folder is None else str(Path(name).parent)
        outcome = session.run(
            cells,
            settings.engine,
            data,
            replace(limits, total_seconds=round(left, 1)),
            folder=submission.folder,
            place=place,
        )
        yield Run(
            submission.name,
            name,
            settings.engine,
            notebook.changes,
            outcome.cells,
            outcome.ended,
            outcome.remarks,
        )
        if number == 0 and not has_hidden_state(outcome.cells):
            return


def has_hidden_state(cells: Sequence[Cell]) -> bool:
    """Return whether a cell misses a name: another order of the cells may have had it."""
    return any(
        cell.status == ERROR and cell.error and cell.error[0] in HIDDEN_STATE for cell in cells
    )


def changes_of(runs: Sequence[Run]) -> list[str]:
    several = len({run.notebook for run in runs}) > 1
    return list(
        dict.fromkeys(
            f"{run.notebook}, {change}" if several else change
            for run in runs
            for change in run.converted
        )
    )


def ends_of(runs: Sequence[Run]) -> Iterator[str]:
    """Yield why a notebook was not run to its end, and that one was run twice."""
    notebooks = [run.notebook for run in runs]
    for run in runs:
        if run.ended:
            yield run.ended
    for name in dict.fromkeys(notebooks):
        if notebooks.count(name) > 1:
            yield f"{name} was run twice: from the top, and in the stored order of execution"


def lines_of(run: Run) -> list[CellLine]:
    return [
        CellLine(
            cell.number,
            cell.status,
            cell.seconds,
            first_line(cell.source),
            reason_of(cell, run) if cell.status in (ERROR, LIMIT) else "",
        )
        for cell in sorted(run.cells, key=lambda cell: cell.number)
        if cell.source.strip() or cell.status != OK
    ]


def first_line(source: str) -> str:
    return re.sub(r"\s+", " ", (source.strip().splitlines() or [""])[0])[:120]
