"""Servers that fail in every known way, and the source that comes next."""

from __future__ import annotations

import gzip
import shlex
import sys
from typing import Callable, Union

import pytest

from tests.assignment.course_data import fetch_server as web
from tests.assignment.course_data.archives import ARCHIVES, Archive
from tests.assignment.course_data.lab import IMPATIENCE, TEST, TRAIN, Lab, snapshot
from tests.places import ROOT, SAMPLE

Fault = Callable[[Lab], Union[web.Behavior, str]]


def served(make: Callable[[bytes], web.Behavior]) -> Fault:
    """Return the fault of serving the right zip in a wrong way."""
    return lambda lab: make(lab.zips[TRAIN])


SERVERS: dict[str, tuple[Fault, str]] = {
    "404": (lambda _: web.status(404), "the server answered 404 Not Found"),
    "403": (lambda _: web.status(403), "the server answered 403 Forbidden"),
    "500": (lambda _: web.status(500), "the server answered 500 Internal Server Error"),
    "refused": (lambda _: web.unused_address(), "the connection was refused"),
    "unresolvable": (lambda _: "http://nowhere.invalid/a.zip", "host name can't be resolved"),
    "no address": (lambda _: "http://", "the download failed: Invalid URL"),
    "never answers": (lambda _: web.silence, "no answer within the time limit"),
    "answers letter by letter": (lambda _: web.slow_headers, "fewer than 4,096 bytes per second"),
    "sends byte by byte": (served(web.trickling), "fewer than 4,096 bytes per second"),
    "stops sending": (served(web.stalled), "no answer within the time limit"),
    "closes without an answer": (lambda _: web.no_answer, "the connection broke off"),
    "closes mid-body": (served(web.cut_short), "the connection broke off"),
    "too short, no length": (served(web.cut_short_without_length), "cut short or damaged"),
    "closes mid-chunk": (served(web.cut_short_chunked), "the connection broke off"),
    "too long": (lambda _: web.endless, "longer than the"),
    "not HTTP": (lambda _: web.not_http, "the connection broke off"),
    "HTML with status 200": (lambda _: web.page, "an HTML page came instead of the file"),
    "redirect to HTML": (lambda lab: web.redirect("/page"), "an HTML page came instead"),
    "redirect to a file": (
        lambda _: web.redirect(SAMPLE.as_uri()),
        "the download failed: No connection adapters were found for 'file:",
    ),
    "redirect loop": (
        lambda lab: web.redirect(f"/first/{TRAIN}.zip"),
        "the server redirects in a circle",
    ),
    "empty": (lambda _: web.body(b""), "it is not a zip file"),
    "not a zip": (lambda _: web.body(b"Not a zip file at all. " * 99), "it is not a zip file"),
}


def sent(make: Archive) -> Fault:
    return lambda lab: web.body(make(lab))


FAULTS = {**SERVERS, **{name: (sent(make), words) for name, (make, words) in ARCHIVES.items()}}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_next_source_is_used_after(fault: str, lab: Lab) -> None:
    make, sentence = FAULTS[fault]
    lab.server.routes["/page"] = web.page
    lab.spoil_first(make(lab))
    result = lab.fetch(*IMPATIENCE)
    assert result.code == 0
    assert sentence in result.out
    assert "leaving this source" in result.out
    assert f"/second/{TRAIN}.zip" in lab.server.requested


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_lost_and_the_way_on_is_told_when_all_sources_have(fault: str, lab: Lab) -> None:
    make, sentence = FAULTS[fault]
    lab.server.routes["/page"] = web.page
    lab.spoil_first(make(lab))
    del lab.registry["sources"][1:]
    lab.put_earlier()
    earlier = snapshot(lab.dest)
    result = lab.fetch(*IMPATIENCE)
    assert result.code == 1
    assert snapshot(lab.dest) == earlier
    assert sentence in result.err
    assert "Traceback" not in result.err
    assert "download by hand\n  image_train_data.zip and image_test_data.zip\n" in result.err
    assert 'week 6, the reading of\nthe assignment "Deep features for image' in result.err
    *_, by_hand, _, rebuild = result.err.splitlines()
    assert rebuild == "  make data ARGS=--rebuild"
    python, *words = shlex.split(by_hand)
    assert words == [
        "scripts/fetch_data.py",
        *("--from-zip", "image_train_data.zip", "image_test_data.zip"),
        *("--dest", str(lab.dest)),
    ]
    assert (ROOT / python).samefile(sys.executable)  # not a `python` without packages


def test_a_source_is_tried_three_times_with_growing_pauses(lab: Lab) -> None:
    lab.spoil_first(web.status(503))
    result = lab.fetch()
    assert lab.server.requested.count(f"/first/{TRAIN}.zip") == 3
    assert "503 Service Unavailable; attempt 2 of 3 in 0.01 s" in result.out
    assert "503 Service Unavailable; attempt 3 of 3 in 0.02 s" in result.out


@pytest.mark.parametrize("fault", ["500", "closes mid-body", "a byte flipped before"])
def test_an_attempt_that_succeeds_after_two_that_failed_is_enough(fault: str, lab: Lab) -> None:
    bad, good = FAULTS[fault][0](lab), lab.server.routes[f"/first/{TRAIN}.zip"]
    answers = iter([bad, bad, good])

    def answer(handler: web.Handler) -> None:
        next(answers)(handler)

    lab.spoil_first(answer)
    assert lab.fetch().code == 0
    assert f"/second/{TRAIN}.zip" not in lab.server.requested


@pytest.mark.parametrize("code", [400, 403, 404, 410])
def test_an_answer_that_will_not_change_is_not_asked_for_again(code: int, lab: Lab) -> None:
    lab.spoil_first(web.status(code))
    lab.fetch()
    assert lab.server.requested.count(f"/first/{TRAIN}.zip") == 1


def test_a_part_that_is_right_is_kept_when_its_source_fails_on_the_other(lab: Lab) -> None:
    lab.server.routes[f"/first/{TEST}.zip"] = web.status(404)
    assert lab.fetch().code == 0
    assert f"/second/{TRAIN}.zip" not in lab.server.requested


def test_a_body_that_is_compressed_though_not_asked_for_is_understood(lab: Lab) -> None:
    lab.spoil_first(web.body(gzip.compress(lab.zips[TRAIN]), Content_Encoding="gzip"))
    assert lab.fetch().code == 0
    assert f"/second/{TRAIN}.zip" not in lab.server.requested


def test_no_more_is_read_than_the_registry_allows(lab: Lab) -> None:
    sent = 0

    def count(handler: web.Handler) -> None:
        nonlocal sent
        handler.begin()
        while True:
            sent += handler.wfile.write(bytes(1 << 16))

    lab.spoil_first(count)
    lab.fetch()
    right = sum(map(len, lab.files[TRAIN].values()))
    assert sent < 2 * right + (16 << 20)  # the kernel's buffers hold some MB
