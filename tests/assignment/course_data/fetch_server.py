"""A web server on the loopback address that misbehaves as told.

A *behavior* is a function that is given the request's handler and answers it, badly or well.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Callable, Iterator

Behavior = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.requested.append(self.path)
        with suppress(ConnectionError):
            self.server.routes.get(self.path, status(404))(self)

    def log_message(self, *_: object) -> None:
        """Say nothing: the tests read `requested`."""

    def begin(self, code: int = 200, **headers: object) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def wait(self) -> None:
        """Do nothing until the test is over."""
        self.server.over.wait(60)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.routes: dict[str, Behavior] = {}
        self.requested: list[str] = []
        self.over = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"


@contextmanager
def serving() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.over.set()
        server.shutdown()


class Gate:
    """A behavior that serves the beginning of `data`, says so, and goes on when let through."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at
        self.reached, self.passable = threading.Event(), threading.Event()

    def __call__(self, handler: Handler) -> None:
        handler.begin(Content_Length=len(self.data))
        handler.wfile.write(self.data[: self.at])
        self.reached.set()
        self.passable.wait(60)
        handler.wfile.write(self.data[self.at :])


def unused_address() -> str:
    """Return an address on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


# --- behaviors ----------------------------------------------------------------------------------


def body(data: bytes, **headers: object) -> Behavior:
    def behave(handler: Handler) -> None:
        handler.begin(Content_Length=len(data), **headers)
        handler.wfile.write(data)

    return behave


def status(code: int) -> Behavior:
    return lambda handler: handler.begin(code, Content_Length=0)


def redirect(address: str) -> Behavior:
    return lambda handler: handler.begin(302, Location=address, Content_Length=0)


def page(handler: Handler) -> None:
    body(b"<!DOCTYPE html><html><body>Sign in</body></html>", Content_Type="text/html")(handler)


def silence(handler: Handler) -> None:
    handler.wait()


def no_answer(handler: Handler) -> None:
    handler.close_connection = True


def not_http(handler: Handler) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")


def slow_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.0 200 OK\r\n")
    while not handler.server.over.is_set():
        handler.wfile.write(b"X")
        time.sleep(0.05)


def stalled(data: bytes) -> Behavior:
    def behave(handler: Handler) -> None:
        handler.begin(Content_Length=len(data))
        handler.wfile.write(data[: len(data) // 2])
        handler.wait()

    return behave


def trickling(data: bytes) -> Behavior:
    def behave(handler: Handler) -> None:
        handler.begin(Content_Length=len(data))
        for byte in data:
            handler.wfile.write(bytes([byte]))
            if handler.server.over.wait(0.05):
                return

    return behave


def cut_short(data: bytes) -> Behavior:
    def behave(handler: Handler) -> None:
        handler.begin(Content_Length=len(data))
        handler.wfile.write(data[: len(data) // 2])

    return behave


def cut_short_without_length(data: bytes) -> Behavior:
    def behave(handler: Handler) -> None:
        handler.begin()
        handler.wfile.write(data[: len(data) // 2])

    return behave


def cut_short_chunked(data: bytes) -> Behavior:
    def behave(handler: Handler) -> None:
        handler.protocol_version = "HTTP/1.1"
        handler.begin(Transfer_Encoding="chunked", Connection="close")
        handler.wfile.write(b"%x\r\n" % len(data) + data[: len(data) // 2])

    return behave


def endless(handler: Handler) -> None:
    handler.begin()
    while not handler.server.over.is_set():
        handler.wfile.write(bytes(1 << 16))
