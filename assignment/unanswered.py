"""What stands in the students' edition for a value that is still to be computed."""

from __future__ import annotations

from typing import Any, NoReturn

from .errors import OneLineError


class NotFilledIn(OneLineError):  # noqa: N818 (nothing is wrong yet)
    """A cell needs what another one, still to be filled in, will compute."""


class FillIn:
    """The value of a name that is still to be computed.

    Whatever is made of it is as empty and has the same name, so that the cells in between run and
    the check says what is missing. Only what can't be put off, such as a loop, stops the cell.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"<fill in: {self._name}>"

    def __format__(self, _: str) -> str:
        return repr(self)

    def __getattr__(self, name: str) -> FillIn:
        if name.startswith("_"):  # what libraries ask for, to see what kind of value this is
            raise AttributeError(name)
        return self

    def _stop(self, *_: Any, **__: Any) -> NoReturn:
        raise NotFilledIn(
            f'{self._name} is still to be filled in: replace fill_in("{self._name}") by the code '
            f"that computes it, and run that cell"
        )

    def _stay(self, *_: Any, **__: Any) -> FillIn:
        return self

    __hash__ = object.__hash__
    __iter__ = __len__ = __bool__ = __int__ = __float__ = __index__ = __contains__ = _stop
    __array__ = _stop  # NumPy would make an array of the object itself
    __call__ = __getitem__ = __array_ufunc__ = _stay
    __lt__ = __le__ = __gt__ = __ge__ = __eq__ = __ne__ = _stay
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _stay
    __truediv__ = __rtruediv__ = __and__ = __rand__ = __or__ = __ror__ = _stay


def fill_in(name: str) -> FillIn:
    """Return what stands for the value of a name until it is computed."""
    return FillIn(name)
