"""A real browser, where there is one, and servers that tests show to it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import Any, Iterator, Sequence

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync"
TIMEOUT = 120_000  # ms, for each wait; a machine with nothing else to do needs a few seconds


@contextmanager
def chromium(**options: Any) -> Iterator[Any]:
    """Open a browser with a page; skip the test, with the reason, where there is none."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright from PyPI")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        page = browser.new_page(**options)
        page.set_default_timeout(TIMEOUT)
        yield page
        browser.close()


@contextmanager
def server(command: Sequence[str], url: str, **options: Any) -> Iterator[subprocess.Popen]:
    """Run a server until the end of the block; begin when it answers at an address."""
    process = subprocess.Popen(command, **{"stderr": subprocess.DEVNULL, **options})
    try:
        wait_for_answer(url, process)
        yield process
    finally:
        process.terminate()
        process.wait()


def wait_for_answer(url: str, process: subprocess.Popen) -> None:
    for _ in range(TIMEOUT // 500):
        assert process.poll() is None, f"the server ended with {process.returncode}"
        try:
            urllib.request.urlopen(url).close()
            return
        except urllib.error.URLError:
            time.sleep(0.5)
    raise TimeoutError(url)


def unused_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
