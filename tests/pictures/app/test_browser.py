"""The page in a real browser, where there is one: asked, answered, and closed to others."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import psutil
import pytest

pytest.importorskip("voila", reason="needs requirements-app.txt: make app")
pytest.importorskip("onnxruntime", reason="needs requirements-pictures.txt: make pictures")

from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from pictures.app.upload import MOST_BYTES
from tests.browser import TIMEOUT, chromium, server, unused_port
from tests.pictures import album
from tests.places import ROOT

TOKEN = "only-here"
NEIGHBORS = ".neighbors figure"


@pytest.fixture(scope="module")
def running(made, tmp_path_factory):
    """Return the page's server on the 200 photographs, its address, and what it wrote."""
    port = unused_port()
    command = [sys.executable, str(ROOT / "scripts" / "open_app.py"), "--no-browser"]
    command += [f"--port={port}", f"--Voila.token={TOKEN}"]
    url = f"http://127.0.0.1:{port}/"
    written = tmp_path_factory.mktemp("terminal") / "written"
    with written.open("w") as file:
        options = {"env": {**os.environ, "DATA_DIR": str(made[1])}, "stdout": file}
        with server(command, f"{url}login", stderr=subprocess.STDOUT, **options) as process:
            yield process, url, written


@pytest.fixture(scope="module")
def page(running):
    with chromium(viewport={"width": 1100, "height": 900}) as page:
        requests: list[str] = []
        page.on("requestfinished", lambda request: requests.append(request.url))
        sockets: list[str] = []
        page.on("websocket", lambda socket: sockets.append(socket.url))
        page.goto(f"{running[1]}?token={TOKEN}")
        page.wait_for_selector("label.upload")
        page.wait_for_selector(NEIGHBORS)
        page.requests, page.sockets = requests, sockets
        yield page


def ask(page, path: Path) -> None:
    """Choose a file, and wait for the answer."""
    page.set_input_files("input[type=file]", str(path))
    page.wait_for_function(
        "name => [...document.querySelectorAll('.query figcaption, .problem')]"
        ".some(one => one.textContent.startsWith(name))"
        " && document.querySelector('.upload-status').textContent == ''",
        arg=path.name,
    )


@pytest.mark.parametrize("number", range(album.NEAR))
def test_a_planted_near_duplicate_is_found_and_marked(page, photos, number):
    (path,) = photos.rglob(f"copy of {number}.jpg")
    ask(page, path)
    first, second = page.locator(NEIGHBORS).all_inner_texts()[:2]
    assert "at 0.00" in first
    assert all("nearly the same" in caption for caption in (first, second))
    assert page.locator(".query img").evaluate("image => image.naturalWidth") > 0


def test_a_page_that_is_opened_writes_nothing_on_the_terminal(page, running):
    first, address = running[2].read_text().splitlines()
    assert first.endswith("; Ctrl-C closes the page")
    assert address == f"{running[1]}?token=..."  # a token that was chosen is not shown


def test_controls_change_what_is_shown(page):
    page.get_by_label("neighbors k").fill("8")
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelectorAll('{NEIGHBORS}').length == 8")
    page.select_option("select", label=album.LABELS[1])
    page.wait_for_function(
        f"label => [...document.querySelectorAll('{NEIGHBORS} b')]"
        ".every(one => one.textContent == label)",
        arg=album.LABELS[1],
    )
    assert page.locator(".page table tr").count() == len(album.LABELS)
    assert "8 nearest pictures" in page.locator("caption").inner_text()
    page.select_option("select", label="every label")


def test_a_file_that_is_no_picture_gets_a_reason(page, tmp_path):
    path = tmp_path / "notes.jpg"
    path.write_text("not a picture")
    ask(page, path)
    assert "it is no picture of a kind that is read" in page.locator(".problem").inner_text()


def test_a_file_that_is_too_large_is_not_sent(page, tmp_path):
    path = tmp_path / "long.mov"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 100_000)
    page.set_input_files("input[type=file]", str(path))
    status = page.locator(".upload-status")
    assert status.inner_text() == "long.mov has 30.1 MB; at most 30 MB are taken."
    with path.open("wb") as file:
        file.truncate(MOST_BYTES)
    ask(page, path)  # the largest that is taken does not end the connection


