"""CIFAR-10's archive: had from a server or a file, verified, and only then read."""

from __future__ import annotations

import argparse
import hashlib
import io
import pickle
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assignment.course_data import cifar10, command_line
from assignment.course_data.cifar10 import ArrayReader, obtain, read_archive
from assignment.course_data.content import ContentError
from assignment.course_data.fetch import bring_about, facts_of, place_of
from assignment.course_data.place import read_stamp, settle, swap, write_stamp
from assignment.course_data.registry import REGISTRY, Fact, Part, load_cifar10
from tests.assignment.course_data import cifar_archive as made
from tests.assignment.course_data import fetch_server as web
from tests.assignment.course_data.lab import IMPATIENCE, TEST, TRAIN, Lab, Result, snapshot
from tests.assignment.course_data.test_sources import SERVERS

NAME = "cifar-10-python.tar.gz"
PARTS = [Part(name, {}, {"labels": counts}) for name, counts in made.COUNTS.items()]
OTHER_BYTES = {
    "too few": (lambda data: data[:-1], "bytes, not"),
    "too many": (lambda data: data + b"x", "bytes, not"),
    "a changed one": (lambda data: data[:99] + bytes([data[99] ^ 1]) + data[100:], "wrong SHA-256"),
}
ZIP_WORDS = {"too short, no length", "empty", "not a zip"}  # what a zip is blamed for otherwise


def rebuild(args: argparse.Namespace) -> None:
    """Put the pictures in place as they were chosen: what has nothing to do with features."""
    place = place_of(args, "course-rebuilt")

    def known() -> dict[str, Fact | None]:
        stamp = read_stamp(place.target)
        return {name: Fact(one["bytes"], one["sha256"]) for name, one in stamp.items()} or {
            "image_train_data.npy": None
        }

    def make(args: argparse.Namespace, place: Any) -> None:
        folder = place.new / "data"
        try:
            folder.mkdir(parents=True)
            for name, chosen in read_archive(obtain(args, place), args.parts).items():
                np.save(folder / f"{name}.npy", chosen.pixels)
            write_stamp(folder, facts_of(folder))
            swap(folder, place, known())
            cifar10.forget(place)
        finally:
            settle(place)

    bring_about(args, place, known, make)


