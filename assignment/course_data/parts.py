"""One half of the data set from a source of any kind, every file of it verified.

The functions in `GETTERS` all have the form (part, address, folder, net) -> None and put the part
into `folder`; FetchError says why they could not. What they wrote before stays: `folder` is a
temporary one, and the next source overwrites it.
"""

from __future__ import annotations

import errno
import glob
import re
import shutil
import stat
import struct
import zipfile
import zlib
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Callable, Iterator, Mapping, Sequence

from .content import ContentError
from .download import Intake, Net, PassingError, download, persist, progress, say
from .registry import Fact, FetchError, Part, Source

JUNK = {"__MACOSX", ".DS_Store"}  # what macOS adds to archives and folders
# What zipfile raises on a bad archive. The OSError is EINVAL, from an address below zero; the
# RuntimeError says what zipfile has not implemented.
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    RuntimeError,
    OSError,
)


class NoSourceError(FetchError):
    """Every source failed; the message has a line for each."""


def gather(parts: Sequence[Part], sources: Sequence[Source], folder: Path, net: Net) -> None:
    """Put every part into `folder`, each from the first source that has it and is right.

    A part that has been verified is kept when its source then fails on the other part.
    Raise NoSourceError when no source is left.
    """
    wanted, reasons = list(parts), []
    for source in sources:
        try:
            while wanted:
                address = source.addresses[wanted[0].name]
                say(f"{wanted[0].name} from {address}")
                GETTERS[source.kind](wanted[0], address, folder, net)
                wanted.pop(0)
        except FetchError as error:
            say(f"  {error}; leaving this source")
            reasons.append(f"  {address}: {error}")
    if wanted:
        raise NoSourceError("\n".join([f"{wanted[0].name} could not be had:", *reasons]))


def download_zip(part: Part, url: str, folder: Path, net: Net) -> None:
    """Download the zip at `url` and unpack it."""
    archive = folder.parent / f"{part.name}.zip"

    def attempt() -> None:
        with Intake(archive, part.zip_limit) as intake:
            download(url, intake, net)
        unpack_zip(part, str(archive), folder, net)

    persist(attempt, net)
    archive.unlink()


def download_files(part: Part, url: str, folder: Path, net: Net) -> None:
    """Download each file of the part from the folder `url`."""
    make_folder(part, folder)
    for name, fact in part.files.items():
        if not fact.bytes:
            continue

        def attempt(name: str = name, fact: Fact = fact) -> None:
            with Intake(folder / part.name / name, fact.bytes) as intake:
                download(f"{url.rstrip('/')}/{name}", intake, net)
                intake.verify(fact)

        persist(attempt, net)


def download_csv(part: Part, url: str, folder: Path, net: Net) -> None:
    """Download a CSV file, verify its content, and write it as Parquet too."""

    def attempt() -> None:
        with Intake(folder / f"{part.name}.csv", part.csv_limit) as intake:
            download(url, intake, net)
        convert_csv(part, folder)

    persist(attempt, net)


def unpack_zip(part: Part, archive: str, folder: Path, _: Net) -> None:
    """Unpack a zip that holds exactly the part's files, perhaps in one folder, and macOS's junk.

    It may hold other SFrames too, each in its folder. A name from the archive only ever selects one
    of the part's files, it never becomes a path.
    """
    with zip_open(Path(archive)) as zipped:
        members = select_members(part, zipped.infolist())
        make_folder(part, folder)
        for name, member in members.items():
            with zipped.open(member) as stream:
                copy(stream, folder / part.name / name, part.files[name])


def make_folder(part: Part, folder: Path) -> None:
    """Make the part's folder, with those of its files that are empty."""
    (folder / part.name).mkdir(exist_ok=True)
    for name in part.files.keys() - part.full_files:
        (folder / part.name / name).write_bytes(b"")


def copy_files(part: Part, source: str, folder: Path, _: Net) -> None:
    """Copy the part's files from the folder that holds them, at most two levels below `source`.

    Where none does, unpack them from a zip in `source`.
    """
    levels = (pattern + glob.escape(part.largest) for pattern in ("", "*/", "*/*/"))
    found = next((path.parent for level in levels for path in Path(source).glob(level)), None)
    if found is None:
        unpack_zip(part, find_zip(part, Path(source)), folder, _)
        return
    make_folder(part, folder)
    for name, fact in part.files.items():
        if (found / name).is_file():
            with (found / name).open("rb") as stream:
                copy(stream, folder / part.name / name, fact)
        elif fact.bytes:
            raise FetchError(f"{found} has no {name}")


def find_zip(part: Part, source: Path) -> str:
    """Return the zip in a folder, or the zip `source` itself, that holds a part, or is named so.

    Raise FetchError where there is none.
    """
    archives = [source] if source.is_file() else sorted(source.glob("*.[zZ][iI][pP]"))
    named = [path for path in archives if path.name.startswith(part.name)]
    found = next((path for path in archives if holds(str(path), part)), None) or next(
        iter(named), None
    )
    if found is None:
        raise FetchError(
            f"no folder there holds {part.largest}, the largest file of {part.name}, nor does a zip"
        )
    return str(found)


