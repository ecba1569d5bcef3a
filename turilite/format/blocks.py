"""One block of a column: the bytes that a segment file holds for some of its rows.

    byte     0 if there are no rows, 1 if all have one type, 2 if some are missing
    byte     the type code (of the missing value, if all rows are missing)
    bits     if the first byte is 2: a bit per row that is missing, in whole 8-byte words
    values   those that are not missing, encoded according to type (the functions below)

A block flagged MIXED has rows of several types and stores each row with its type. A block
flagged EXTENDED has a format byte before its floats, vectors or nd-arrays; older releases wrote
none. How many rows there are stands in the block's record, not here.
Source: sarray_v2_type_encoding.cpp in Turi Create.
"""

from __future__ import annotations

import array
import datetime
from collections.abc import Iterator
from typing import Any, Callable, NamedTuple, Sequence

import numpy as np

from ..columns.column import Column, objects
from ..columns.image import Image
from . import flexible
from .buffers import empty_matrix
from .flexible import CODES, TYPES
from .packing import (
    MOST_PER_BYTE,
    check_count,
    pack_integers,
    read_varint,
    unpack_integers,
    varint,
)
from .reader import Reader

LZ4, TYPED, MIXED, EXTENDED = 1, 2, 4, 8
MISSING = type(None)
# How a block begins in which all rows are vectors.
VECTORS = bytes([1, CODES[array.array]])
# A string block with more distinct values than this has no dictionary.
MOST_DISTINCT = 64


class Vectors(NamedTuple):
    """Vectors of any lengths: the lengths, and the numbers of all one after the other."""

    lengths: np.ndarray
    numbers: np.ndarray

    def split(self) -> list[np.ndarray]:
        ends = np.cumsum(self.lengths).tolist()
        return [self.numbers[start:end] for start, end in zip([0, *ends], ends)]


NO_VECTORS = Vectors(np.zeros(0, np.int64), np.zeros(0))


class Block(NamedTuple):
    """A decoded block: its type, its values that are not missing, and which rows are (bool).

    The values are an array (int, float), Vectors (array.array) or a list. The type is NoneType
    if all rows are missing, and None if rows may differ in type.
    """

    kind: type | None
    values: np.ndarray | Vectors | list
    missing: np.ndarray


def decode_block(data: bytes, rows: int, flags: int) -> Block:
    """Decode a block; ValueError if `data` do not hold exactly `rows` intact values."""
    reader = Reader(data)
    types = reader.byte()
    if flags & MIXED:
        block = _decode_mixed(reader, rows)
    elif types == 0 and rows == 0:
        block = Block(MISSING, [], np.zeros(0, bool))
    else:
        block = _decode_typed(reader, rows, types, bool(flags & EXTENDED))
    reader.finish()
    return block


class Encoded(NamedTuple):
    """The bytes of a block, its number of rows and its flags."""

    data: bytes
    rows: int
    flags: int

    @property
    def is_of_vectors(self) -> bool:
        """Whether there are vectors in it, and none is missing."""
        is_extended = bool(self.flags & EXTENDED) and not self.flags & MIXED
        return is_extended and self.data.startswith(VECTORS)


def decode_matrix(encoded: Iterator[Encoded], rows: np.ndarray, sizes: np.ndarray) -> Block:
    """Decode blocks of vectors of one length, of so many rows and bytes each, as one block.

    One block is decoded before the next one is taken: memory that is used again costs nothing, new
    memory as much as decoding. ValueError as from `decode_block`, and for other blocks.
    """
    matrix, done = np.zeros((0, 0)), 0
    for number, block in enumerate(encoded):
        reader = Reader(block.data)
        if not block.is_of_vectors:
            raise ValueError("other values than vectors")
        reader.skip(len(VECTORS))
        lengths = _decode_lengths(reader, block.rows, True)
        if number == 0:
            width = int(lengths.max(initial=0))
            _check_width(width, rows, sizes)
            matrix = empty_matrix(int(rows.sum()), width)
        if (lengths != matrix.shape[1]).any():
            raise ValueError("vectors of several lengths")
        _decode_floats(reader, matrix[done : done + block.rows].reshape(-1), True)
        reader.finish()
        done += block.rows
    vectors = Vectors(np.full(done, matrix.shape[1], np.int64), matrix.reshape(-1))
    return Block(array.array, vectors, np.zeros(done, bool))


