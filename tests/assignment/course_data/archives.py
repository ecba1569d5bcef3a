"""Archives that are damaged, incomplete or meant to do harm, and what is said of each."""

from __future__ import annotations

import io
import re
import stat
import warnings
import zipfile
from typing import Any, Callable

from tests.assignment.course_data.lab import SEGMENT, TEST, TRAIN, Files, Lab, flip_byte, zip_of

Archive = Callable[[Lab], bytes]


def holding(change: Callable[[Files], Any], **options: Any) -> Archive:
    """Return a maker of the training zip after a change to its files."""

    def make(lab: Lab) -> bytes:
        files = {f"{TRAIN}/{name}": data for name, data in lab.files[TRAIN].items()}
        change(files)
        return zip_of(files, **options)

    return make


def rewritten(rewrite: Callable[[bytearray], object]) -> Archive:
    """Return a maker of the training zip after a change to its own bytes."""

    def make(lab: Lab) -> bytes:
        archive = bytearray(zip_of(lab.files[TRAIN], TRAIN, zipfile.ZIP_STORED))
        rewrite(archive)
        return bytes(archive)

    return make


def with_member(name: str, data: bytes = b"x", kind: int = stat.S_IFREG) -> Archive:
    """Return a maker of the training zip with one more member."""

    def make(lab: Lab) -> bytes:
        stream = io.BytesIO(lab.zips[TRAIN])
        with zipfile.ZipFile(stream, "a") as zipped, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a name that is there twice is what is wanted
            info = zipfile.ZipInfo("name")
            info.filename = name  # ZipInfo(name) would cut it at a zero byte
            info.external_attr = (kind | 0o644) << 16
            zipped.writestr(info, data)
        return stream.getvalue()

    return make


def flip_byte_of_segment(files: Files) -> None:
    data = bytearray(files[f"{TRAIN}/{SEGMENT[TRAIN]}"])
    flip_byte(data)
    files[f"{TRAIN}/{SEGMENT[TRAIN]}"] = bytes(data)


def rename_segment(files: Files) -> None:
    files[f"{TRAIN}/m_0000000000000000.0000"] = files.pop(f"{TRAIN}/{SEGMENT[TRAIN]}")


def encrypt(archive: bytearray) -> None:
    """Set the flag in each member's two headers."""
    for signature, offset in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        for found in re.finditer(re.escape(signature), bytes(archive)):
            archive[found.start() + offset] |= 1


def understating_bomb(lab: Lab) -> bytes:
    """Return a bomb whose headers state the right size."""
    files = {**lab.files[TRAIN], "dir_archive.ini": bytes(1 << 24)}
    stated, right = (1 << 24), len(lab.files[TRAIN]["dir_archive.ini"])
    return zip_of(files, TRAIN).replace(stated.to_bytes(4, "little"), right.to_bytes(4, "little"))


ARCHIVES: dict[str, tuple[Archive, str]] = {
    "a byte flipped on the way": (rewritten(flip_byte), "cut short or damaged (Bad CRC-32"),
    "a byte flipped before": (holding(flip_byte_of_segment), "right size but a wrong SHA-256"),
    "cut in the middle": (rewritten(lambda data: data.__delitem__(slice(9999, 99999))), "damaged"),
    "member missing": (
        holding(lambda files: files.pop(f"{TRAIN}/dir_archive.ini")),
        "the zip has no dir_archive.ini",
    ),
    "member doubled": (with_member(f"{TRAIN}/objects.bin", b""), "the zip holds objects.bin twice"),
    "member renamed": (
        holding(rename_segment),
        "'image_train_data/m_0000000000000000.0000' is not",
    ),
    "member of another name": (with_member(f"{TRAIN}/evil.py"), "evil.py' is not part of"),
    "member elsewhere": (
        with_member("elsewhere/objects.bin"),
        "'elsewhere/objects.bin' is not part of",
    ),
    "folder in the folder": (with_member(f"{TRAIN}/deep/", b""), "deep/' is not part of"),
    "member too deep": (
        holding(lambda files: files.update({"a/" + name: files.pop(name) for name in [*files]})),
        "is not part of",
    ),
    "member shortened": (
        holding(lambda files: files.update({f"{TRAIN}/dir_archive.ini": b"x"})),
        "dir_archive.ini has 1 bytes in the zip, not 135",
    ),
    "the other part": (lambda lab: lab.zips[TEST], f"is not part of {TRAIN}"),
    "absolute name": (with_member("/etc/objects.bin"), "'/etc/objects.bin' has an absolute name"),
    "absolute name, two slashes": (with_member("//host/objects.bin"), "has an absolute name"),
    "absolute name, drive": (with_member("C:/objects.bin"), "has an absolute name"),
    "absolute name, backslash": (with_member("C:\\objects.bin"), "has an absolute name"),
    "name that climbs": (with_member("../objects.bin"), "'../objects.bin' has a name that leads"),
    "name that climbs far": (with_member(f"{TRAIN}/../../objects.bin"), "has a name that leads"),
    "name that climbs, backslash": (
        with_member("..\\objects.bin"),
        "has a name that leads elsewhere",
    ),
    "name that climbs in junk": (
        with_member("__MACOSX/../../objects.bin"),
        "has a name that leads",
    ),
    "name with a zero byte": (with_member("objects.bin\0.txt"), "has a name that leads elsewhere"),
    "symbolic link": (
        with_member("objects.bin", b"/etc/passwd", stat.S_IFLNK),
        "'objects.bin' is a link or a special file",
    ),
    "symbolic link in junk": (with_member("__MACOSX/a", b"/etc", stat.S_IFLNK), "is a link"),
    "pipe": (with_member("objects.bin", b"", stat.S_IFIFO), "is a link or a special file"),
    "bomb": (
        holding(lambda files: files.update({f"{TRAIN}/dir_archive.ini": bytes(1 << 24)})),
        "dir_archive.ini has 16,777,216 bytes in the zip, not 135",
    ),
    "bomb that understates": (understating_bomb, "cut short or damaged"),
    "empty archive": (lambda _: zip_of({}), "the zip has no dir_archive.ini"),
    "encrypted": (rewritten(encrypt), "is encrypted"),
    "bzip2": (holding(lambda _: None, method=zipfile.ZIP_BZIP2), "compressed in an unusual way"),
}
