"""Servers whose certificate only the system knows, as behind a school's firewall."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Iterator

import pytest

from tests.assignment.course_data.lab import TRAIN, ZIPS, Lab

MAKE = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
NAMES = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(ZIPS[TRAIN])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    if not shutil.which("openssl"):
        pytest.skip("needs openssl, to make a certificate")
    path = tmp_path / "certificate.pem"
    files = ["-keyout", tmp_path / "key.pem", "-out", path]
    subprocess.run([*MAKE, *NAMES, *files], check=True, capture_output=True)
    return path


@pytest.fixture
def https(certificate: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}/{TRAIN}.zip"
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def no_bundles(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


def test_are_trusted_where_the_system_knows_it(
    lab: Lab, https: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))  # stands for the system's store
    lab.spoil_first(https)
    assert lab.fetch().code == 0
    assert f"/second/{TRAIN}.zip" not in lab.server.requested


def test_are_left_for_the_next_source_where_it_does_not(lab: Lab, https: str) -> None:
    lab.spoil_first(https)
    result = lab.fetch()
    assert result.code == 0
    assert "the server's certificate was not accepted; leaving this source" in result.out
    assert f"/second/{TRAIN}.zip" in lab.server.requested