def _check_width(width: int, rows: np.ndarray, sizes: np.ndarray) -> None:
    """Raise ValueError if so many vectors of that length can't be in blocks of these sizes."""
    if (rows > sizes * np.uint64(MOST_PER_BYTE) // np.uint64(max(1, width))).any():
        raise ValueError(f"vectors of {width} can't be in its blocks")


def _decode_mixed(reader: Reader, rows: int) -> Block:
    count = reader.count(1)
    if count != rows:
        raise ValueError(f"{count} values where {rows} should be")
    values = [flexible.read_value(reader) for _ in range(rows)]
    missing = np.fromiter((value is None for value in values), bool, rows)
    return Block(None, [value for value in values if value is not None], missing)


def _decode_typed(reader: Reader, rows: int, types: int, extended: bool) -> Block:
    code = reader.byte()
    if types not in (1, 2) or code >= len(TYPES):
        raise ValueError(f"unknown kind of block: {types} types, type code {code}")
    kind = TYPES[code]
    if kind is MISSING:
        return Block(MISSING, [], np.ones(rows, bool))
    words = reader.take((rows + 63) // 64 * 8) if types == 2 else b""
    bits = np.unpackbits(np.frombuffer(words, np.uint8), bitorder="little")
    present = rows - int(bits[:rows].sum())
    values = CODECS[kind].decode(reader, present, extended)
    # Only now, as only now it is known that there are so many rows.
    return Block(kind, values, bits[:rows].astype(bool) if types == 2 else np.zeros(rows, bool))


def encode_block(column: Column) -> tuple[bytes, int]:
    """Return the bytes of a block with all rows of `column`, and its flags."""
    missing = missing_rows(column)
    present = column.values if missing is None else column.values[~missing]
    if not len(present):
        return bytes([1, CODES[MISSING]]), TYPED
    if column.dtype is None:
        return _encode_mixed(column.values)
    if present.dtype == object:
        _check_types(present, column.dtype)
    codec = CODECS[column.dtype]
    head = bytes([1, CODES[column.dtype]])
    if missing is not None:
        padded = np.pad(missing, (0, -len(missing) % 64))
        head = bytes([2, CODES[column.dtype]]) + np.packbits(padded, bitorder="little").tobytes()
    return head + codec.encode(present), codec.flags


def _check_types(values: np.ndarray, dtype: type) -> None:
    kinds = set(map(flexible.type_of, values)) - {dtype}
    if dtype is array.array:
        kinds.discard(np.ndarray)
    if kinds:
        raise TypeError(f"a value of type {kinds.pop().__name__} in a column of {dtype.__name__}")


def _encode_mixed(values: np.ndarray) -> tuple[bytes, int]:
    parts = [flexible.write_value(value) for value in values]
    types = len({part[0] for part in parts})
    return bytes([types]) + len(parts).to_bytes(8, "little") + b"".join(parts), TYPED | MIXED


def missing_rows(column: Column) -> np.ndarray | None:
    """Return which rows of `column` are missing; None if none is."""
    missing = column.missing
    if missing is None and column.values.dtype == object:
        missing = np.fromiter((value is None for value in column.values), bool, len(column))
    return missing if missing is not None and missing.any() else None


def join_blocks(blocks: Sequence[Block], dtype: type | None) -> Column:
    """Return the column of type `dtype` (None: untyped) of which these are the blocks, in order."""
    missing = np.concatenate([*(block.missing for block in blocks), np.zeros(0, bool)])
    parts = [_as_type(block, dtype) for block in blocks if block.kind is not MISSING]
    if dtype is array.array:
        vectors = (
            parts[0] if len(parts) == 1 else Vectors(*map(np.concatenate, zip(*parts, NO_VECTORS)))
        )
        width = vectors.lengths[0] if len(vectors.lengths) else 0
        if not missing.any() and (vectors.lengths == width).all():
            return Column(dtype, vectors.numbers.reshape(len(missing), width))
        parts = [vectors.split()]
    if dtype in (int, float):
        kind = np.dtype(dtype)
        values = np.concatenate([*(np.asarray(part, kind) for part in parts), np.zeros(0, kind)])
    else:
        values = objects([value for part in parts for value in part])
    if not missing.any():
        return Column(dtype, values)
    present = values
    values = np.full(len(missing), {int: 0, float: np.nan}.get(dtype), present.dtype)
    values[~missing] = present
    return Column(dtype, values, missing)


def _as_type(block: Block, dtype: type | None) -> Any:
    """Return the values of `block` as a part of a column of type `dtype`."""
    if block.kind is dtype:
        return block.values
    values: Any = block.values
    if isinstance(values, Vectors):
        values = [array.array("d", vector.tobytes()) for vector in values.split()]
    elif isinstance(values, np.ndarray):
        values = values.tolist()
    if dtype is None:
        return values
    for value in values:
        if not isinstance(value, (int, float) if dtype is float else dtype):
            raise ValueError(f"a {type(value).__name__} in a column of {dtype.__name__}")
    if dtype is array.array:
        lengths = np.fromiter(map(len, values), np.int64, len(values))
        return Vectors(lengths, np.concatenate([*values, np.zeros(0)]))
    return values


def _decode_int(reader: Reader, count: int, extended: bool) -> np.ndarray:
    return unpack_integers(reader, count).view(np.int64)


def _decode_float(reader: Reader, count: int, extended: bool) -> np.ndarray:
    check_count(reader, count)
    numbers = np.empty(count)
    _decode_floats(reader, numbers, extended)
    return numbers


def _decode_floats(reader: Reader, out: np.ndarray, extended: bool) -> None:
    """Decode integral numbers as integers, others as their bits with the sign moved to the end."""
    encoding = reader.byte() if extended else 0
    numbers = unpack_integers(reader, len(out))
    if encoding == 1:
        out[:] = numbers.view(np.int64)
    elif encoding == 0:
        bits = np.right_shift(numbers, np.uint64(1), out=out.view(np.uint64))
        if np.bitwise_or.reduce(numbers) & np.uint64(1):  # one is negative
            bits |= numbers << np.uint64(63)
    else:
        raise ValueError(f"unknown encoding {encoding} of floats")


def _encode_float(values: np.ndarray) -> bytes:
    values = np.ascontiguousarray(values, np.float64)
    # -0.0 is integral too, but would come back as 0.0.
    integral = (np.abs(values) < 2.0**63) & (np.trunc(values) == values)
    if (integral & ~((values == 0) & np.signbit(values))).all():
        return b"\1" + pack_integers(values.astype(np.int64))
    bits = values.view(np.uint64)
    return b"\0" + pack_integers(bits << np.uint64(1) | bits >> np.uint64(63))


def _decode_str(reader: Reader, count: int, extended: bool) -> list[str]:
    """Decode the distinct strings and an index per row, or lengths and then all the bytes."""
    if reader.byte():
        distinct = read_varint(reader)
        if distinct > reader.left:
            raise ValueError(f"{distinct} strings can't be in the {reader.left} bytes left")
        words = [reader.take(read_varint(reader)).decode() for _ in range(distinct)]
        indices = unpack_integers(reader, count)
        if count and indices.max() >= distinct:
            raise ValueError(f"string {indices.max()} of {distinct}")
        return [words[index] for index in indices.tolist()]
    return [reader.take(length).decode() for length in unpack_integers(reader, count).tolist()]


def _encode_str(values: np.ndarray) -> bytes:
    texts = [value.encode() for value in values]
    index: dict[bytes, int] = {}
    for text in texts:
        index.setdefault(text, len(index))
        if len(index) > MOST_DISTINCT:
            lengths = np.fromiter(map(len, texts), np.int64, len(texts))
            return b"\0" + pack_integers(lengths) + b"".join(texts)
    words = b"".join(varint(len(word)) + word for word in index)
    indices = np.fromiter((index[text] for text in texts), np.int64, len(texts))
    return b"\1" + varint(len(index)) + words + pack_integers(indices)


def _decode_vector(reader: Reader, count: int, extended: bool) -> Vectors:
    """Decode the length of each vector, then the numbers of all."""
    lengths = _decode_lengths(reader, count, extended)
    numbers = _decode_float(reader, _total(lengths, reader), extended)
    return Vectors(lengths.view(np.int64), numbers)


def _decode_lengths(reader: Reader, count: int, extended: bool) -> np.ndarray:
    if extended:
        _check_format(reader)
    return unpack_integers(reader, count)


def _encode_vector(values: np.ndarray) -> bytes:
    lengths = np.fromiter(map(len, values), np.int64, len(values))
    numbers = values if values.ndim == 2 else np.concatenate([np.asarray(v, float) for v in values])
    return b"\0" + pack_integers(lengths) + _encode_float(numbers.ravel())


def _decode_array(reader: Reader, count: int, extended: bool) -> list[np.ndarray]:
    """Decode numbers of dimensions, numbers of elements, all shapes, all strides, all elements."""
    _check_format(reader)
    dimensions = unpack_integers(reader, count)
    sizes = unpack_integers(reader, count)
    total = _total(dimensions, reader)
    shapes = unpack_integers(reader, total).tolist()
    strides = unpack_integers(reader, total).tolist()
    numbers = _decode_float(reader, _total(sizes, reader), True)
    arrays = []
    axis = start = 0
    for rank, size in zip(dimensions.tolist(), sizes.tolist()):
        axes = slice(axis, axis + rank)
        part = numbers[start : start + size]
        arrays.append(flexible.strided(part, shapes[axes], strides[axes]))
        axis += rank
        start += size
    return arrays


def _encode_array(values: np.ndarray) -> bytes:
    shapes, strides, numbers = zip(*map(flexible.layout, values))
    counts = [[len(shape) for shape in shapes], [len(part) for part in numbers]]
    counts += [
        [size for shape in shapes for size in shape],
        [step for part in strides for step in part],
    ]
    packed = [pack_integers(np.array(part, np.int64)) for part in counts]
    return b"\0" + b"".join(packed) + _encode_float(np.concatenate(numbers))


def _check_format(reader: Reader) -> None:
    if reader.byte() != 0:
        raise ValueError("unknown encoding of vectors")


def _total(lengths: np.ndarray, reader: Reader) -> int:
    """Return the sum of `lengths`, each of which must be possible in what is left to read.

    So the sum can't overflow, and whoever unpacks so many numbers checks it.
    """
    if len(lengths) and lengths.max() > reader.left * MOST_PER_BYTE:
        raise ValueError(f"a vector of {lengths.max()} in {reader.left} bytes")
    return int(lengths.sum())


class Codec(NamedTuple):
    """How the values of one type that are not missing are decoded and encoded."""

    decode: Callable[[Reader, int, bool], Any]
    encode: Callable[[np.ndarray], bytes]
    flags: int = TYPED


def _one_by_one(kind: type, least: int) -> Codec:
    """Return the codec of values that stand one after the other, of `least` bytes or more."""
    read, write = flexible.READ[kind], flexible.WRITE[kind]

    def decode(reader: Reader, count: int, extended: bool) -> list:
        if count * least > reader.left:
            raise ValueError(f"{count} values of type {kind.__name__} in {reader.left} bytes")
        return [read(reader, 0) for _ in range(count)]

    def encode(values: np.ndarray) -> bytes:
        return b"".join([write(value, 0) for value in values])

    return Codec(decode, encode)


CODECS = {
    int: Codec(_decode_int, pack_integers),
    float: Codec(_decode_float, _encode_float, TYPED | EXTENDED),
    str: Codec(_decode_str, _encode_str),
    array.array: Codec(_decode_vector, _encode_vector, TYPED | EXTENDED),
    list: _one_by_one(list, 8),
    dict: _one_by_one(dict, 8),
    datetime.datetime: _one_by_one(datetime.datetime, 8),
    Image: _one_by_one(Image, 41),
    np.ndarray: Codec(_decode_array, _encode_array, TYPED | EXTENDED),
}
