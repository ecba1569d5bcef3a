"""The page: an upload field, two controls, and what they show."""

from __future__ import annotations

from pathlib import Path

import ipywidgets as widgets
import numpy as np

from assignment.data_sets import data_name
from assignment.errors import DataError, OneLineError

from ..errors import PictureError
from ..loading import load_picture
from ..page import count
from . import cards
from .similar import Found, PictureSet, load_images_of_network
from .upload import MOST_BYTES, Upload

STYLE = Path(__file__).with_name("page.css")
EVERY_LABEL = "every label"
MOST_NEIGHBORS = 20
TITLE = """<h1>Similar pictures</h1>
<p>{count} of {name}, compared by their deep features.</p>"""


class Page:
    """What the page holds: the picture asked about, what is similar, and the widgets."""

    def __init__(self, pictures: PictureSet) -> None:
        self._pictures = pictures
        self._upload = Upload(self.take)
        self._next = widgets.Button(description="Another from the data set")
        self._k = widgets.BoundedIntText(  # a slider would have no name for a screen reader
            5, min=1, max=MOST_NEIGHBORS, description="neighbors k"
        )
        self._labels = [None, *sorted(set(pictures.labels))]
        names = [EVERY_LABEL, *self._labels[1:]]
        self._label = widgets.Dropdown(  # by number: a label may have any name
            options=[(name, number) for number, name in enumerate(names)], description="show"
        )
        self._message, self._query = widgets.HTML(), widgets.HTML()
        self._neighbors, self._facts = widgets.HTML(), widgets.HTML()
        self._row = -1
        self._next.on_click(lambda _: self.take_next())
        for control in (self._k, self._label):
            control.observe(lambda _: self.show(), "value")
        self.take_next()

    def take_next(self) -> None:
        """Ask about a picture of the data set, the next one in its order."""
        self._row = (self._row + 1) % len(self._pictures)
        row, pictures = self._row, self._pictures
        name = f"{pictures.labels[row]} {pictures.ids[row]}, of the data set"
        self.ask(pictures.pixels(row), name, pictures.like_row(row), pictures.sources[row])

    def take(self, name: str, data: bytes) -> None:
        """Ask about a file; say why where it is no picture, and leave the page as it is."""
        try:
            if len(data) > MOST_BYTES:  # the page's script has said so already
                raise PictureError(f"it has more than {MOST_BYTES / 1e6:.0f} MB")
            pixels = load_picture(data).pixel_data
            self.ask(pixels, name, self._pictures.like(pixels))
        except OneLineError as error:
            self._message.value = cards.problem_sentence(name, str(error))

    def ask(self, pixels: np.ndarray, name: str, found: Found, source: str | None = None) -> None:
        self._found, self._message.value = found, ""
        self._query.value = cards.query_card(pixels, name, source)
        self.show()

    def show(self) -> None:
        """Show what was found, as the controls say."""
        k, label, found = self._k.value, self._labels[self._label.value], self._found
        self._neighbors.value = cards.neighbor_cards(self._pictures, found.nearest(k, label))
        self._facts.value = (
            cards.vote_sentence(found.vote(k))
            + cards.distance_sentence(found.distances[0], self._pictures.usual_distance)
            + cards.distance_table(found.mean_distances(k), k)
        )

    def widget(self) -> widgets.Widget:
        title = TITLE.format(
            count=count(len(self._pictures), "picture"), name=cards.text(data_name())
        )
        asked = box("asked", self._upload, self._message, self._query, self._next)
        controls = box("controls", self._k, self._label)
        answer = box("answer", controls, self._neighbors, self._facts)
        head = widgets.HTML(f"<style>{STYLE.read_text(encoding='utf-8')}</style>{title}")
        return box("page", head, box("columns", asked, answer))


def box(name: str, *children: widgets.Widget) -> widgets.Widget:
    """Return widgets in a box, which page.css lays out by this name."""
    made = widgets.VBox(children)
    made.add_class(name)
    return made


def similar_pictures() -> widgets.Widget:
    """Return the page on the chosen data set, or one sentence where that can't be used."""
    try:
        return Page(PictureSet(load_images_of_network())).widget()
    except DataError as error:
        return widgets.HTML(f"<p>{cards.text(str(error))}</p>")
