"""Values of any type, one after the other, as Turi Create serializes its `flexible_type`.

Used for the elements of lists and dictionaries, for whole columns of lists, dictionaries,
datetimes and images, and for blocks in which types are mixed. A value whose type is not known
from elsewhere is preceded by one byte, 128 + its type code (in early releases: the code, and four
bytes that mean nothing). Everything is little-endian. Source: `flexible_type::save/load`,
`flex_date_time`, `ndarray` and `image_type` in Turi Create.
"""

from __future__ import annotations

import array
import datetime
import math
import struct
from typing import Any, Callable

import numpy as np

from ..columns.image import Image
from .reader import Reader

# A list in a list in a list ...: deeper than this is damage (or would exhaust Python's stack).
DEEPEST = 128
# NumPy 1 allows 32 dimensions.
MOST_DIMENSIONS = 32
EPOCH = datetime.datetime(1970, 1, 1)
QUARTER_HOUR = datetime.timedelta(minutes=15)
NO_ZONE = 64
# The zone is stored away from zero by this, which tells it from the older 8-byte datetime.
ZONE_SHIFT = 25


def read_value(reader: Reader, depth: int = 0) -> Any:
    """Read a value that is preceded by its type."""
    tag = reader.byte()
    if tag < 128:
        reader.take(4)
    code = tag % 128
    if code >= len(TYPES):
        raise ValueError(f"unknown type code {code}")
    return READ[TYPES[code]](reader, depth)


def write_value(value: Any, depth: int = 0) -> bytes:
    """Return the bytes of a value of any type, preceded by its type."""
    kind = type_of(value)
    return bytes([128 + CODES[kind]]) + WRITE[kind](value, depth)


def type_of(value: Any) -> type:
    """Return the column type that holds `value`; TypeError if there is none."""
    if type(value) in CODES:
        return type(value)
    for kinds, kind in _ALSO:
        if isinstance(value, kinds):
            return kind
    raise TypeError(f"a value of type {type(value).__name__} can't be stored in an SFrame")


_ALSO = (
    ((int, np.integer, np.bool_), int),
    ((float, np.floating), float),
    ((list, tuple), list),
    *(((kind,), kind) for kind in (str, dict, datetime.datetime, Image, array.array, np.ndarray)),
)


def _read_int(reader: Reader, depth: int) -> int:
    return int.from_bytes(reader.take(8), "little", signed=True)


def _write_int(value: Any, depth: int) -> bytes:
    if not -(1 << 63) <= value < 1 << 63:
        raise ValueError(f"the integer {value} does not fit into 64 bits")
    return int(value).to_bytes(8, "little", signed=True)


def _read_float(reader: Reader, depth: int) -> float:
    return struct.unpack("<d", reader.take(8))[0]


def _write_float(value: float, depth: int) -> bytes:
    return struct.pack("<d", value)


def _read_str(reader: Reader, depth: int) -> str:
    return reader.take(reader.number()).decode()


def _write_str(value: str, depth: int) -> bytes:
    text = value.encode()
    return _number(len(text)) + text


def _read_vector(reader: Reader, depth: int) -> array.array:
    return array.array("d", _read_floats(reader).tobytes())


def _write_vector(value: array.array, depth: int) -> bytes:
    return _write_floats(np.asarray(value, np.float64))


def _read_list(reader: Reader, depth: int) -> list:
    _check_depth(depth)
    return [read_value(reader, depth + 1) for _ in range(reader.count(1))]


def _write_list(value: list, depth: int) -> bytes:
    _check_depth(depth)
    return _number(len(value)) + b"".join([write_value(item, depth + 1) for item in value])


def _read_dict(reader: Reader, depth: int) -> dict:
    _check_depth(depth)
    pairs = {}
    for _ in range(reader.count(2)):
        key = read_value(reader, depth + 1)
        if isinstance(key, (list, array.array)):
            key = tuple(key)
        value = read_value(reader, depth + 1)
        try:
            pairs[key] = value
        except TypeError as error:
            raise ValueError(f"{key!r} can't be the key of a dictionary") from error
    return pairs


def _write_dict(value: dict, depth: int) -> bytes:
    _check_depth(depth)
    pairs = [write_value(item, depth + 1) for pair in value.items() for item in pair]
    return _number(len(value)) + b"".join(pairs)


def _read_datetime(reader: Reader, depth: int) -> datetime.datetime:
    """Read 56 bits of seconds (UTC), 8 bits of zone in 15 minutes, 32 bits of microseconds.

    The older form has its zone in half hours and no microseconds.
    """
    stamp = reader.take(8)
    seconds = int.from_bytes(stamp[:7], "little", signed=True)
    zone = int.from_bytes(stamp[7:], "little", signed=True)
    microseconds = 0
    if abs(zone) < ZONE_SHIFT:
        zone *= 2
    else:
        zone += ZONE_SHIFT if zone < 0 else -ZONE_SHIFT
        microseconds = int.from_bytes(reader.take(4), "little")
    if (abs(zone) > 48 and zone != NO_ZONE) or microseconds >= 1_000_000:
        raise ValueError(f"{seconds} s, {microseconds} us, zone {zone} is not a datetime")
    try:
        utc = EPOCH + datetime.timedelta(seconds=seconds, microseconds=microseconds)
        if zone == NO_ZONE:
            return utc
        local = datetime.timezone(zone * QUARTER_HOUR)
        return utc.replace(tzinfo=datetime.timezone.utc).astimezone(local)
    except OverflowError as error:
        raise ValueError(f"{seconds} s after 1970 is beyond Python's datetime") from error