class CifarLab:
    """The lab with a server of a small archive, and a target for what is made of it."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.dest = lab.dest = lab.dest.with_name("course-rebuilt")
        lab.zips = dict.fromkeys(lab.zips, made.ARCHIVE)  # what the server's faults are made of
        lab.server.routes[f"/cifar/{NAME}"] = web.body(made.ARCHIVE)
        lab.server.routes[f"/mirror/{NAME}"] = web.body(made.ARCHIVE)
        lab.registry["cifar10"] = {
            "name": NAME,
            "bytes": len(made.ARCHIVE),
            "sha256": hashlib.sha256(made.ARCHIVE).hexdigest(),
            "folder": f"{lab.server.url}/cifar/",
        }
        for part, counts in made.COUNTS.items():
            lab.registry["parts"][part]["content"]["labels"] = counts

    @property
    def kept(self) -> Path:
        return self.dest.with_name(".course-rebuilt-archive")

    def run(self, *options: object) -> Result:
        """Run with `--rebuild`, and check that what is there is what was there or is whole."""
        before = snapshot(self.dest)
        self.lab.capsys.readouterr()
        command = self.lab.command("--rebuild", *options)
        code = command_line.main(command, rebuild)
        result = Result(code, *self.lab.capsys.readouterr())
        after = snapshot(self.dest)
        if code == 0 or after != before:
            assert sorted(after) == ["fetched.json", f"{TEST}.npy", f"{TRAIN}.npy"]
        assert set(self.lab.leftovers()) <= {self.kept.name}
        return result


@pytest.fixture
def cifar(lab: Lab) -> CifarLab:
    return CifarLab(lab)


class TestThePictures:
    chosen = read_archive(made.ARCHIVE, PARTS)

    def test_are_the_first_of_each_label_in_their_order(self):
        for part, batches in cifar10.BATCHES.items():
            labels = [label for name in batches for label in made.BATCH[name][b"labels"]]
            rows = {
                label: [row for row, one in enumerate(labels) if cifar10.CLASSES[one] == label]
                for label in made.COUNTS[part]
            }
            first = sorted(
                row for label, count in made.COUNTS[part].items() for row in rows[label][:count]
            )
            assert self.chosen[part].ids.tolist() == first
            assert self.chosen[part].labels == [cifar10.CLASSES[labels[row]] for row in first]

    def test_are_rows_of_pixels_of_red_green_and_blue(self):
        chosen = self.chosen[TEST]
        planes = made.BATCH["test_batch"][b"data"][chosen.ids[3]].reshape(3, 32, 32)
        assert chosen.pixels.shape == (len(chosen.ids), 32, 32, 3)
        assert chosen.pixels.dtype == np.uint8
        for color in range(3):
            assert np.array_equal(chosen.pixels[3, :, :, color], planes[color])

    def test_are_refused_where_there_are_too_few(self):
        wanted = [Part(TEST, {}, {"labels": {"cat": 1000}})]
        with pytest.raises(ContentError, match="holds 6 pictures of a cat, not 1000"):
            read_archive(made.ARCHIVE, wanted)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"test_batch": None}, "has no cifar-10-batches-py/test_batch"),
            ({"test_batch": made.old_pickle({b"labels": [1], b"data": np.zeros(3)})}, "not pictur"),
        ],
    )
    def test_are_refused_where_the_archive_holds_something_else(self, change, words):
        batches = {**made.PICKLED, **change}
        batches = {name: content for name, content in batches.items() if content is not None}
        with pytest.raises(ContentError, match=words):
            read_archive(made.archive_of(batches), PARTS)


class TestTheUnpickler:
    def test_reads_what_todays_numpy_writes_as_well(self):
        data = pickle.dumps({b"data": np.arange(6, dtype=np.uint8)}, protocol=4)
        read = ArrayReader(io.BytesIO(data), encoding="bytes").load()
        assert read[b"data"].tolist() == [0, 1, 2, 3, 4, 5]

    @pytest.mark.parametrize(
        "code",
        [
            b"cos\nsystem\n(S'exit 1'\ntR.",
            b"cbuiltins\neval\n(S'1'\ntR.",
            b"cnumpy\nload\n(S'x'\ntR.",
            b"cnumpy.core.multiarray\nscalar\n.",
        ],
    )
    def test_knows_nothing_but_arrays(self, code):
        with pytest.raises(ContentError, match=r"holds no .*: nothing was loaded"):
            ArrayReader(io.BytesIO(code), encoding="bytes").load()


class TestTheArchive:
    def test_is_downloaded_and_removed_once_its_pictures_are_in_place(self, cifar: CifarLab):
        assert cifar.run().code == 0
        assert not cifar.kept.exists()
        result = cifar.run()
        assert "already there and verified" in result.out
        assert cifar.lab.server.requested == [f"/cifar/{NAME}"]

    def test_may_come_from_a_mirror(self, cifar: CifarLab):
        assert cifar.run("--source", f"{cifar.lab.server.url}/mirror").code == 0
        assert cifar.lab.server.requested == [f"/mirror/{NAME}"]

    def test_may_be_a_file_that_is_there(self, cifar: CifarLab, tmp_path: Path):
        file = tmp_path / "cifar-10-batches-py.tar.gz"
        file.write_bytes(made.ARCHIVE)
        assert cifar.run("--from-cifar10", file).code == 0
        assert cifar.lab.server.requested == []
        assert file.read_bytes() == made.ARCHIVE

    @pytest.mark.parametrize("fault", SERVERS)
    def test_that_a_server_spoils_changes_nothing_and_the_way_on_is_told(
        self, fault: str, cifar: CifarLab
    ):
        make, sentence = SERVERS[fault]
        cifar.lab.server.routes["/page"] = web.page
        cifar.lab.server.routes["/first/image_train_data.zip"] = web.redirect(f"/cifar/{NAME}")
        assert cifar.run().code == 0
        bad = make(cifar.lab)
        if isinstance(bad, str):
            cifar.lab.registry["cifar10"]["folder"] = bad
        else:
            cifar.lab.server.routes[f"/cifar/{NAME}"] = bad
        before = snapshot(cifar.dest)
        result = cifar.run("--force", *IMPATIENCE)
        assert result.code == 1
        assert snapshot(cifar.dest) == before
        assert ("bytes, not" if fault in ZIP_WORDS else sentence) in result.err
        assert result.err.endswith(
            "download by hand\n  cifar-10-python.tar.gz\nfrom the page of CIFAR-10, or find where "
            'Keras or torchvision left it, then run\n  make data ARGS="--from-cifar10 FILE"\n'
        )

    def test_that_comes_right_at_the_third_attempt_is_enough(self, cifar: CifarLab):
        answers = iter([web.status(500), web.cut_short(made.ARCHIVE), web.body(made.ARCHIVE)])

        def answer(handler: web.Handler) -> None:
            next(answers)(handler)

        cifar.lab.server.routes[f"/cifar/{NAME}"] = answer
        assert cifar.run().code == 0

    def test_that_was_downloaded_is_used_by_the_next_run_after_a_stop(
        self, cifar: CifarLab, monkeypatch
    ):
        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(np, "save", stop)
            assert cifar.run().code == 130
        assert cifar.kept.read_bytes() == made.ARCHIVE
        result = cifar.run()
        assert result.code == 0
        assert "was downloaded by an earlier run" in result.out
        assert len(cifar.lab.server.requested) == 1

    @pytest.mark.parametrize("given", ["file", "kept"])
    @pytest.mark.parametrize("change", OTHER_BYTES)
    def test_with_other_bytes_is_never_opened(self, change, given, cifar: CifarLab, monkeypatch):
        def opened(*_: object, **__: object) -> None:
            raise AssertionError("opened before its hash was right")

        monkeypatch.setattr(tarfile, "open", opened)
        monkeypatch.setattr(ArrayReader, "find_class", opened)
        path = cifar.kept if given == "kept" else cifar.dest.parents[1] / "mine.tar.gz"
        make, words = OTHER_BYTES[change]
        path.write_bytes(make(made.ARCHIVE))
        cifar.lab.server.routes[f"/cifar/{NAME}"] = web.status(404)
        result = cifar.run(*(["--from-cifar10", path] if given == "file" else []))
        assert result.code == 1
        assert ("404 Not Found" if given == "kept" else words) in result.err

    @pytest.mark.parametrize("given", ["nowhere.tar.gz", "."])
    def test_that_is_no_file_is_named(self, given: str, cifar: CifarLab):
        result = cifar.run("--from-cifar10", given)
        assert result.code == 1
        assert given in result.err


def test_when_every_course_source_fails_the_last_lines_offer_it(lab: Lab) -> None:
    lab.registry["sources"] = []
    result = lab.fetch()
    assert result.code == 1
    assert result.err.splitlines()[-2:] == [
        "Or make a data set like the course's of CIFAR-10's photographs (170 MB; other answers):",
        "  make data ARGS=--rebuild",
    ]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--rebuild", "--csv"], "--rebuild takes no zips, folders or CSV files"),
        (["--rebuild", "--from-dir", "."], "--rebuild takes no zips, folders or CSV files"),
        (["--from-cifar10", "a", "--from-zip", "b"], "not allowed with argument"),
        (["--from-cifar10", "a", "--check"], "--check only looks at what is there"),
        (["--rebuild"], "says nothing of CIFAR-10"),
    ],
)
def test_wrong_usage_is_code_2(options: list[str], sentence: str, lab: Lab) -> None:
    with pytest.raises(SystemExit) as stopped:
        command_line.main(lab.command(*options))
    assert stopped.value.code == 2
    assert sentence in lab.capsys.readouterr().err


def test_the_registry_names_the_published_archive() -> None:
    part, source = load_cifar10(REGISTRY)
    (name,) = part.files
    assert f"{source.addresses[part.name]}{name}" == (
        "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
    )
    assert part.files[name] == Fact(
        170_498_071, "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"
    )
