"""Calls of what turilite offers, right and wrong, by name: data for test_api_table.py.

A call is a function of the engine. What Turi Create makes of it is recorded in
api_results.json (`python -m tests.turilite.tables.record_api`). `DIFFERENT` says of which calls
turilite makes something else, and why; `OTHER_WORDS` names the errors of the same type that it
puts in other words.
"""

from __future__ import annotations

import contextlib
import io
import math
from array import array
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, Callable, Dict

from tests.places import SAMPLE

Calls = Dict[str, Callable[[ModuleType], Any]]
NAN = math.nan


# --- columns and tables to call something on ------------------------------------------------------


def ints(tc: ModuleType) -> Any:
    return tc.SArray([3, 1, None, 2, 1])


def floats(tc: ModuleType) -> Any:
    return tc.SArray([1.5, None, NAN, -2.0, 0.0])


def words(tc: ModuleType) -> Any:
    return tc.SArray(["cat", "dog", None, "bird", "cat"])


def vectors(tc: ModuleType) -> Any:
    return tc.SArray([array("d", [1, 2, 3]), None, array("d", [4, 5])])


def matrix(tc: ModuleType) -> Any:
    return tc.SArray([array("d", [1, 2, 3, 4]), array("d", [5, 6, 7, 8])])


def lists(tc: ModuleType) -> Any:
    return tc.SArray([["a", 1, None], None, ["b"]])


def dicts(tc: ModuleType) -> Any:
    return tc.SArray([{"a": 1, "b": 5}, {"c": 3}, None, {}])


def mixed_dicts(tc: ModuleType) -> Any:
    return tc.SArray([{"a": 1, "b": "x"}, {"b": "y", "c": 2.5}])


def dates(tc: ModuleType) -> Any:
    return tc.SArray([datetime(2015, 3, 1), None, datetime(2014, 1, 2)])


def frame(tc: ModuleType) -> Any:
    return tc.SFrame({"id": [1, 2, 3], "label": ["cat", "dog", None], "size": [0.5, NAN, 2.0]})


def groups(tc: ModuleType) -> Any:
    return tc.SFrame(
        {
            "label": ["cat", "dog", "cat", "dog", "cat"],
            "id": [5, 1, 4, 2, 3],
            "size": [1.0, 2.0, None, 4.0, 4.0],
            "day": [datetime(2015, 3, day) for day in (1, 2, 3, 4, 5)],
            "vector": [array("d", [row, 1]) for row in range(5)],
        }
    )


def wide(tc: ModuleType) -> Any:
    return tc.SFrame({"x.a": [1, None], "x.b": [3, 4], "y": ["p", "q"]})


def tall(tc: ModuleType) -> Any:
    return tc.SFrame({"label": ["cat", "cat", "dog"], "key": ["a", "b", "a"], "value": [1, 2, 3]})


def images(tc: ModuleType) -> Any:
    return tc.SFrame(str(SAMPLE / "image_test_data")).head(2)


def grouped(tc: ModuleType, aggregator: Any, keys: Any = "label") -> Any:
    """Return one row per label, in the order of the labels: groups come in none."""
    return groups(tc).groupby(keys, {"result": aggregator}).sort("label")


def exported(table: Any, **options: Any) -> str:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        table.export_csv(str(path), **options)
        return path.read_text(encoding="utf-8")


def read_back(tc: ModuleType, text: str, **options: Any) -> Any:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        path.write_text(text, encoding="utf-8")
        return tc.SFrame.read_csv(str(path), **options).copy()


def saved(tc: ModuleType, picture: Any) -> Any:
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "picture.png")
        picture.save(path)
        return tc.Image(path)