def _write_datetime(value: datetime.datetime, depth: int) -> bytes:
    offset = value.utcoffset()
    zone = NO_ZONE if offset is None else int(offset / QUARTER_HOUR)
    if abs(zone) > 48 and zone != NO_ZONE:
        raise ValueError(f"{value}: an SFrame holds zones up to 12 hours from UTC; convert it")
    since = value.replace(tzinfo=None) - (offset or datetime.timedelta(0)) - EPOCH
    seconds = since.days * 86400 + since.seconds
    stored_zone = zone - ZONE_SHIFT if zone < 0 else zone + ZONE_SHIFT
    return struct.pack("<qi", (seconds & (1 << 56) - 1) | (stored_zone << 56), since.microseconds)


def _read_none(reader: Reader, depth: int) -> None:
    return None


def _write_none(value: None, depth: int) -> bytes:
    return b""


def _read_image(reader: Reader, depth: int) -> Image:
    version = reader.byte()
    height, width, channels, kind, size = (reader.number() for _ in range(5))
    if version != 0 or kind > 3:
        raise ValueError(f"unknown kind of image: version {version}, format {kind}")
    return Image(
        _image_data=reader.take(size),
        _height=height,
        _width=width,
        _channels=channels,
        _image_data_size=size,
        _format_enum=kind,
    )


def _write_image(value: Image, depth: int) -> bytes:
    data = bytes(value._image_data)
    fields = (value._height, value._width, value._channels, value._format_enum, len(data))
    return b"\0" + b"".join(_number(field) for field in fields) + data


def _read_array(reader: Reader, depth: int) -> np.ndarray:
    if reader.byte() != 0:
        raise ValueError("unknown kind of nd-array")
    shape, strides = _read_numbers(reader), _read_numbers(reader)
    return strided(_read_floats(reader), shape, strides)


def _write_array(value: np.ndarray, depth: int) -> bytes:
    shape, strides, values = layout(value)
    sizes = [_number(len(part)) + b"".join(map(_number, part)) for part in (shape, strides)]
    return b"\0" + b"".join(sizes) + _write_floats(values)


def strided(values: np.ndarray, shape: list[int], strides: list[int]) -> np.ndarray:
    """Return the nd-array of that shape over `values`; strides count numbers, not bytes.

    Turi Create stores an empty array, whatever its shape was, with no dimensions at all.
    """
    if len(shape) != len(strides) or len(shape) > MOST_DIMENSIONS:
        raise ValueError(f"an array of {len(shape)} dimensions and {len(strides)} strides")
    if not shape or 0 in shape:
        if len(values):
            raise ValueError(f"{len(values)} numbers in an array of shape {shape}")
        return np.zeros(0)
    last = sum((size - 1) * stride for size, stride in zip(shape, strides))
    # NumPy would check this too, but its sums can overflow.
    if max(last + 1, math.prod(shape)) > len(values):
        raise ValueError(f"{len(values)} numbers for shape {shape} and strides {strides}")
    steps = [8 * stride if size > 1 else 0 for size, stride in zip(shape, strides)]
    return np.array(np.ndarray(shape, np.float64, values, strides=steps))


def layout(value: np.ndarray) -> tuple[list[int], list[int], np.ndarray]:
    """Return shape, strides and numbers of an nd-array as `strided` takes them, in C order."""
    values = np.ascontiguousarray(value, np.float64)
    if not values.size:
        return [], [], np.zeros(0)
    return list(values.shape), [stride // 8 for stride in values.strides], values.ravel()


def _number(value: int) -> bytes:
    return int(value).to_bytes(8, "little")


def _read_numbers(reader: Reader) -> list[int]:
    return np.frombuffer(reader.take(8 * reader.count(8)), "<u8").tolist()


def _read_floats(reader: Reader) -> np.ndarray:
    return np.frombuffer(reader.take(8 * reader.count(8)), "<f8").astype(np.float64)


def _write_floats(values: np.ndarray) -> bytes:
    return _number(values.size) + values.astype("<f8").tobytes()


def _check_depth(depth: int) -> None:
    if depth > DEEPEST:
        raise ValueError(f"lists are nested more than {DEEPEST} deep")


# A type's place in this table is its code in files.
TABLE: tuple[tuple[type, Callable, Callable], ...] = (
    (int, _read_int, _write_int),
    (float, _read_float, _write_float),
    (str, _read_str, _write_str),
    (array.array, _read_vector, _write_vector),
    (list, _read_list, _write_list),
    (dict, _read_dict, _write_dict),
    (datetime.datetime, _read_datetime, _write_datetime),
    (type(None), _read_none, _write_none),
    (Image, _read_image, _write_image),
    (np.ndarray, _read_array, _write_array),
)
TYPES = tuple(kind for kind, _, _ in TABLE)
CODES = {kind: code for code, kind in enumerate(TYPES)}
READ = {kind: read for kind, read, _ in TABLE}
WRITE = {kind: write for kind, _, write in TABLE}
