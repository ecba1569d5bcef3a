"""Errors from inside become a sentence about the call; those that say something stay."""

from __future__ import annotations

from typing import Any

import pytest

from turilite import SArray, SFrame
from turilite.arguments import shown, spoken
from turilite.columns.image import Image


@spoken
def half(number: Any, of: str = "it") -> float:
    return number / 2


def test_an_error_from_inside_is_a_sentence_about_the_call() -> None:
    with pytest.raises(TypeError, match=r"^half can't be used with number='x'\.$") as caught:
        half("x")
    assert isinstance(caught.value.__cause__, TypeError)


def test_a_method_is_named_with_its_class() -> None:
    with pytest.raises(TypeError, match=r"^SFrame\.head can't be used with n='x'\.$"):
        SFrame({"x": [1]}).head("x")


def test_the_kind_of_a_wrong_value_stays() -> None:
    with pytest.raises(ValueError, match=r"^SFrame\.swap_columns can't be used with"):
        SFrame({"x": [1]}).swap_columns("x", "y")


def test_an_error_that_is_said_on_purpose_stays() -> None:
    with pytest.raises(RuntimeError, match=r"^Column name y does not exist\.$"):
        SFrame({"x": [1]})["y"]


def test_a_missing_argument_is_python_s_own_error() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'number'"):
        half()


@pytest.mark.parametrize("method", ["apply", "filter"])
def test_an_error_of_the_caller_s_function_stays(method: str) -> None:
    with pytest.raises(ZeroDivisionError):
        getattr(SArray([1]), method)(lambda value: value / 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (2.5, "2.5"),
        ("x", "'x'"),
        ("x" * 99, "'" + "x" * 59 + "..."),
        ([1], "a list"),
        (SArray([1]), "an SArray"),
        (Image(), "an Image"),
        (int, "the type int"),
    ],
)
def test_values_are_shown_short(value: Any, text: str) -> None:
    assert shown(value) == text