def reopened(tc: ModuleType, kind: str, pattern: str) -> list:
    """Return the rows that are stored in a folder, opened by the path of one of its files."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "stored"
        table = frame(tc)
        (table if kind == "SFrame" else table["id"]).save(str(path))
        (file,) = path.glob(pattern)
        try:
            return list(getattr(tc, kind)(str(file)))
        except RuntimeError as error:  # which names a path that is another one each time
            raise RuntimeError(str(error).replace(str(file), "the file")) from error


def printed(call: Callable[[], Any]) -> str:
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        call()
    return text.getvalue()


def sketch(tc: ModuleType, column: Any, **options: Any) -> Any:
    return tc.Sketch(column, **options)


# --- SArray ---------------------------------------------------------------------------------------

MAKING: Calls = {
    "SArray.from_const": lambda tc: tc.SArray.from_const(7, 3),
    "SArray.from_const of a string": lambda tc: tc.SArray.from_const("a", 2),
    "SArray.from_const of None": lambda tc: tc.SArray.from_const(None, 2),
    "SArray.from_const with a type": lambda tc: tc.SArray.from_const(7, 2, float),
    "SArray.from_const of nothing": lambda tc: tc.SArray.from_const(7, 0),
    "SArray.from_const of a set": lambda tc: tc.SArray.from_const({1}, 2),
    "SArray.from_sequence to": lambda tc: tc.SArray.from_sequence(3),
    "SArray.from_sequence from and to": lambda tc: tc.SArray.from_sequence(2, 5),
    "SArray.from_sequence backwards": lambda tc: tc.SArray.from_sequence(5, 2),
    "SArray.from_sequence of a float": lambda tc: tc.SArray.from_sequence(2.0),
    "SArray.from_sequence of nothing": lambda tc: tc.SArray.from_sequence(),
    "SArray of a dict": lambda tc: tc.SArray({"a": 1}),
    "SArray of a wrong type": lambda tc: tc.SArray(["a"], int),
    "SArray of a type's name": lambda tc: tc.SArray([1], "int"),
    "SArray of strings and numbers": lambda tc: tc.SArray(["a", 1]),
    "load_sarray of no directory": lambda tc: tc.load_sarray("/nowhere/at/all"),
    "load_sframe of no directory": lambda tc: tc.load_sframe("/nowhere/at/all"),
    "SFrame of its .frame_idx": lambda tc: reopened(tc, "SFrame", "*.frame_idx"),
    "SFrame of its .sidx": lambda tc: reopened(tc, "SFrame", "*.sidx"),
    "SFrame of its .ini": lambda tc: reopened(tc, "SFrame", "*.ini"),
    "SArray of its .sidx": lambda tc: reopened(tc, "SArray", "*.sidx"),
}

LOOKING: Calls = {
    "SArray.dtype": lambda tc: ints(tc).dtype,
    "SArray.shape": lambda tc: ints(tc).shape,
    "SArray.head": lambda tc: ints(tc).head(2),
    "SArray.tail": lambda tc: ints(tc).tail(2),
    "SArray.tail of more than there is": lambda tc: ints(tc).tail(9),
    "SArray row from the end": lambda tc: ints(tc)[-1],
    "SArray row beyond the end": lambda tc: ints(tc)[5],
    "SArray row before the start": lambda tc: ints(tc)[-6],
    "SArray row by a string": lambda tc: ints(tc)["a"],
    "SArray slice": lambda tc: ints(tc)[1:4:2],
    "SArray slice downwards": lambda tc: ints(tc)[::-1],
    "SArray mask": lambda tc: ints(tc)[ints(tc) > 1],
    "SArray mask of another length": lambda tc: ints(tc)[tc.SArray([1, 0])],
    "SArray as a truth value": lambda tc: bool(ints(tc)),
    "SArray in": lambda tc: (2 in ints(tc), 9 in ints(tc)),
    "SArray.is_materialized": lambda tc: ints(tc).is_materialized(),
    "SArray.is_materialized after a sum": lambda tc: (ints(tc) + 1).is_materialized(),
    "SArray.materialize": lambda tc: ints(tc).materialize(),
    "SArray.to_numpy": lambda tc: tc.SArray([1, 2]).to_numpy(),
    "SArray.to_numpy with a missing value": lambda tc: ints(tc).to_numpy(),
    "SArray.to_numpy of vectors": lambda tc: matrix(tc).to_numpy(),
}

ROWS: Calls = {
    "SArray.filter": lambda tc: ints(tc).filter(lambda value: value > 1),
    "SArray.filter by no function": lambda tc: ints(tc).filter(3),
    "SArray.filter_by": lambda tc: words(tc).filter_by(["cat", "cow"]),
    "SArray.filter_by one value": lambda tc: words(tc).filter_by("cat"),
    "SArray.filter_by excluded": lambda tc: words(tc).filter_by(["cat"], exclude=True),
    "SArray.filter_by another type": lambda tc: words(tc).filter_by([1]),
    "SArray.is_in": lambda tc: words(tc).is_in(["cat", "cow"]),
    "SArray.is_in of another type": lambda tc: words(tc).is_in([1]),
    "SArray.contains": lambda tc: words(tc).contains("a"),
    "SArray.contains in a list": lambda tc: lists(tc).contains("a"),
    "SArray.contains in a dict": lambda tc: dicts(tc).contains("a"),
    "SArray.contains in numbers": lambda tc: ints(tc).contains(1),
    "SArray.sample": lambda tc: tc.SArray(range(40)).sample(0.2, seed=5),
    "SArray.sample of too much": lambda tc: ints(tc).sample(1.5),
    "SArray.random_split": lambda tc: tc.SArray(range(20)).random_split(0.5, seed=3),
    "SArray.random_split of too much": lambda tc: ints(tc).random_split(2.0),
    "SArray.shuffle": lambda tc: sorted(tc.SArray(range(9)).shuffle()),
    "SArray.append": lambda tc: ints(tc).append(tc.SArray([9])),
    "SArray.append of another type": lambda tc: ints(tc).append(words(tc)),
    "SArray.append of a list": lambda tc: ints(tc).append([1]),
    "SArray.sort": lambda tc: ints(tc).sort(),
    "SArray.sort downwards": lambda tc: words(tc).sort(ascending=False),
    "SArray.sort of dicts": lambda tc: dicts(tc).sort(),
    "SArray.unique": lambda tc: words(tc).unique().sort(),
    "SArray.value_counts": lambda tc: words(tc).dropna().value_counts()[:1],
    "SArray.value_counts with a missing value": lambda tc: words(tc).value_counts().sort("value"),
    "SArray.is_topk": lambda tc: tc.SArray([4, 1, 3, 2]).is_topk(2),
    "SArray.is_topk of the smallest": lambda tc: tc.SArray([4, 1, 3, 2]).is_topk(1, reverse=True),
    "SArray.is_topk of strings": lambda tc: words(tc).is_topk(1),
    "SArray.is_topk with a missing value": lambda tc: tc.SArray([None, 1, 2]).is_topk(2),
    "SArray.is_topk of dicts": lambda tc: dicts(tc).is_topk(1),
    "SArray.is_topk of more than there is": lambda tc: tc.SArray([1, 2]).is_topk(5),
}

VALUES: Calls = {
    "SArray.apply": lambda tc: ints(tc).apply(lambda value: value * 1.5),
    "SArray.apply with a type": lambda tc: ints(tc).apply(lambda value: value, str),
    "SArray.apply to missing values": lambda tc: ints(tc).apply(
        lambda value: value is None, skip_na=False
    ),
    "SArray.apply of no function": lambda tc: ints(tc).apply("abs"),
    "SArray.astype float": lambda tc: ints(tc).astype(float),
    "SArray.astype int": lambda tc: floats(tc).astype(int),
    "SArray.astype str": lambda tc: ints(tc).astype(str),
    "SArray.astype of text": lambda tc: tc.SArray(["1", " 2", "3.5"]).astype(float),
    "SArray.astype of bad text": lambda tc: tc.SArray(["1", "x"]).astype(int),
    "SArray.astype of bad text, undefined": lambda tc: tc.SArray(["1", "x"]).astype(int, True),
    "SArray.astype list of text": lambda tc: tc.SArray(["[1,2]"]).astype(list),
    "SArray.astype dict of text": lambda tc: tc.SArray(["{a:1}"]).astype(dict),
    "SArray.astype array of text": lambda tc: tc.SArray(["[1 2.5]"]).astype(array),
    "SArray.astype list of vectors": lambda tc: vectors(tc).astype(list),
    "SArray.astype dict of numbers": lambda tc: ints(tc).astype(dict),
    "SArray.astype by name": lambda tc: ints(tc).astype("float"),
    "SArray.fillna": lambda tc: ints(tc).fillna(0),
    "SArray.fillna of NaN": lambda tc: floats(tc).fillna(9.0),
    "SArray.fillna of another type": lambda tc: ints(tc).fillna("a"),
    "SArray.dropna": lambda tc: floats(tc).dropna(),
    "SArray.countna": lambda tc: floats(tc).countna(),
    "SArray.clip": lambda tc: ints(tc).clip(2, 2),
    "SArray.clip of floats": lambda tc: floats(tc).clip(-1.0, 1.0),
    "SArray.clip of vectors": lambda tc: vectors(tc).clip(2, 4),
    "SArray.clip of strings": lambda tc: words(tc).clip(1, 2),
    "SArray.clip crosswise": lambda tc: ints(tc).clip(3, 1),
    "SArray.clip_lower": lambda tc: ints(tc).clip_lower(2),
    "SArray.clip_lower by a float": lambda tc: ints(tc).clip_lower(1.5),
    "SArray.clip_lower of strings": lambda tc: words(tc).clip_lower(1),
    "SArray.clip_upper": lambda tc: ints(tc).clip_upper(2),
    "SArray.clip_upper of vectors": lambda tc: vectors(tc).clip_upper(2.5),
    "SArray.hash": lambda tc: tc.SArray([0, 1, -1]).hash(),
    "SArray.hash with a seed": lambda tc: tc.SArray([0, 1, -1]).hash(seed=3),
    "SArray.where": lambda tc: tc.SArray.where(tc.SArray([1, 0, 1]), 5, 6),
    "SArray.where of columns": lambda tc: tc.SArray.where(
        tc.SArray([1, 0]), tc.SArray(["a", "b"]), tc.SArray(["c", "d"])
    ),
    "SArray.where with a type": lambda tc: tc.SArray.where(tc.SArray([1, 0]), 5, None, float),
    "SArray.where of two types": lambda tc: tc.SArray.where(tc.SArray([1, 0]), 5, "a"),
    "SArray.where of nothing": lambda tc: tc.SArray.where(tc.SArray([1, 0]), None, None),
    "SArray.where of other lengths": lambda tc: tc.SArray.where(
        tc.SArray([1, 0]), tc.SArray([1]), tc.SArray([2])
    ),
    "SArray.abs": lambda tc: ints(tc).abs(),
    "SArray.abs of strings": lambda tc: words(tc).abs(),
    "abs": lambda tc: abs(floats(tc)),
    "minus": lambda tc: -ints(tc),
    "sum of two lengths": lambda tc: ints(tc) + tc.SArray([1]),
    "sum with a string": lambda tc: ints(tc) + "a",
    "quotient of vectors": lambda tc: matrix(tc) / 2,
    "and": lambda tc: tc.SArray([1, 0, 2]) & tc.SArray([1, 1, 0]),
    "or": lambda tc: tc.SArray([1, 0, 0]) | tc.SArray([0, 0, 5]),
}

REDUCING: Calls = {
    "SArray.sum": lambda tc: ints(tc).sum(),
    "SArray.sum of vectors": lambda tc: matrix(tc).sum(),
    "SArray.sum of vectors of two lengths": lambda tc: vectors(tc).sum(),
    "SArray.sum of strings": lambda tc: words(tc).sum(),
    "SArray.sum of nothing": lambda tc: tc.SArray([], int).sum(),
    "SArray.mean": lambda tc: ints(tc).mean(),
    "SArray.mean of vectors": lambda tc: matrix(tc).mean(),
    "SArray.mean of nothing": lambda tc: tc.SArray([], float).mean(),
    "SArray.mean of strings": lambda tc: words(tc).mean(),
    "SArray.min": lambda tc: ints(tc).min(),
    "SArray.min of dates": lambda tc: dates(tc).min(),
    "SArray.max": lambda tc: ints(tc).max(),
    "SArray.max with NaN": lambda tc: floats(tc).max(),
    "SArray.max of strings": lambda tc: words(tc).max(),
    "SArray.max of nothing": lambda tc: tc.SArray([], int).max(),
    "SArray.argmax": lambda tc: ints(tc).argmax(),
    "SArray.argmax of strings": lambda tc: words(tc).argmax(),
    "SArray.argmin": lambda tc: tc.SArray([3, None, 1, 2]).argmin(),
    "SArray.argmin of nothing": lambda tc: tc.SArray([], int).argmin(),
    "SArray.var": lambda tc: ints(tc).var(),
    "SArray.var of a sample": lambda tc: tc.SArray([1, 2, 4]).var(ddof=1),
    "SArray.var without freedom": lambda tc: tc.SArray([1]).var(ddof=1),
    "SArray.std": lambda tc: tc.SArray([1, 2, 4]).std(),
    "SArray.std of strings": lambda tc: words(tc).std(),
    "SArray.median": lambda tc: tc.SArray([4, 1, 3, 2]).median(),
    "SArray.median of strings": lambda tc: words(tc).median(),
    "SArray.median approximated by a number": lambda tc: ints(tc).median(3),
    "SArray.nnz": lambda tc: tc.SArray([0, 1, None, 5]).nnz(),
    "SArray.any": lambda tc: (tc.SArray([0, 1]).any(), tc.SArray([0, 0]).any()),
    "SArray.any of strings": lambda tc: (words(tc).any(), tc.SArray([""]).any()),
    "SArray.all": lambda tc: (tc.SArray([2, 1]).all(), tc.SArray([0, 1]).all()),
    "SArray.all of nothing": lambda tc: tc.SArray([], int).all(),
}

INSIDE: Calls = {
    "SArray.item_length of vectors": lambda tc: vectors(tc).item_length(),
    "SArray.item_length of lists": lambda tc: lists(tc).item_length(),
    "SArray.item_length of dicts": lambda tc: dicts(tc).item_length(),
    "SArray.item_length of strings": lambda tc: words(tc).item_length(),
    "SArray.dict_keys": lambda tc: dicts(tc).dict_keys().apply(sorted, list),
    "SArray.dict_keys of numbers": lambda tc: ints(tc).dict_keys(),
    "SArray.dict_values": lambda tc: dicts(tc).dict_values().apply(sorted, list),
    "SArray.dict_values of lists": lambda tc: lists(tc).dict_values(),
    "SArray.dict_trim_by_keys": lambda tc: dicts(tc).dict_trim_by_keys(["a"]),
    "SArray.dict_trim_by_keys, the others": lambda tc: dicts(tc).dict_trim_by_keys(["a"], False),
    "SArray.dict_trim_by_keys one key": lambda tc: dicts(tc).dict_trim_by_keys("a"),
    "SArray.dict_trim_by_keys of numbers": lambda tc: ints(tc).dict_trim_by_keys(["a"]),
    "SArray.dict_trim_by_values from": lambda tc: dicts(tc).dict_trim_by_values(3),
    "SArray.dict_trim_by_values to": lambda tc: dicts(tc).dict_trim_by_values(upper=3),
    "SArray.dict_trim_by_values from and to": lambda tc: dicts(tc).dict_trim_by_values(2, 4),
    "SArray.dict_trim_by_values of text": lambda tc: mixed_dicts(tc).dict_trim_by_values(2),
    "SArray.dict_trim_by_values by text": lambda tc: dicts(tc).dict_trim_by_values("a"),
    "SArray.dict_trim_by_values of numbers": lambda tc: ints(tc).dict_trim_by_values(1, 2),
    "SArray.dict_has_any_keys": lambda tc: dicts(tc).dict_has_any_keys(["a", "c"]),
    "SArray.dict_has_any_keys one key": lambda tc: dicts(tc).dict_has_any_keys("a"),
    "SArray.dict_has_any_keys of none": lambda tc: dicts(tc).dict_has_any_keys([]),
    "SArray.dict_has_any_keys of strings": lambda tc: words(tc).dict_has_any_keys(["a"]),
    "SArray.dict_has_all_keys": lambda tc: dicts(tc).dict_has_all_keys(["a", "b"]),
    "SArray.dict_has_all_keys one key": lambda tc: dicts(tc).dict_has_all_keys("c"),
    "SArray.dict_has_all_keys of none": lambda tc: dicts(tc).dict_has_all_keys([]),
    "SArray.dict_has_all_keys of strings": lambda tc: words(tc).dict_has_all_keys(["a"]),
    "SArray.vector_slice one": lambda tc: vectors(tc).vector_slice(2),
    "SArray.vector_slice from and to": lambda tc: matrix(tc).vector_slice(1, 3),
    "SArray.vector_slice from and to, one": lambda tc: matrix(tc).vector_slice(1, 2),
    "SArray.vector_slice beyond the end": lambda tc: vectors(tc).vector_slice(0, 3),
    "SArray.vector_slice to before from": lambda tc: matrix(tc).vector_slice(2, 1),
    "SArray.vector_slice before the start": lambda tc: matrix(tc).vector_slice(-1),
    "SArray.vector_slice of lists": lambda tc: tc.SArray([[1, "a"], [2]]).vector_slice(0, 2),
    "SArray.vector_slice one of lists": lambda tc: tc.SArray([[1, "a"], [2]]).vector_slice(0),
    "SArray.vector_slice of strings": lambda tc: words(tc).vector_slice(0),
    "SArray.element_slice of strings": lambda tc: words(tc).element_slice(1, 3),
    "SArray.element_slice to": lambda tc: words(tc).element_slice(stop=2),
    "SArray.element_slice from the end": lambda tc: words(tc).element_slice(-2),
    "SArray.element_slice in steps": lambda tc: matrix(tc).element_slice(0, 4, 2),
    "SArray.element_slice downwards": lambda tc: words(tc).element_slice(step=-1),
    "SArray.element_slice of vectors": lambda tc: vectors(tc).element_slice(1, 3),
    "SArray.element_slice of lists": lambda tc: lists(tc).element_slice(0, 2),
    "SArray.element_slice of numbers": lambda tc: ints(tc).element_slice(1),
    "SArray.pixel_array_to_image": lambda tc: tc.SArray(
        [array("d", range(12))]
    ).pixel_array_to_image(2, 2, 3),
    "SArray.pixel_array_to_image of a missing value": lambda tc: tc.SArray(
        [array("d", range(12)), None]
    ).pixel_array_to_image(2, 2, 3),
    "SArray.pixel_array_to_image of a wrong length": lambda tc: matrix(tc).pixel_array_to_image(
        3, 3, 1
    ),
    "SArray.pixel_array_to_image of fractions": lambda tc: tc.SArray(
        [array("d", [0.5])]
    ).pixel_array_to_image(1, 1, 1),
    "SArray.pixel_array_to_image of large numbers": lambda tc: tc.SArray(
        [array("d", [256])]
    ).pixel_array_to_image(1, 1, 1),
    "SArray.pixel_array_to_image of integers": lambda tc: ints(tc).pixel_array_to_image(1, 1, 1),
    "SArray.unpack of dicts": lambda tc: dicts(tc).unpack(),
    "SArray.unpack of lists": lambda tc: tc.SArray([[1, "a"], [2, "b"]]).unpack(),
    "SArray.unpack of vectors": lambda tc: matrix(tc).unpack("v", limit=[0, 2]),
    "SArray.unpack with no prefix": lambda tc: dicts(tc).unpack(""),
    "SArray.unpack of numbers": lambda tc: ints(tc).unpack(),
    "SArray.stack of dicts": lambda tc: tc.SArray([{"a": 1}, {"b": 2}]).stack(["key", "value"]),
    "SArray.stack of lists": lambda tc: tc.SArray([[1, 2], [3]]).stack("item"),
    "SArray.stack of numbers": lambda tc: ints(tc).stack(),
}

# --- SFrame ---------------------------------------------------------------------------------------

COLUMNS: Calls = {
    "SFrame.column_names": lambda tc: frame(tc).column_names(),
    "SFrame.column_types": lambda tc: frame(tc).column_types(),
    "SFrame.dtype": lambda tc: frame(tc).dtype,
    "SFrame.shape": lambda tc: frame(tc).shape,
    "SFrame.num_rows": lambda tc: (frame(tc).num_rows(), tc.SFrame().num_rows()),
    "SFrame.num_columns": lambda tc: frame(tc).num_columns(),
    "SFrame.is_materialized": lambda tc: frame(tc).is_materialized(),
    "SFrame.is_materialized after a mask": lambda tc: groups(tc)[
        groups(tc)["id"] > 1
    ].is_materialized(),
    "SFrame.materialize": lambda tc: frame(tc).materialize(),
    "SFrame of two lengths": lambda tc: tc.SFrame({"a": [1], "b": [1, 2]}),
    "SFrame of values and columns": lambda tc: tc.SFrame([tc.SArray([1]), 2]),
    "SFrame of a number": lambda tc: tc.SFrame(5),
    "SFrame.select_column": lambda tc: frame(tc).select_column("id"),
    "SFrame.select_column unknown": lambda tc: frame(tc).select_column("no"),
    "SFrame.select_column by number": lambda tc: frame(tc).select_column(0),
    "SFrame.select_columns": lambda tc: frame(tc).select_columns(["size", "id"]),
    "SFrame.select_columns by type": lambda tc: frame(tc).select_columns([int, float]),
    "SFrame.select_columns unknown": lambda tc: frame(tc).select_columns(["id", "no"]),
    "SFrame.select_columns twice": lambda tc: frame(tc).select_columns(["id", "id"]),
    "SFrame.select_columns by number": lambda tc: frame(tc).select_columns([0]),
    "SFrame.select_columns of a number": lambda tc: frame(tc).select_columns(5),
    "SFrame.add_column": lambda tc: frame(tc).add_column(tc.SArray([7, 8, 9]), "more"),
    "SFrame.add_column of a list": lambda tc: frame(tc).add_column([7, 8, 9], "more"),
    "SFrame.add_column of a constant": lambda tc: frame(tc).add_column(7, "more"),
    "SFrame.add_column without a name": lambda tc: frame(tc).add_column(tc.SArray([7, 8, 9])),
    "SFrame.add_column that is there": lambda tc: frame(tc).add_column(tc.SArray([7, 8, 9]), "id"),
    "SFrame.add_column of another length": lambda tc: frame(tc).add_column(tc.SArray([7]), "more"),
    "SFrame.add_column named by a number": lambda tc: frame(tc).add_column(tc.SArray([1, 2, 3]), 5),
    "SFrame.add_columns": lambda tc: frame(tc).add_columns(
        [tc.SArray([7, 8, 9]), tc.SArray(["a", "b", "c"])], ["more", "most"]
    ),
    "SFrame.add_columns of an SFrame": lambda tc: frame(tc).add_columns(
        tc.SFrame({"more": [7, 8, 9]})
    ),
    "SFrame.add_columns that are there": lambda tc: frame(tc).add_columns(frame(tc)),
    "SFrame.add_columns of lists": lambda tc: frame(tc).add_columns([[7, 8, 9]], ["more"]),
    "SFrame.add_columns named by numbers": lambda tc: frame(tc).add_columns(
        [tc.SArray([7, 8, 9])], [5]
    ),
    "SFrame.remove_column": lambda tc: frame(tc).remove_column("id"),
    "SFrame.remove_column unknown": lambda tc: frame(tc).remove_column("no"),
    "SFrame.remove_columns": lambda tc: frame(tc).remove_columns(["id", "size"]),
    "SFrame.remove_columns unknown": lambda tc: frame(tc).remove_columns(["id", "no"]),
    "SFrame.remove_columns of a number": lambda tc: frame(tc).remove_columns(5),
    "SFrame.swap_columns": lambda tc: frame(tc).swap_columns("id", "size"),
    "SFrame.swap_columns with itself": lambda tc: frame(tc).swap_columns("id", "id"),
    "SFrame.swap_columns unknown": lambda tc: frame(tc).swap_columns("id", "no"),
    "SFrame.rename": lambda tc: frame(tc).rename({"id": "number"}),
    "SFrame.rename crosswise": lambda tc: frame(tc).rename({"id": "size", "size": "id"}),
    "SFrame.rename unknown": lambda tc: frame(tc).rename({"no": "number"}),
    "SFrame.rename to one that is there": lambda tc: frame(tc).rename({"id": "size"}),
    "SFrame.rename of a list": lambda tc: frame(tc).rename(["id"]),
    "SFrame.add_row_number": lambda tc: frame(tc).remove_column("id").add_row_number(),
    "SFrame.add_row_number from": lambda tc: frame(tc).add_row_number("row", 5),
    "SFrame.add_row_number that is there": lambda tc: frame(tc).add_row_number(),
    "SFrame.add_row_number from a float": lambda tc: frame(tc).add_row_number("row", 1.5),
    "SFrame.copy": lambda tc: frame(tc).copy(),
    "SFrame column by a number": lambda tc: frame(tc)[1.5],
    "SFrame row beyond the end": lambda tc: frame(tc)[3],
}

TABLE_ROWS: Calls = {
    "SFrame.head": lambda tc: frame(tc).head(2),
    "SFrame.tail": lambda tc: frame(tc).tail(1),
    "SFrame.append": lambda tc: frame(tc).append(frame(tc)),
    "SFrame.append in another order": lambda tc: tall(tc).append(
        tall(tc)[["value", "key", "label"]]
    ),
    "SFrame.append of fewer columns": lambda tc: frame(tc).append(frame(tc)[["id"]]),
    "SFrame.append of other columns": lambda tc: frame(tc).append(tall(tc)),
    "SFrame.append of another type": lambda tc: frame(tc)[["id"]].append(tc.SFrame({"id": ["a"]})),
    "SFrame.append of a list": lambda tc: frame(tc).append([1]),
    "SFrame.filter_by": lambda tc: frame(tc).filter_by(["cat"], "label"),
    "SFrame.filter_by excluded": lambda tc: frame(tc).filter_by(["cat"], "label", exclude=True),
    "SFrame.filter_by unknown": lambda tc: frame(tc).filter_by(["cat"], "no"),
    "SFrame.filter_by another type": lambda tc: frame(tc).filter_by([1], "label"),
    "SFrame.sample": lambda tc: tc.SFrame({"a": range(40)}).sample(0.2, seed=5),
    "SFrame.sample of too much": lambda tc: frame(tc).sample(1.5),
    "SFrame.random_split": lambda tc: tc.SFrame({"a": range(20)}).random_split(0.5, seed=3),
    "SFrame.random_split of nothing": lambda tc: tc.SFrame().random_split(0.5),
    "SFrame.random_split by text": lambda tc: frame(tc).random_split(0.5, seed="a"),
    "SFrame.shuffle": lambda tc: frame(tc).shuffle().sort("id"),
    "SFrame.sort": lambda tc: groups(tc)[["label", "id"]].sort(["label", "id"]),
    "SFrame.sort both ways": lambda tc: groups(tc)[["label", "id"]].sort(
        [("label", False), ("id", True)]
    ),
    "SFrame.sort unknown": lambda tc: frame(tc).sort("no"),
    "SFrame.sort by nothing": lambda tc: frame(tc).sort([]),
    "SFrame.sort by vectors": lambda tc: groups(tc).sort("vector"),
    "SFrame.sort by a number": lambda tc: frame(tc).sort(5),
    "SFrame.sort by names and pairs": lambda tc: frame(tc).sort(["id", ("size", True)]),
    "SFrame.topk": lambda tc: groups(tc)[["id", "label"]].topk("id", 2),
    "SFrame.topk of the smallest": lambda tc: groups(tc)[["id", "label"]].topk("id", 2, True),
    "SFrame.topk by a number": lambda tc: frame(tc).topk(5),
    "SFrame.unique": lambda tc: tc.SFrame({"a": [1, 2, 1], "b": [1, 2, 1]}).unique().sort("a"),
    "SFrame.drop_duplicates": lambda tc: (
        tall(tc)[["label"]].drop_duplicates(["label"]).sort("label")
    ),
    "SFrame.drop_duplicates unknown": lambda tc: tall(tc).drop_duplicates(["no"]),
    "SFrame.dropna": lambda tc: frame(tc).dropna(),
    "SFrame.dropna of a column": lambda tc: frame(tc).dropna("size"),
    "SFrame.dropna of all": lambda tc: frame(tc).dropna(["size", "label"], how="all"),
    "SFrame.dropna in another way": lambda tc: frame(tc).dropna(how="none"),
    "SFrame.dropna unknown": lambda tc: frame(tc).dropna("no"),
    "SFrame.dropna by a number": lambda tc: frame(tc).dropna(5),
    "SFrame.dropna_split": lambda tc: frame(tc).dropna_split("size"),
    "SFrame.dropna_split of all": lambda tc: frame(tc).dropna_split(how="all"),
    "SFrame.dropna_split of nothing": lambda tc: frame(tc).dropna_split([]),
    "SFrame.dropna_split recursively": lambda tc: tc.SFrame(
        {"a": [[1, None], [2, 3]]}
    ).dropna_split("a", recursive=True),
    "SFrame.dropna_split by numbers": lambda tc: frame(tc).dropna_split([5]),
    "SFrame.fillna": lambda tc: frame(tc).fillna("label", "cow"),
    "SFrame.fillna by a number": lambda tc: frame(tc).fillna(5, "cow"),
    "SFrame.apply": lambda tc: frame(tc).apply(lambda row: row["id"] * 2),
    "SFrame.apply of no function": lambda tc: frame(tc).apply(5),
    "SFrame == SFrame": lambda tc: frame(tc) == frame(tc),
}

TABLES: Calls = {
    "SFrame.groupby by two": lambda tc: (
        groups(tc).groupby(["label", "size"], tc.aggregate.COUNT()).sort(["label", "size"])
    ),
    "SFrame.groupby unknown": lambda tc: groups(tc).groupby("no", tc.aggregate.COUNT()),
    "SFrame.groupby of an unknown": lambda tc: groups(tc).groupby("label", tc.aggregate.SUM("no")),
    "SFrame.groupby by a number": lambda tc: groups(tc).groupby(5, tc.aggregate.COUNT()),
    "SFrame.join": lambda tc: (
        groups(tc)[["label", "id"]]
        .join(tc.SFrame({"label": ["cat"], "legs": [4]}), on="label")
        .sort("id")
    ),
    "SFrame.join left": lambda tc: (
        groups(tc)[["label", "id"]]
        .join(tc.SFrame({"label": ["cat"], "legs": [4]}), how="left")
        .sort("id")
    ),
    "SFrame.join in another way": lambda tc: frame(tc).join(frame(tc), how="sideways"),
    "SFrame.join on an unknown": lambda tc: frame(tc).join(frame(tc), on="no"),
    "SFrame.join with a list": lambda tc: frame(tc).join([1]),
    "SFrame.join on two types": lambda tc: frame(tc).join(tc.SFrame({"id": ["a"]}), on="id"),
    "SFrame.pack_columns": lambda tc: wide(tc).pack_columns(["x.a", "x.b"], new_column_name="x"),
    "SFrame.pack_columns by prefix": lambda tc: wide(tc).pack_columns(
        column_name_prefix="x", dtype=dict
    ),
    "SFrame.pack_columns with the prefix": lambda tc: wide(tc).pack_columns(
        column_name_prefix="x", dtype=dict, remove_prefix=False
    ),
    "SFrame.pack_columns as vectors": lambda tc: wide(tc).pack_columns(
        ["x.a", "x.b"], dtype=array, fill_na=0, new_column_name="x"
    ),
    "SFrame.pack_columns of text as vectors": lambda tc: wide(tc).pack_columns(
        ["x.a", "y"], dtype=array
    ),
    "SFrame.pack_columns of all": lambda tc: wide(tc).pack_columns(),
    "SFrame.pack_columns unknown": lambda tc: wide(tc).pack_columns(["x.a", "no"]),
    "SFrame.pack_columns of one": lambda tc: wide(tc).pack_columns(["x.a"]),
    "SFrame.pack_columns by names and prefix": lambda tc: wide(tc).pack_columns(
        ["x.a", "x.b"], column_name_prefix="x"
    ),
    "SFrame.pack_columns twice": lambda tc: wide(tc).pack_columns(["x.a", "x.a"]),
    "SFrame.pack_columns as numbers": lambda tc: wide(tc).pack_columns(["x.a", "x.b"], dtype=int),
    "SFrame.pack_columns to a name that is there": lambda tc: wide(tc).pack_columns(
        ["x.a", "x.b"], new_column_name="y"
    ),
    "SFrame.unpack": lambda tc: tc.SFrame({"x": mixed_dicts(tc)}).unpack("x"),
    "SFrame.unpack with a prefix": lambda tc: tc.SFrame({"x": matrix(tc)}).unpack(
        "x", column_name_prefix="v", limit=[1]
    ),
    "SFrame.unpack with types": lambda tc: tc.SFrame({"x": dicts(tc)}).unpack(
        "x", column_types=[int, str], limit=["a", "b"]
    ),
    "SFrame.unpack unknown": lambda tc: frame(tc).unpack("no"),
    "SFrame.unpack of numbers": lambda tc: frame(tc).unpack("id"),
    "SFrame.stack": lambda tc: tc.SFrame({"id": [1, 2], "x": [["a", "b"], ["c"]]}).stack("x", "y"),
    "SFrame.stack of nothing": lambda tc: tc.SFrame({"id": [1, 2], "x": [["a"], []]}).stack(
        "x", "y", drop_na=True
    ),
    "SFrame.stack of dicts": lambda tc: tc.SFrame({"id": [1, 2], "x": [{"a": 1}, {"b": 2}]}).stack(
        "x", ["key", "value"]
    ),
    "SFrame.stack of numbers": lambda tc: frame(tc).stack("id"),
    "SFrame.stack unknown": lambda tc: frame(tc).stack("no"),
    "SFrame.stack to a name that is there": lambda tc: tc.SFrame({"id": [1], "x": [["a"]]}).stack(
        "x", "id"
    ),
    "SFrame.unstack": lambda tc: (  # in what order a list holds them, Turi Create leaves open
        tall(tc)[["label", "value"]].unstack("value", "v").sort("label")["v"].item_length()
    ),
    "SFrame.unstack to a dict": lambda tc: (
        tall(tc).unstack(["key", "value"], "pairs").sort("label")
    ),
    "SFrame.unstack without a name": lambda tc: tall(tc).unstack(["key", "value"]).sort("label"),
    "SFrame.unstack of three": lambda tc: tall(tc).unstack(["label", "key", "value"]),
    "SFrame.unstack unknown": lambda tc: tall(tc).unstack(["key", "no"]),
    "SFrame.to_dataframe": lambda tc: tall(tc).to_dataframe(),
    "SFrame.to_dataframe with missing values": lambda tc: frame(tc).to_dataframe(),
    "SFrame.to_numpy": lambda tc: tall(tc)[["value"]].to_numpy(),
    "SFrame.export_csv": lambda tc: exported(tall(tc)),
    "SFrame.export_csv with options": lambda tc: exported(
        frame(tc)[["id", "label"]], delimiter=";", header=False, na_rep="NA"
    ),
    "SFrame.read_csv": lambda tc: read_back(tc, "a,b\n1,x\n2,\n"),
    "SFrame.read_csv with options": lambda tc: read_back(
        tc, "1;NA\n2;3\n", delimiter=";", header=False, na_values=["NA"], column_type_hints=int
    ),
    "SFrame.save as something else": lambda tc: frame(tc).save("/nowhere/x", format="xml"),
    "SFrame.read_csv of no file": lambda tc: tc.SFrame.read_csv("/nowhere/x.csv"),
}

AGGREGATES: Calls = {
    "aggregate.COUNT": lambda tc: grouped(tc, tc.aggregate.COUNT()),
    "aggregate.SUM": lambda tc: grouped(tc, tc.aggregate.SUM("id")),
    "aggregate.SUM of vectors": lambda tc: grouped(tc, tc.aggregate.SUM("vector")),
    "aggregate.SUM of strings": lambda tc: grouped(tc, tc.aggregate.SUM("label"), "id"),
    "aggregate.MEAN": lambda tc: grouped(tc, tc.aggregate.MEAN("size")),
    "aggregate.MEAN of vectors": lambda tc: grouped(tc, tc.aggregate.MEAN("vector")),
    "aggregate.AVG": lambda tc: grouped(tc, tc.aggregate.AVG("id")),
    "aggregate.MAX": lambda tc: grouped(tc, tc.aggregate.MAX("size")),
    "aggregate.MAX of dates": lambda tc: grouped(tc, tc.aggregate.MAX("day")),
    "aggregate.MIN": lambda tc: grouped(tc, tc.aggregate.MIN("size")),
    "aggregate.MIN of vectors": lambda tc: grouped(tc, tc.aggregate.MIN("vector")),
    "aggregate.VAR": lambda tc: grouped(tc, tc.aggregate.VAR("id")),
    "aggregate.VARIANCE": lambda tc: grouped(tc, tc.aggregate.VARIANCE("size")),
    "aggregate.VAR of dates": lambda tc: grouped(tc, tc.aggregate.VAR("day")),
    "aggregate.STD": lambda tc: grouped(tc, tc.aggregate.STD("id")),
    "aggregate.STDV": lambda tc: grouped(tc, tc.aggregate.STDV("size")),
    "aggregate.ARGMAX": lambda tc: grouped(tc, tc.aggregate.ARGMAX("id", "day")),
    "aggregate.ARGMAX with a missing value": lambda tc: grouped(
        tc, tc.aggregate.ARGMAX("day", "size")
    ),
    "aggregate.ARGMAX of strings": lambda tc: grouped(tc, tc.aggregate.ARGMAX("label", "id"), "id"),
    "aggregate.ARGMIN": lambda tc: grouped(tc, tc.aggregate.ARGMIN("id", "size")),
    "aggregate.ARGMIN of an unknown": lambda tc: grouped(tc, tc.aggregate.ARGMIN("id", "no")),
    "aggregate.SELECT_ONE": lambda tc: (
        tall(tc).groupby(["label", "key"], {"one": tc.aggregate.SELECT_ONE("value")}).sort("one")
    ),
    "aggregate.SELECT_ONE of an unknown": lambda tc: grouped(tc, tc.aggregate.SELECT_ONE("no")),
    "aggregate.COUNT_DISTINCT": lambda tc: grouped(tc, tc.aggregate.COUNT_DISTINCT("size")),
    "aggregate.DISTINCT": lambda tc: [
        sorted(row["result"]) for row in grouped(tc, tc.aggregate.DISTINCT("id"))
    ],
    "aggregate.DISTINCT with a missing value": lambda tc: [
        sorted(row["result"], key=str) for row in grouped(tc, tc.aggregate.DISTINCT("size"))
    ],
    "aggregate.FREQ_COUNT": lambda tc: grouped(tc, tc.aggregate.FREQ_COUNT("size")),
    "aggregate.FREQ_COUNT of vectors": lambda tc: grouped(tc, tc.aggregate.FREQ_COUNT("vector")),
    "aggregate.QUANTILE": lambda tc: grouped(tc, tc.aggregate.QUANTILE("id", 0.5)),
    "aggregate.QUANTILE of several": lambda tc: grouped(
        tc, tc.aggregate.QUANTILE("id", [0, 0.5, 1])
    ),
    "aggregate.QUANTILE as arguments": lambda tc: grouped(
        tc, tc.aggregate.QUANTILE("size", 0.25, 0.75)
    ),
    "aggregate.QUANTILE of strings": lambda tc: grouped(
        tc, tc.aggregate.QUANTILE("label", 0.5), "id"
    ),
    "aggregate.CONCAT": lambda tc: [
        sorted(row["result"]) for row in grouped(tc, tc.aggregate.CONCAT("id"))
    ],
    "aggregate.CONCAT to a dict": lambda tc: grouped(tc, tc.aggregate.CONCAT("id", "size")),
    "aggregate.CONCAT by vectors": lambda tc: grouped(tc, tc.aggregate.CONCAT("vector", "id")),
    "aggregate names": lambda tc: (
        groups(tc)
        .groupby(
            "label",
            [
                tc.aggregate.COUNT(),
                tc.aggregate.SUM("id"),
                tc.aggregate.SUM("vector"),
                tc.aggregate.STD("id"),
                tc.aggregate.ARGMAX("id", "size"),
                tc.aggregate.FREQ_COUNT("id"),
                tc.aggregate.QUANTILE("id", 0.5),
                tc.aggregate.CONCAT("id", "size"),
            ],
        )
        .column_names()
    ),
}

# --- Sketch and Image -----------------------------------------------------------------------------

SKETCHES: Calls = {
    "Sketch.size": lambda tc: sketch(tc, ints(tc)).size(),
    "Sketch.num_missing": lambda tc: sketch(tc, ints(tc)).num_missing(),
    "Sketch.num_unique": lambda tc: sketch(tc, ints(tc)).num_unique(),
    "Sketch.min": lambda tc: sketch(tc, ints(tc)).min(),
    "Sketch.min of nothing": lambda tc: sketch(tc, tc.SArray([], float)).min(),
    "Sketch.max": lambda tc: sketch(tc, ints(tc)).max(),
    "Sketch.max of strings": lambda tc: sketch(tc, words(tc)).max(),
    "Sketch.mean": lambda tc: sketch(tc, ints(tc)).mean(),
    "Sketch.sum": lambda tc: sketch(tc, ints(tc)).sum(),
    "Sketch.var": lambda tc: sketch(tc, ints(tc)).var(),
    "Sketch.std": lambda tc: sketch(tc, ints(tc)).std(),
    "Sketch.quantile": lambda tc: [
        sketch(tc, tc.SArray(range(100))).quantile(q) for q in (0, 0.5, 1)
    ],
    "Sketch.quantile of strings": lambda tc: sketch(tc, words(tc)).quantile(0.5),
    "Sketch.quantile of nothing": lambda tc: sketch(tc, tc.SArray([], int)).quantile(0.5),
    "Sketch.frequent_items": lambda tc: sketch(tc, words(tc)).frequent_items(),
    "Sketch.frequency_count": lambda tc: [
        sketch(tc, words(tc)).frequency_count(word) for word in ("cat", "bird", "cow")
    ],
    "Sketch.frequency_count of numbers": lambda tc: sketch(tc, ints(tc)).frequency_count(1),
    "Sketch.frequency_count of another type": lambda tc: sketch(tc, ints(tc)).frequency_count("a"),
    "Sketch.sketch_ready": lambda tc: sketch(tc, ints(tc)).sketch_ready(),
    "Sketch.num_elements_processed": lambda tc: sketch(tc, ints(tc)).num_elements_processed(),
    "Sketch.cancel": lambda tc: sketch(tc, ints(tc)).cancel(),
    "Sketch.element_length_summary": lambda tc: sketch(tc, vectors(tc)).element_length_summary(),
    "Sketch.element_length_summary of dicts": lambda tc: sketch(
        tc, dicts(tc)
    ).element_length_summary(),
    "Sketch.element_length_summary of strings": lambda tc: sketch(
        tc, words(tc)
    ).element_length_summary(),
    "Sketch.element_summary": lambda tc: sketch(tc, vectors(tc)).element_summary(),
    "Sketch.element_summary of lists": lambda tc: sketch(
        tc, tc.SArray([["a", "b"], ["a"]])
    ).element_summary(),
    "Sketch.element_summary of dicts": lambda tc: sketch(tc, dicts(tc)).element_summary(),
    "Sketch.dict_key_summary": lambda tc: sketch(tc, dicts(tc)).dict_key_summary(),
    "Sketch.dict_key_summary of numbers": lambda tc: sketch(tc, ints(tc)).dict_key_summary(),
    "Sketch.dict_value_summary": lambda tc: sketch(tc, dicts(tc)).dict_value_summary(),
    "Sketch.dict_value_summary of text": lambda tc: sketch(
        tc, mixed_dicts(tc)
    ).dict_value_summary(),
    "Sketch.dict_value_summary of vectors": lambda tc: sketch(tc, vectors(tc)).dict_value_summary(),
    "Sketch.element_sub_sketch of one": lambda tc: sketch(
        tc, matrix(tc), sub_sketch_keys=[0, 2]
    ).element_sub_sketch(2),
    "Sketch.element_sub_sketch of all": lambda tc: sketch(
        tc, dicts(tc), sub_sketch_keys=["a", "c"]
    ).element_sub_sketch(),
    "Sketch.element_sub_sketch of some": lambda tc: sketch(
        tc, dicts(tc), sub_sketch_keys=["a", "c"]
    ).element_sub_sketch(["a"]),
    "Sketch.element_sub_sketch not made": lambda tc: sketch(
        tc, dicts(tc), sub_sketch_keys=["a"]
    ).element_sub_sketch("b"),
    "Sketch.element_sub_sketch of strings": lambda tc: sketch(tc, words(tc)).element_sub_sketch(),
    "SArray.summary with sub sketches of strings": lambda tc: words(tc).summary(
        sub_sketch_keys=["a"]
    ),
    "SArray.summary with sub sketches by text": lambda tc: matrix(tc).summary(
        sub_sketch_keys=["a"]
    ),
    "SArray.summary with sub sketches by two types": lambda tc: dicts(tc).summary(
        sub_sketch_keys=["a", 1]
    ),
    "Sketch of a list": lambda tc: sketch(tc, [1, 2]),
    "SArray.summary of pictures": lambda tc: images(tc)["image"].summary(),
}

IMAGES: Calls = {
    "Image.height": lambda tc: images(tc)["image"][0].height,
    "Image.width": lambda tc: images(tc)["image"][0].width,
    "Image.channels": lambda tc: images(tc)["image"][0].channels,
    "Image.pixel_data": lambda tc: images(tc)["image"][0],
    "Image of nothing": lambda tc: tc.Image(),
    "Image of no file": lambda tc: tc.Image("/nowhere/x.png"),
    "Image of another format": lambda tc: tc.Image("/nowhere/x.png", format="GIF"),
    "SArray.astype array of pictures": lambda tc: images(tc)["image"].astype(array).item_length(),
    "Image.save": lambda tc: saved(tc, images(tc)["image"][0]),
    "Image.save as no picture": lambda tc: images(tc)["image"][0].save("/nowhere/x.txt"),
    "SArray.apply to pictures": lambda tc: images(tc)["image"].apply(lambda image: image.height),
}

# --- the toolkits ---------------------------------------------------------------------------------


def neighbors(tc: ModuleType, **options: Any) -> Any:
    points = tc.SFrame({"id": ["p", "q", "r"], "x": [0.0, 3.0, 4.0], "y": [0.0, 4.0, 4.0]})
    return tc.nearest_neighbors.create(
        points, **{"label": "id", "features": ["x", "y"], "verbose": False, **options}
    )


def classifier(tc: ModuleType, **options: Any) -> Any:
    data = tc.SFrame({"x": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0], "label": ["a", "a", "b", "a", "b", "b"]})
    options = {"target": "label", "validation_set": None, "verbose": False, **options}
    return tc.logistic_classifier.create(data, **options)


def points(tc: ModuleType) -> Any:
    return tc.SFrame({"x": [0.0, 4.0], "y": [1.0, 4.0]})


def lines(tc: ModuleType) -> Any:
    return tc.SFrame({"x": [0.0, 5.0], "label": ["a", "b"]})


TOOLKITS: Calls = {
    "nearest_neighbors.create without rows": lambda tc: tc.nearest_neighbors.create(
        tc.SFrame({"x": []}), verbose=False
    ),
    "nearest_neighbors.create of a list": lambda tc: tc.nearest_neighbors.create(
        [1], verbose=False
    ),
    "nearest_neighbors.create by an unknown label": lambda tc: neighbors(tc, label="no"),
    "nearest_neighbors.create of unknown features": lambda tc: neighbors(tc, features=["no"]),
    "nearest_neighbors.create with an unknown distance": lambda tc: neighbors(tc, distance="far"),
    "nearest_neighbors.create with an unknown method": lambda tc: neighbors(tc, method="guess"),
    "NearestNeighborsModel.query": lambda tc: neighbors(tc).query(points(tc), k=2, verbose=False),
    "NearestNeighborsModel.query within": lambda tc: neighbors(tc).query(
        points(tc), k=None, radius=1.5, verbose=False
    ),
    "NearestNeighborsModel.query by label": lambda tc: neighbors(tc).query(
        points(tc).add_column(tc.SArray(["s", "t"]), "name"), label="name", k=1, verbose=False
    ),
    "NearestNeighborsModel.query of a list": lambda tc: neighbors(tc).query([1], verbose=False),
    "NearestNeighborsModel.query of other columns": lambda tc: neighbors(tc).query(
        tc.SFrame({"z": [1.0]}), verbose=False
    ),
    "NearestNeighborsModel.query of no neighbor": lambda tc: neighbors(tc).query(
        points(tc), k=0, verbose=False
    ),
    "NearestNeighborsModel.query within less than nothing": lambda tc: neighbors(tc).query(
        points(tc), radius=-1.0, verbose=False
    ),
    "NearestNeighborsModel.similarity_graph": lambda tc: neighbors(tc).similarity_graph(
        k=1, output_type="SFrame", verbose=False
    ),
    "NearestNeighborsModel.similarity_graph of no neighbor": lambda tc: neighbors(
        tc
    ).similarity_graph(k=0, output_type="SFrame", verbose=False),
    "logistic_classifier.create without the target": lambda tc: classifier(tc, target="no"),
    "logistic_classifier.create of unknown features": lambda tc: classifier(tc, features=["no"]),
    "logistic_classifier.create of one class": lambda tc: tc.logistic_classifier.create(
        tc.SFrame({"x": [1.0, 2.0], "label": ["a", "a"]}),
        target="label",
        validation_set=None,
        verbose=False,
    ),
    "logistic_classifier.create of a list": lambda tc: tc.logistic_classifier.create(
        [1], target="label", verbose=False
    ),
    "LogisticClassifier.predict": lambda tc: classifier(tc).predict(lines(tc)),
    "LogisticClassifier.predict ranks": lambda tc: classifier(tc).predict(
        lines(tc), output_type="rank"
    ),
    "LogisticClassifier.predict without the features": lambda tc: classifier(tc).predict(
        tc.SFrame({"z": [1.0]})
    ),
    "LogisticClassifier.predict_topk": lambda tc: classifier(tc).predict_topk(lines(tc), k=1)[
        ["id", "class"]
    ],
    "LogisticClassifier.predict_topk of nothing": lambda tc: classifier(tc).predict_topk(
        lines(tc), k=0
    ),
    "LogisticClassifier.predict_topk in another way": lambda tc: classifier(tc).predict_topk(
        lines(tc), output_type="color"
    ),
    "LogisticClassifier.classify": lambda tc: classifier(tc).classify(lines(tc))[["class"]],
    "LogisticClassifier.evaluate": lambda tc: classifier(tc).evaluate(lines(tc), metric="accuracy"),
    "LogisticClassifier.evaluate without the target": lambda tc: classifier(tc).evaluate(
        points(tc)
    ),
    "LogisticClassifier.evaluate by an unknown metric": lambda tc: classifier(tc).evaluate(
        lines(tc), metric="luck"
    ),
    "LogisticClassifier.coefficients": lambda tc: classifier(tc).coefficients.column_names(),
    "LogisticClassifier.summary": lambda tc: printed(classifier(tc).summary).splitlines()[0],
    "load_model of no directory": lambda tc: tc.load_model("/nowhere/at/all"),
}

CALLS: Calls = {
    **MAKING,
    **LOOKING,
    **ROWS,
    **VALUES,
    **REDUCING,
    **INSIDE,
    **COLUMNS,
    **TABLE_ROWS,
    **TABLES,
    **AGGREGATES,
    **SKETCHES,
    **IMAGES,
    **TOOLKITS,
}

# --- where turilite differs -----------------------------------------------------------------------

OS_ERROR = "an OSError too: its subclass says more"
OTHER_FILE = "whichever file of the folder is given, what is meant is beyond doubt"
BY_DESIGN = {
    "SArray.filter by no function": "a TypeError that says what is needed",
    "load_sarray of no directory": OS_ERROR,
    "load_sframe of no directory": OS_ERROR,
    "SFrame of its .sidx": OTHER_FILE,
    "SFrame of its .ini": OTHER_FILE,
    "Image of no file": "no file is Python's FileNotFoundError, not a fault of a toolkit",
    "Image of another format": "the file itself says what it is, `format` is not looked at",
    "SArray.is_materialized after a sum": "everything is computed at once",
    "SArray.pixel_array_to_image of a missing value": "a missing picture stays missing",
    "SFrame.rename crosswise": "the names are different once all are given",
    "aggregate.FREQ_COUNT": "floats can be counted as well",
}
NOT_YET: dict[str, str] = {}
DIFFERENT = {**BY_DESIGN, **NOT_YET}
# Errors of the same type in other words.
OTHER_WORDS = {
    "SFrame.remove_columns of a number",
    "SFrame.swap_columns unknown",
    "SFrame.groupby by a number",
    "Image.save as no picture",
    "nearest_neighbors.create of unknown features",
    "SArray of a wrong type",
    "SArray of strings and numbers",
    "SArray.is_topk of dicts",
    "SArray.astype dict of numbers",
    "SArray.astype by name",
    "SArray.where of other lengths",
    "SArray.median approximated by a number",
    "SArray.dict_keys of numbers",
    "SArray.dict_values of lists",
    "SArray.dict_trim_by_keys of numbers",
    "SArray.dict_trim_by_values of numbers",
    "SArray.dict_has_any_keys of strings",
    "SArray.dict_has_all_keys of strings",
    "SFrame.append of other columns",
    "SFrame == SFrame",
    "SFrame.join on two types",
    "SFrame.unstack of three",
    "SFrame.unstack unknown",
    "SFrame.save as something else",
    "Sketch.element_length_summary of strings",
    "Sketch.element_sub_sketch not made",
    "SArray.summary with sub sketches by text",
    "nearest_neighbors.create without rows",
    "nearest_neighbors.create of a list",
    "nearest_neighbors.create by an unknown label",
    "nearest_neighbors.create with an unknown distance",
    "nearest_neighbors.create with an unknown method",
    "NearestNeighborsModel.query of a list",
    "NearestNeighborsModel.query of other columns",
    "NearestNeighborsModel.query of no neighbor",
    "NearestNeighborsModel.query within less than nothing",
    "NearestNeighborsModel.similarity_graph of no neighbor",
    "logistic_classifier.create of one class",
    "logistic_classifier.create of a list",
    "LogisticClassifier.evaluate without the target",
    "LogisticClassifier.evaluate by an unknown metric",
    "load_model of no directory",
}

# Public names that the table does not call, and the file that does.
ELSEWHERE = {
    "SArray.column": "turilite/tables/test_tables.py",
    "SArray.explore": "turilite/tables/test_plots.py",
    "SArray.save": "turilite/tables/test_tables.py",
    "SArray.show": "turilite/tables/test_plots.py",
    "SFrame.explore": "turilite/tables/test_plots.py",
    "SFrame.read_csv_with_errors": "turilite/tables/test_csv_files.py",
    "SFrame.print_rows": "turilite/tables/test_same_as_turicreate.py",
    "SFrame.show": "turilite/tables/test_plots.py",
    "SFrame.num_cols": "turilite/test_names.py",
    "SArray.size": "turilite/test_names.py",
    "SArray.sketch_summary": "turilite/test_names.py",
    "NearestNeighborsModel.show": "turilite/test_names.py",
    "LogisticClassifier.show": "turilite/test_names.py",
    "Image.show": "turilite/tables/test_plots.py",
    "LogisticClassifier.save": "turilite/toolkits/test_saving.py",
    "NearestNeighborsModel.save": "turilite/toolkits/test_saving.py",
    "NearestNeighborsModel.summary": "turilite/toolkits/test_nearest_neighbors.py",
}
