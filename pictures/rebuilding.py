"""A data set like the course's, of CIFAR-10's pictures, with its answers beside it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from assignment.answers import comes_with_answers
from assignment.course_data.cifar10 import Chosen, forget, obtain, read_archive
from assignment.course_data.download import progress, say
from assignment.course_data.fetch import bring_about, facts_of, place_of
from assignment.course_data.place import Place, read_stamp, settle, swap, write_stamp
from assignment.course_data.registry import Fact, FetchError

from .data_set import Rows, write_part
from .features import deep_features
from .loading import from_pixels
from .plain_answers import plain_answers

DIFFERENT = "Its answers differ from the published ones: other features, other training pictures."


def run(args: argparse.Namespace) -> None:
    """Make the data set, or check it; raise FetchError, ContentError or OSError."""
    place = place_of(args, "course-rebuilt")
    if comes_with_answers(place.target):
        raise FetchError(f"{place.target} has answers of its own: choose another --dest")

    def known() -> dict[str, Fact | None]:
        return known_facts(place)

    bring_about(args, place, known, rebuild)


def known_facts(place: Place) -> dict[str, Fact | None]:
    """Return what the stamp says of each file, nothing where there is none or no answers."""
    stamp = read_stamp(place.target)
    facts = {name: Fact(entry.get("bytes"), entry.get("sha256")) for name, entry in stamp.items()}
    if not facts or not answers_of(place).exists():
        return dict.fromkeys(facts or ["image_train_data/dir_archive.ini"])
    return facts


def answers_of(place: Place) -> Path:
    return place.target.with_name(f"{place.target.name}.answers.json")


def rebuild(args: argparse.Namespace, place: Place) -> None:
    """Make the data set in the place, whose lock is held."""
    say(f"Making a data set of CIFAR-10's pictures in {place.target}")
    folder = place.new / "data"
    try:
        folder.mkdir(parents=True)
        chosen = read_archive(obtain(args, place), args.parts)
        parts = {name: rows_of(name, pictures) for name, pictures in chosen.items()}
        for name, rows in parts.items():
            write_part(folder / name, rows)
        write_stamp(folder, facts_of(folder))
        write_answers(answers_of(place), plain_answers(*parts.values()), place.new)
        swap(folder, place, known_facts(place))
        forget(place)
    finally:
        settle(place)
    say(f"{place.target} is complete. {DIFFERENT}")


def rows_of(name: str, chosen: Chosen) -> Rows:
    pictures = [from_pixels(pixels) for pixels in chosen.pixels]
    with progress(name, len(pictures), unit=" pictures", iterable=pictures) as shown:
        features = deep_features(shown)
    pixels = chosen.pixels.reshape(len(pictures), -1)
    return Rows(chosen.ids, pictures, chosen.labels, features, pixels)


def write_answers(path: Path, answers: dict, scratch: Path) -> None:
    """Write the answers by one rename, before their data set is there: it never is without."""
    partial = scratch / "answers.json"
    partial.write_text(json.dumps(answers, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)
