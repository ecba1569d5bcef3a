"""What the page shows, and what it says of a file that is no picture; without a browser."""

from __future__ import annotations

import html
import re

import pytest

pytest.importorskip("onnxruntime", reason="needs requirements-pictures.txt: make pictures")
pytest.importorskip("anywidget", reason="needs requirements-app.txt: make app")

from pictures.app import cards
from pictures.app.page import Page, similar_pictures
from pictures.app.similar import PictureSet, load_images_of_network
from pictures.app.upload import MOST_BYTES, Upload
from tests.pictures import album
from tests.places import SAMPLE


@pytest.fixture(scope="module")
def pictures() -> PictureSet:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATA_DIR", str(SAMPLE))
        return PictureSet(load_images_of_network())


@pytest.fixture
def page(pictures) -> Page:
    return Page(pictures)


def shown(page: Page) -> list[str]:
    """Return the captions of the neighbors."""
    return [
        re.sub("<[^>]+>", " ", caption).strip()
        for caption in re.findall("<figcaption>(.*?)</figcaption>", page._neighbors.value)
    ]


def test_it_begins_with_the_first_picture_of_the_data_set(page, pictures):
    assert f"{pictures.labels[0]} {pictures.ids[0]}, of the data set" in page._query.value
    assert len(shown(page)) == 5
    page._next.click()
    assert f"{pictures.labels[1]} {pictures.ids[1]}, of the data set" in page._query.value


def test_controls_choose_how_many_are_shown_and_of_which_label(page):
    page._k.value = 3
    assert len(shown(page)) == 3
    assert "the 3 nearest pictures of a label" in page._facts.value
    page._label.value = page._labels.index("bird")
    assert all(caption.startswith("bird") for caption in shown(page))
    assert page._facts.value.count("<tr>") == 4


def test_a_file_is_shown_under_its_name_with_what_is_similar(page):
    page.take("ein <b>.jpg", album.encoded(album.scene(1), "JPEG"))
    assert "<figcaption>ein &lt;b&gt;.jpg<" in page._query.value
    assert page._message.value == ""
    assert re.search(r"The vote is <b>\w+</b>: ", page._facts.value)


def test_a_picture_of_a_folder_is_shown_with_its_file(made, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(made[1]))
    pictures = PictureSet(load_images_of_network())
    page = Page(pictures)
    nearest = pictures.like_row(0).rows[:5]
    shown_of_all = page._query.value + page._neighbors.value
    for row in [0, *nearest]:
        source = pictures.sources[row]
        assert f'title="{source}">{source.rsplit("/", 1)[-1]}</span>' in shown_of_all
    page.take("ein.jpg", album.encoded(album.scene(1), "JPEG"))
    assert "<figcaption>ein.jpg</figcaption>" in page._query.value


def test_a_data_set_without_files_names_none(page):
    assert 'class="file"' not in page._query.value + page._neighbors.value


@pytest.mark.parametrize("source", ['a "b" <c>/d & <e>.jpg', "d & <e>.jpg"])
def test_the_name_of_a_file_stays_text(source):
    name = cards.file_name(source)
    assert name.endswith(">d &amp; &lt;e&gt;.jpg</span>")
    assert f'title="{html.escape(source)}"' in name


@pytest.mark.parametrize("kind", album.BAD)
def test_a_file_that_is_no_picture_is_named_with_the_reason_and_the_rest_stays(page, kind):
    make, reason = album.BAD[kind]
    before = (page._query.value, page._neighbors.value)
    page.take("it & more", make())
    assert page._message.value.startswith('<p class="problem" role="alert"><b>it &amp; more</b>: ')
    assert reason.split("<")[0] in page._message.value
    assert (page._query.value, page._neighbors.value) == before


def test_what_is_larger_than_is_taken_is_refused(page):
    page.take("long.mov", b"\0" * (MOST_BYTES + 1))
    assert "it has more than 30 MB" in page._message.value


@pytest.mark.parametrize("kind", [*album.COLORED, *album.GREY])
def test_every_kind_of_picture_is_taken(page, kind):
    page.take(kind, {**album.COLORED, **album.GREY}[kind]())
    assert page._message.value == ""


def test_what_the_field_sends_is_taken_and_answered():
    taken, sent = [], []
    field = Upload(lambda name, data: taken.append((name, data)))
    field.send = sent.append
    field._receive(field, {"name": "a.jpg"}, [memoryview(b"bytes")])
    field._receive(field, {}, [])
    assert taken == [("a.jpg", b"bytes"), ("the file", b"")]
    assert sent == [{"done": True}, {"done": True}]


def test_the_field_answers_even_where_taking_fails():
    sent = []

    def fail(_name: str, _data: bytes) -> None:
        raise MemoryError

    field = Upload(fail)
    field.send = sent.append
    with pytest.raises(MemoryError):
        field._receive(field, {"name": "a.jpg"}, [b"bytes"])
    assert sent == [{"done": True}]


def test_a_data_set_that_is_none_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert re.fullmatch("<p>there is no SFrame at .*</p>", similar_pictures().value)


@pytest.mark.parametrize(
    ("votes", "sentence"),
    [
        ([("a", 1)], "The vote is <b>a</b>: the label of the nearest picture."),
        ([("a", 3)], "The vote is <b>a</b>: 3 of the 3 nearest pictures."),
        ([("a", 3), ("b", 2)], "The vote is <b>a</b>: 3 of the 5 nearest pictures."),
        (
            [("a", 2), ("b", 2), ("c", 1)],
            "The vote is <b>a</b>: 2 of 5 each for a and b, and the nearest picture decides.",
        ),
        (
            [("<a>", 1), ("b", 1), ("c", 1)],
            "The vote is <b>&lt;a&gt;</b>: 1 of 3 each for &lt;a&gt;, b and c, and the nearest "
            "picture decides.",
        ),
    ],
)
def test_the_vote_is_a_sentence(votes, sentence):
    assert cards.vote_sentence(votes) == f'<p class="vote" role="status">{sentence}</p>'


def test_of_many_labels_the_nearest_are_shown_and_the_others_counted():
    table = cards.distance_table({f"label {n}": float(n) for n in range(20)}, 5)
    assert table.count("<tr>") == cards.MOST_LABELS
    assert "and 8 more labels, further away" in table
