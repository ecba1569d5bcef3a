"""Whether the length of a table is known yet.

Turi Create evaluates lazily: what a filter returns has no length until somebody asks for it, and
until then it is printed as `[? rows x 3 columns]`. turilite always knows the length; it keeps
track of who asked only to print the same text.
"""

from __future__ import annotations


class Extent:
    """A length that is known, not asked for yet, or known as soon as that of `source` is.

    `parts` are the extents of two tables of which this is one after the other.
    """

    __slots__ = ("_known", "_parts", "_source")

    def __init__(
        self,
        known: bool = False,
        source: Extent | None = None,
        parts: tuple[Extent, ...] = (),
    ) -> None:
        self._known = known or (bool(parts) and all(part.known for part in parts))
        self._source = source
        self._parts = parts

    @property
    def known(self) -> bool:
        extent: Extent | None = self
        while extent is not None and not extent._known:
            extent = extent._source
        return extent is not None

    def settle(self) -> None:
        """Note that somebody asked for the length."""
        self._known = True

    def look(self) -> None:
        """Note that somebody looks at the first rows: only appended tables are evaluated for it."""
        for extent in (self, *self._parts) if self._parts else ():
            extent.settle()

    def derive(self) -> Extent:
        """Return the extent of something computed row by row from this."""
        return self if self.known else Extent(source=self)

    def same_rows(self, other: Extent) -> bool:
        """Return whether both are known or go back to one table, so that none must be asked."""
        return (self.known and other.known) or self._root() is other._root()

    def _root(self) -> Extent:
        extent = self
        while extent._source is not None:
            extent = extent._source
        return extent


KNOWN = Extent(known=True)