def test_a_picture_can_be_dropped_anywhere(page, photos):
    (path,) = photos.rglob("IMG 0005.jpg")
    data = page.evaluate_handle(
        "bytes => { const transfer = new DataTransfer();"
        " transfer.items.add(new File([new Uint8Array(bytes)], 'dropped.jpg'));"
        " return transfer; }",
        list(path.read_bytes()),
    )
    page.dispatch_event("h1", "drop", {"dataTransfer": data})
    page.wait_for_function(
        "document.querySelector('.query figcaption').textContent == 'dropped.jpg'"
    )
    assert "at 0.00" in page.locator(NEIGHBORS).first.inner_text()
    page.evaluate("transfer => transfer.items.add(new File([], 'second.jpg'))", data)
    page.dispatch_event("h1", "drop", {"dataTransfer": data})
    page.wait_for_function(
        "document.querySelector('.upload-status').textContent"
        " == 'Of 2 files only dropped.jpg was taken.'"
    )
    empty = page.evaluate_handle("new DataTransfer()")
    page.dispatch_event("h1", "drop", {"dataTransfer": empty})
    assert "Only files can be dropped here" in page.locator(".upload-status").inner_text()


def test_a_narrow_window_shows_all_without_scrolling_sideways(page):
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    edges = page.locator(f"{NEIGHBORS} img").evaluate_all(
        "images => images.map(image => image.getBoundingClientRect().right)"
    )
    assert max(edges) <= 390
    page.locator(".neighbors .file").first.evaluate("file => file.textContent = 'x'.repeat(255)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1100, "height": 900})


def test_nothing_is_loaded_from_elsewhere(page, running):
    assert len(page.requests) > 10
    assert [
        url for url in page.requests if not url.startswith((running[1], "data:", "blob:"))
    ] == []


@pytest.fixture
def another(page, running):
    """Return one more page, and the process of its kernel."""
    server = psutil.Process(running[0].pid)
    before = set(server.children())
    context = page.context.browser.new_context()
    context.set_default_timeout(TIMEOUT)
    another = context.new_page()
    another.goto(f"{running[1]}?token={TOKEN}")
    another.wait_for_selector(NEIGHBORS)
    (kernel,) = set(server.children()) - before
    yield another, kernel
    context.close()


def test_a_page_that_is_closed_ends_its_kernel(another):
    closed, kernel = another
    closed.close(run_before_unload=True)
    kernel.wait(timeout=60)


def test_a_page_that_lost_its_kernel_says_so(another):
    lost, kernel = another
    kernel.kill()
    lost.wait_for_selector(".page.jupyter-widgets-disconnected")
    lost.set_input_files("input[type=file]", __file__)
    lost.wait_for_function(
        "document.querySelector('.upload-status').textContent.startsWith('There is no answer')"
    )


@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong"])
@pytest.mark.parametrize("path", ["", "similar-pictures.ipynb", "api/kernels/1", "voila/tree"])
def test_without_the_token_nothing_is_shown(running, path, query):
    try:
        with urllib.request.urlopen(f"{running[1]}{path}{query}") as answer:
            assert "/login" in answer.url
    except urllib.error.HTTPError as error:
        assert error.code in (403, 404)


@pytest.mark.parametrize("query", ["", "?token=wrong"])
def test_without_the_token_no_kernel_is_reached(page, running, query):
    kernel = next(
        url for url in page.sockets if urllib.parse.urlsplit(url).path.endswith("/channels")
    )
    address = urllib.parse.urlsplit(kernel)._replace(query=query[1:]).geturl()
    with pytest.raises(InvalidStatus, match="403"):
        connect(address)


def test_no_other_page_can_hold_this_one_in_a_frame(running):
    with urllib.request.urlopen(running[1]) as answer:
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_the_server_listens_on_this_machine_only(running):
    connections = psutil.Process(running[0].pid).net_connections(kind="inet")
    listening = {one.laddr.ip for one in connections if one.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}
