"""Which type holds which values."""

from __future__ import annotations

import datetime
from array import array
from decimal import Decimal

import numpy as np
import pytest

from turilite.columns.kinds import common_type, is_collection


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([1, None], int),
        ([True, False], int),
        ([np.int8(1)], int),
        ([1, 2.5], float),
        ([Decimal("1.5"), np.float32(2)], float),
        ([None, None], float),
        ([], float),
        (["a", b"b"], str),
        ([[1, 2], [3]], array),
        ([[1, "a"], [1]], list),
        ([[], [1.5]], array),
        ([[]], list),
        ([{"a": 1}], dict),
        ([datetime.datetime(2020, 1, 1), datetime.date(2020, 1, 1)], datetime.datetime),
        ([np.zeros(2)], np.ndarray),
        ([np.zeros(2), array("d")], np.ndarray),
        ([2**70], float),
    ],
)
def test_the_type_is_inferred(values: list, dtype: type) -> None:
    assert common_type(values) is dtype


def test_values_without_a_common_type_are_refused() -> None:
    with pytest.raises(TypeError, match="integer, string"):
        common_type([1, "a"])
    with pytest.raises(TypeError, match="Cannot convert type 'complex'"):
        common_type([1j])


def test_text_is_no_collection() -> None:
    assert is_collection([1]) and is_collection(range(2))
    assert not is_collection("ab") and not is_collection(3)
