"""The students' side: a folder, and a zip of it, that run on any machine with Python."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

from .hidden import write_sealed

SHARED = ("assignment", "turilite")  # packages, which lie beside the notebooks
NEEDED = ("jupyter",)  # beside what the packages depend on
NO_COPY = shutil.ignore_patterns("__pycache__", "course_data", "lab", "rerun", "*.md")
README = Path(__file__).with_name("README-students.md")


def make_release(root: Path, released: Path, folder: Path) -> Path:
    """Write the students' folder anew from a project and the released notebooks; return its zip."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in sorted(released.glob("*.ipynb")):
        shutil.copyfile(path, folder / path.name)
    for name in SHARED:
        shutil.copytree(root / name, folder / name, ignore=NO_COPY)
    shutil.copytree(root / "data" / "sample", folder / "data" / "sample")
    answers = json.loads((root / "data" / "sample.answers.json").read_text(encoding="utf-8"))
    asked = questions_in(folder)
    write_sealed(
        {key: answer for key, answer in answers.items() if key in asked},
        folder / "data" / "sample.answers.json",
    )
    for name in ("LICENSE", "requirements.lock"):
        shutil.copyfile(root / name, folder / name)
    shutil.copyfile(README, folder / "README.md")
    (folder / "requirements.txt").write_text(requirements(root), encoding="utf-8")
    return zip_of(folder)


def questions_in(folder: Path) -> set[str]:
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.ipynb")]
    return {key for text in texts for key in re.findall(r"check_answer\(\\\"(\w+)\\\"", text)}


def requirements(root: Path) -> str:
    """Return what the edition installs: the project's versions of what its packages use."""
    project = (root / "pyproject.toml").read_text(encoding="utf-8")
    (listed,) = re.findall(r"^dependencies = \[(.*?)\]", project, re.M | re.S)
    names = {*re.findall(r'"([\w-]+)', listed), *NEEDED}
    pins = (root / "requirements.txt").read_text(encoding="utf-8")
    lines = [line for line in pins.splitlines() if re.split("==", line)[0] in names]
    unpinned = sorted(names - {line.split("==")[0] for line in lines})
    return "\n".join(["-c requirements.lock", *lines, *unpinned]) + "\n"


def zip_of(folder: Path) -> Path:
    """Write a zip beside a folder, with the folder in it, the same bytes for the same files."""
    target = folder.with_name(f"{folder.name}.zip")
    partial = target.with_suffix(".partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix())
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    partial.replace(target)
    return target