def copy_csv(part: Part, source: str, folder: Path, _: Net) -> None:
    """Copy the part's CSV file from the folder `source`, verify its content, write Parquet too."""
    path = Path(source) / f"{part.name}.csv"
    if not path.is_file():
        raise FetchError(f"there is no {path.name}")
    with path.open("rb") as stream, Intake(folder / path.name, part.csv_limit) as intake:
        shutil.copyfileobj(stream, intake)
    convert_csv(part, folder)


GETTERS: Mapping[str, Callable[[Part, str, Path, Net], None]] = {
    "zip": download_zip,
    "directory": download_files,
    "csv": download_csv,
    "own zip": unpack_zip,
    "own directory": copy_files,
    "own csv": copy_csv,
}


def copy(stream: IO[bytes], path: Path, fact: Fact) -> None:
    """Write a stream to `path`; raise PassingError unless it is what the registry says."""
    with Intake(path, fact.bytes) as intake:
        shutil.copyfileobj(stream, intake)
        intake.verify(fact)


def convert_csv(part: Part, folder: Path) -> None:
    """Write the part's Parquet file beside its CSV file.

    Raise PassingError where the content is wrong.
    """
    from .csv_table import csv_to_parquet  # noqa: PLC0415  slow to import, and only --csv needs it

    csv = folder / f"{part.name}.csv"
    with progress(f"verifying {csv.name}", part.content["rows"], unit=" rows") as bar:
        try:
            csv_to_parquet(csv, csv.with_suffix(".parquet"), part.content, bar.update)
        except ContentError as error:
            raise PassingError(str(error)) from error
    say(f"  {csv.name}: rows, columns and labels are right, and it is there as Parquet too")


@contextmanager
def zip_open(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip; raise FetchError for what zipfile raises on a bad one."""
    with path.open("rb") as file:
        try:
            with zipfile.ZipFile(file) as zipped:
                yield zipped
        except ZIP_ERRORS as error:
            if isinstance(error, OSError) and error.errno != errno.EINVAL:
                raise  # a full disk, for example
            file.seek(0)
            if file.read(2) != b"PK":
                raise FetchError("it is not a zip file") from error
            raise PassingError(f"the zip is cut short or damaged ({error})") from error


def select_members(part: Part, infos: Sequence[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Return the member for each file of a part; FetchError if the archive has anything else."""
    members: dict[str, zipfile.ZipInfo] = {}
    folders = set()
    only = folder_among_others(part, infos)
    for info in infos:
        name, path = info.orig_filename, PurePosixPath(info.filename)
        problem = forbidden(info)
        if problem:
            raise FetchError(f"the zip's member {name!a} {problem}")
        if JUNK.intersection(path.parts) or (only and only != path.parent):
            continue
        folders.add(path if info.is_dir() else path.parent)
        if (
            len(folders) > 1
            or (len(path.parts) > 2 and not only)
            or not (info.is_dir() or path.name in part.files)
        ):
            raise FetchError(f"the zip's member {name!a} is not part of {part.name}")
        if info.is_dir():
            continue
        if path.name in members:
            raise FetchError(f"the zip holds {path.name} twice")
        size = part.files[path.name].bytes
        if info.file_size != size:
            raise FetchError(f"{path.name} has {info.file_size:,} bytes in the zip, not {size:,}")
        members[path.name] = info
    missing = sorted(part.full_files - members.keys())
    if missing:
        raise FetchError(f"the zip has no {', '.join(missing)}")
    return members


def folder_among_others(part: Part, infos: Sequence[zipfile.ZipInfo]) -> PurePosixPath | None:
    """Return the folder that holds a part in a zip of several SFrames, None in one of its own."""
    paths = [PurePosixPath(info.filename) for info in infos]
    paths = [path for path in paths if not JUNK.intersection(path.parts)]
    if sum(path.name == "dir_archive.ini" for path in paths) < 2:
        return None
    return next((path.parent for path in paths if path.name == part.largest), None)


def forbidden(info: zipfile.ZipInfo) -> str:
    """Return what a member of an archive is and must not be, or an empty string."""
    name = info.orig_filename
    if name.startswith("/") or re.match("[A-Za-z]:", name):
        return "has an absolute name"
    if ".." in PurePosixPath(name).parts or "\\" in name or "\0" in name:
        return "has a name that leads elsewhere"
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link or a special file"
    if info.flag_bits & 1:
        return "is encrypted"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is compressed in an unusual way"
    return ""


def in_order(archives: Sequence[str], parts: Sequence[Part]) -> list[str]:
    """Return two archives, given either way round, in the order of the parts that they hold.

    One archive, which then holds both, is returned twice.
    """
    first, second = archives if len(archives) == 2 else (archives[0], archives[0])
    swapped = holds(first, parts[1]) or holds(second, parts[0])
    return [second, first] if swapped else [first, second]


def holds(archive: str, part: Part) -> bool:
    """Tell whether an archive has members with the names of all of the part's files."""
    with suppress(FetchError), zip_open(Path(archive)) as zipped:
        return part.full_files <= {PurePosixPath(name).name for name in zipped.namelist()}
    return False
