"""Whether the length of a table is known yet.

Turi Create evaluates lazily: what a filter returns has no length until somebody asks for it, and
until then it is printed as ``[? rows x 3 columns]``. turilite always knows the length; it keeps
track of who asked only to print the same text.
"""

from __future__ import annotations


class Extent:
    """A length that is known, not asked for yet, or known as soon as that of ``source`` is."""

    __slots__ = ("_known", "_source")

    def __init__(self, known: bool = False, source: Extent | None = None) -> None:
        self._known = known
        self._source = source

    @property
    def known(self) -> bool:
        return self._known or (self._source is not None and self._source.known)

    def settle(self) -> None:
        """Somebody asked for the length."""
        self._known = True

    def derive(self) -> Extent:
        """The extent of something computed row by row from this."""
        return self if self.known else Extent(source=self)

    def same_rows(self, other: Extent) -> bool:
        """Whether both lengths are known or go back to one table, so that none must be asked."""
        return (self.known and other.known) or self._root() is other._root()

    def _root(self) -> Extent:
        return self if self._source is None else self._source._root()


KNOWN = Extent(known=True)
