"""What every model has: fields as attributes, the text that shows them, a directory to keep it."""

from __future__ import annotations

from os import PathLike
from typing import Any

from ..arguments import all_spoken, shown
from ..errors import ToolkitError
from ..missing_api import missing, refuse, unknown
from ..tables.sframe import SFrame
from .saving import write_model


@all_spoken
class Model:
    """A trained model; each name that `_list_fields` gives is an attribute.

    A toolkit derives its model from this, and says which fields are shown (`_sections`) and, where
    it can be saved, of which tables it consists (`_tables`, `_restored`).
    """

    def __init__(self, fields: dict[str, Any]) -> None:
        self._fields = fields

    # --- fields -------------------------------------------------------------------------------

    def _list_fields(self) -> list[str]:
        return sorted(self._fields)

    def _get(self, field: str) -> Any:
        if field not in self._fields:
            raise ToolkitError(f"A model has no field {field!r}; it has {self._list_fields()}.")
        return self._fields[field]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise unknown(type(self).__name__, name)
        if name not in self._fields:
            raise missing(type(self).__name__, name, dir(self))
        return self._fields[name]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._fields]

    # --- text ---------------------------------------------------------------------------------

    def _sections(self) -> dict[str, dict[str, str]]:
        """Return the fields to show by the title of their section ('' for none) and their text."""
        return {"": {name: name for name in self._list_fields()}}

    def _shown(self, field: str) -> Any:
        """Return the value of a field as the text has it."""
        return self._fields[field]

    def _entries(self) -> dict[str, list[tuple[str, Any]]]:
        return {
            title: [(text, self._shown(field)) for text, field in fields.items()]
            for title, fields in self._sections().items()
        }

    def __repr__(self) -> str:
        lines = [_line("Class", type(self).__name__), ""]
        for title, entries in self._entries().items():
            heading = [title, "-" * len(title)] if title else []
            lines += [*heading, *(_line(*entry) for entry in entries), ""]
        return "\n".join(lines)

    def summary(self, output: str | None = None) -> str | dict | None:
        """Print the description of the model, or return it as output='str' or output='dict'."""
        if output in (None, "stdout"):
            return print(self)
        if output == "str":
            return repr(self)
        if output == "dict":
            sections = self._entries()
            return {"sections": list(sections.values()), "section_titles": list(sections)}
        raise ToolkitError(f"summary has no output {output!r}; there are stdout, str, dict.")

    def show(self, view: Any = None) -> None:
        """Print the description of the model, whichever `view` GraphLab Create would show."""
        print(self)

    # --- a directory --------------------------------------------------------------------------

    def save(self, location: str | PathLike) -> None:
        """Write the model to a new directory, or over the model in an old one.

        Whatever happens meanwhile, the old model or the new is there. Raises OSError, and writes
        nothing, where anything but a model is.
        """
        write_model(location, type(self).__name__, self._tables(), self._fields)

    def _tables(self) -> dict[str, SFrame]:
        """Return by name what of the model is no field; a matrix as a column of vectors."""
        raise refuse(f"{type(self).__name__}.save", "save", AttributeError)


def check_sframe(dataset: Any) -> None:
    """Raise ToolkitError where `dataset` is not an SFrame."""
    if not isinstance(dataset, SFrame):
        raise ToolkitError(f"dataset must be an SFrame, not {shown(dataset)}.")


def _line(name: str, value: Any) -> str:
    return f"{name:30} : {value}"
