"""What every model has: fields as attributes and the text that shows them."""

from __future__ import annotations

import pytest

from turilite.errors import ToolkitError
from turilite.toolkits.model import Model


@pytest.fixture
def model():
    return Model({"size": 3, "name": "a"})


def test_fields_are_attributes(model):
    assert model._list_fields() == ["name", "size"]
    assert model.size == model._get("size") == 3
    assert {"size", "name"} <= set(dir(model))


def test_what_is_no_field_is_refused_in_a_sentence(model):
    with pytest.raises(AttributeError, match="Model has no attribute 'color'"):
        _ = model.color
    with pytest.raises(ToolkitError, match="no field 'color'; it has"):
        model._get("color")


def test_the_text_lists_the_fields(model, capsys):
    text = f"{'Class':30} : Model\n\n{'name':30} : a\n{'size':30} : 3\n"
    assert repr(model) == model.summary("str") == text
    assert model.summary() is None
    assert capsys.readouterr().out == text + "\n"


def test_the_summary_has_its_parts_as_a_dict(model):
    sections = {"sections": [[("name", "a"), ("size", 3)]], "section_titles": [""]}
    assert model.summary("dict") == sections
    with pytest.raises(ToolkitError, match="no output 'html'"):
        model.summary("html")
