"""One file from a server into a file on disk: counted, hashed, limited, retried, with progress.

Downloading itself is pooch's work. What it lacks stands here: a limit on the length, an end to
servers that send a byte now and then, errors in plain words, attempts that become rarer.
"""

from __future__ import annotations

import hashlib
import http.client
import re
import socket
import ssl
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any, Callable, Iterator, NamedTuple

import pooch
import requests
import urllib3
from tqdm import tqdm

from .registry import Fact, FetchError

ATTEMPTS = 3  # for each file of a source
SLOWEST = 4096  # bytes per second; a transfer below it counts as hanging
CHUNK = 16384  # bytes; small, so that a slow transfer is seen to move
PAGE = re.compile(rb"\s*<(!doctype|html|\?xml)", re.IGNORECASE)

say = partial(print, flush=True)  # progress goes to standard output, errors to standard error


class PassingError(FetchError):
    """A failure that another attempt may mend."""


class Net(NamedTuple):
    """Patience with servers, in seconds."""

    timeout: float
    retry_delay: float


class Intake:
    """A file being written that hashes, shows progress, and refuses bytes beyond the limit.

    Downloads, members of archives and copies all pass through it.
    """

    def __init__(self, path: Path, limit: int) -> None:
        self.path, self.limit, self.size = path, limit, 0
        self.sha256 = hashlib.sha256()
        self.file = path.open("wb")
        self.bar = progress(path.name, limit, unit="B", unit_scale=True)

    def __enter__(self) -> Intake:
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.close()
        self.file.close()

    def write(self, data: bytes) -> None:
        """Write the next bytes; raise FetchError where they are a page or too many."""
        if not self.size and PAGE.match(data):
            raise FetchError("an HTML page came instead of the file")
        self.size += len(data)
        if self.size > self.limit:
            raise FetchError(f"{self.path.name} is longer than the {self.limit:,} bytes expected")
        self.sha256.update(data)
        self.file.write(data)
        self.bar.update(len(data))

    def flush(self) -> None:
        """Do nothing: pooch calls this after each chunk, and closing the file is soon enough."""

    def expect(self, response: requests.Response, **_: object) -> None:
        """Learn the length from a server's answer, for the progress bar."""
        length = response.headers.get("Content-Length", "")
        self.bar.total = int(length) if length.isdecimal() else None

    def verify(self, fact: Fact) -> None:
        """Raise PassingError unless the file is what the registry says."""
        if self.size != fact.bytes:
            raise PassingError(f"{self.path.name} has {self.size:,} bytes, not {fact.bytes:,}")
        if self.sha256.hexdigest() != fact.sha256:
            raise PassingError(f"{self.path.name} has the right size but a wrong SHA-256")


def progress(label: str, total: int, **options: Any) -> tqdm:
    """Return a progress bar that shows after half a second on a terminal, and nowhere else."""
    plain = not sys.stdout.isatty()
    return tqdm(
        desc=label, total=total, file=sys.stdout, disable=plain, leave=False, delay=0.5, **options
    )


def download(url: str, intake: Intake, net: Net) -> None:
    """Read `url` into `intake`; raise FetchError, or OSError where the disk is at fault.

    The download has a thread of its own, because nothing breaks off a read from a server that sends
    a byte now and then. Such a thread is left behind; its file is closed, so its next byte ends it.
    """
    fetch = pooch.HTTPDownloader(
        chunk_size=CHUNK,
        timeout=(net.timeout, net.timeout),
        headers={"Accept-Encoding": "identity"},
        hooks={"response": intake.expect},
    )
    errors: list[Exception] = []

    def work() -> None:
        try:
            fetch_trusting_system(fetch, url, intake)
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
            errors.append(explain(error))
        except Exception as error:  # not the connection's doing: too many bytes, a full disk
            errors.append(error)

    thread = threading.Thread(target=work, daemon=True)
    start = time.monotonic()
    thread.start()
    window = 2 * net.timeout  # so that the limits for a connection and for an answer come first
    due, had = start + window, 0
    while thread.is_alive():
        thread.join(0.1)
        if thread.is_alive() and time.monotonic() > due:
            if intake.size - had < SLOWEST * window:
                raise PassingError(f"fewer than {SLOWEST:,} bytes per second came")
            due, had = due + window, intake.size
    if errors:
        raise errors[0]
    intake.bar.close()  # a line takes its place
    seconds = max(time.monotonic() - start, 0.001)
    size, speed = (tqdm.format_sizeof(count, "B") for count in (intake.size, intake.size / seconds))
    say(f"  {intake.path.name}: {size} in {seconds:.1f} s, {speed}/s")


def fetch_trusting_system(fetch: pooch.HTTPDownloader, url: str, intake: Intake) -> None:
    """Fetch with the certificates of requests, and where they don't do, with the system's.

    Schools and firms that look into TLS add their own to the system's only. A connection without a
    known certificate carries no data, so nothing is in the file before the second try.
    """
    system = ssl.get_default_verify_paths()
    try:
        fetch(url, intake, None)
    except requests.exceptions.SSLError:
        if not (system.cafile or system.capath):
            raise
        fetch.kwargs["verify"] = system.cafile or system.capath
        fetch(url, intake, None)


# The first kind found among an error's causes says what happened, and whether to try again.
PROBLEMS = (
    (socket.gaierror, "the host name can't be resolved: no network, or no such host", False),
    (ConnectionRefusedError, "the connection was refused", True),
    (requests.exceptions.SSLError, "the server's certificate was not accepted", False),
    (requests.exceptions.ProxyError, "the proxy can't be used", True),
    (requests.TooManyRedirects, "the server redirects in a circle", False),
    ((requests.Timeout, urllib3.exceptions.TimeoutError), "no answer within the time limit", True),
    (requests.ConnectionError, "the connection broke off", True),
    (requests.exceptions.ChunkedEncodingError, "the connection broke off", True),
)


def explain(error: Exception) -> FetchError:
    """Return what a download's `error` means, in plain words."""
    if isinstance(error, requests.HTTPError):
        status = error.response.status_code
        words = f"the server answered {status} {http.client.responses.get(status, '')}".rstrip()
        return PassingError(words) if status >= 500 or status in (408, 429) else FetchError(words)
    chain = list(causes(error))
    for kinds, words, passing in PROBLEMS:
        if any(isinstance(cause, kinds) for cause in chain):
            return PassingError(words) if passing else FetchError(words)
    return FetchError(f"the download failed: {error}")


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and, one after the other, those that it was raised from."""
    while error:
        yield error
        error = error.__cause__ or error.__context__


def persist(attempt: Callable[[], None], net: Net) -> None:
    """Call `attempt` until no PassingError comes, at most `ATTEMPTS` times, ever more rarely."""
    for number in range(1, ATTEMPTS):
        try:
            return attempt()
        except PassingError as error:
            pause = net.retry_delay * 2 ** (number - 1)
            say(f"  {error}; attempt {number + 1} of {ATTEMPTS} in {pause:g} s")
            time.sleep(pause)
    return attempt()
