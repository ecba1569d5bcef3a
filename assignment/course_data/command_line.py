"""Fetch the course's two SFrames into data/course: download, verify, unpack, or say why not.

The sources are tried in the order of data/course_registry.json. Every file is checked by size and
SHA-256 while it is written, so a source that serves anything else is left for the next. The
finished data set appears by one rename; place.py says how that survives a kill.

Exit codes: 0 the data are there and verified, 1 they could not be had (with --check: are not
right), 2 wrong usage, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Callable, Sequence

from .advice import by_hand
from .content import ContentError
from .download import ATTEMPTS
from .fetch import run
from .parts import NoSourceError
from .registry import REGISTRY, ROOT, FetchError, load_cifar10, load_registry

Command = Callable[[argparse.Namespace], None]
EXAMPLES = """examples:
  python scripts/fetch_data.py              fetch the SFrames into data/course
  python scripts/fetch_data.py --check      hash the files that are there again
  python scripts/fetch_data.py --from-zip image_train_data.zip image_test_data.zip
                                            take what was downloaded by hand
  python scripts/fetch_data.py --from-dir ~/Downloads
                                            the same: find zips or unzipped folders there
  python scripts/fetch_data.py --csv        fetch the CSV files, for pandas, into data/course-csv
  python scripts/fetch_data.py --source https://example.org/course/
                                            try this mirror first: a folder with the two zips, or
                                            the two folders unzipped, or the two CSV files
  python scripts/fetch_data.py --rebuild    make a data set like the course's, of CIFAR-10's
                                            photographs, in data/course-rebuilt
  python scripts/fetch_data.py --from-cifar10 cifar-10-python.tar.gz
                                            the same, of an archive that is there

exit codes:
  0 there and verified   1 could not be had, or not right   2 wrong usage   130 stopped by Ctrl-C"""


def main(argv: Sequence[str] | None = None, rebuild: Command | None = None) -> int:
    """Run the command, and return its exit code.

    `rebuild` does what `--rebuild` asks for: it needs more packages than the fetch.
    """
    args = parse(argv)
    command = rebuild if args.rebuild and rebuild else run
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(
        nowhere if args.quiet else sys.stdout
    ):
        try:
            command(args)
            return 0
        except KeyboardInterrupt:
            code, problem = 130, "stopped; nothing is left half done"
        except NoSourceError as error:
            offline = args.from_zip or args.from_dir
            code, problem = 1, str(error) if offline else f"{error}\n{by_hand(args)}"
        except (FetchError, ContentError) as error:
            code, problem = 1, str(error)
        except NotImplementedError as error:  # from filelock
            code, problem = 1, f"the file system has no locks: {error}"
        except OSError as error:
            where = error.filename or args.dest or ROOT / "data"
            code, problem = 1, f"{where}: {error.strerror or error}"
    print(f"fetch_data: {problem}", file=sys.stderr)
    return code


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Return the command line, with the registry's `parts` and `published` sources.

    Exit with code 2 where it is wrong.
    """
    parser = argparse.ArgumentParser(
        description="Fetch the course's two SFrames into data/course, every file verified.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--dest", metavar="DIR", help="where to put the data set, instead of data/course")
    add("--csv", action="store_true", help="fetch the CSV files, and write Parquet files of them")
    add("--check", action="store_true", help="hash what is there, name each file that differs")
    add("--force", action="store_true", help="fetch again what is there")
    add("--quiet", action="store_true", help="say nothing but what went wrong")
    add(
        "--timeout",
        type=duration,
        default=30,
        metavar="S",
        help="seconds to wait for an answer (default 30)",
    )
    add(
        "--retry-delay",
        type=duration,
        default=1,
        metavar="S",
        help=f"seconds before the second of {ATTEMPTS} attempts, doubled for the third (default 1)",
    )
    add(
        "--registry",
        type=Path,
        default=REGISTRY,
        metavar="FILE",
        help="other hashes and addresses, for mirrors and tests",
    )
    origin = parser.add_mutually_exclusive_group()
    origin.add_argument(
        "--from-zip",
        nargs="+",
        metavar="ZIP",
        help="take these two zip files, or one that holds both parts, use no network",
    )
    origin.add_argument(
        "--from-dir",
        metavar="DIR",
        help="take the folders, the zips (or CSV files) in DIR, use no network",
    )
    origin.add_argument(
        "--source", metavar="URL", help="try this mirror first (default: $COURSE_DATA_SOURCE)"
    )
    origin.add_argument(
        "--from-cifar10", metavar="FILE", help="--rebuild from this archive, use no network"
    )
    add("--rebuild", action="store_true", help="make a data set of CIFAR-10's photographs instead")
    args = parser.parse_args(argv)
    args.rebuild = args.rebuild or bool(args.from_cifar10)
    if args.csv and args.from_zip:
        parser.error("--csv takes no zip files: use --from-dir with the folder of the CSV files")
    if args.from_zip and len(args.from_zip) > 2:
        parser.error("--from-zip takes the two zips, or one that holds both parts")
    if args.rebuild and (args.csv or args.from_zip or args.from_dir):
        parser.error("--rebuild takes no zips, folders or CSV files: see --from-cifar10")
    if args.check and (
        args.force or args.from_zip or args.from_dir or args.from_cifar10 or args.source
    ):
        parser.error("--check only looks at what is there: it takes no source and no --force")
    args.source = args.source or os.environ.get("COURSE_DATA_SOURCE")
    if args.source and not re.match("https?://", args.source):
        parser.error(f"a source is an http or https address, not {args.source!r}; see --from-dir")
    try:
        args.parts, args.published = load_registry(args.registry)
        args.cifar10 = load_cifar10(args.registry) if args.rebuild else None
    except ValueError as error:
        parser.error(str(error))
    return args


def duration(text: str) -> float:
    """Return a number of seconds, at most a day's; raise ValueError for any other."""
    value = float(text)
    if not 0 < value <= 86400:
        raise ValueError(text)
    return value
