"""Integers as the SFrame format packs them.

Numbers come in groups of 128 (the last group may be shorter). A group is one header byte, a
variable-length base, then the packed remainders, each in the same 0, 1, 2, 4, ... 64 bits:

    header = scheme | (0 if width is 0 else 1 + log2 width) << 2
    scheme   0: base is subtracted from every number
             1: base is the first number, then come the differences
             2: base is the first number, then come the differences, zigzag coded

How many numbers there are is not stored; the caller knows. All arithmetic is modulo 2**64.
Source: integer_pack.hpp and integer_pack_impl.hpp in Turi Create. Both directions work on all
groups of one kind at once, so that the cost is that of a few NumPy passes over the data.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from .reader import Reader

GROUP = 128
BASE, DIFFERENCES, ZIGZAG = range(3)
WIDTHS = (0, 1, 2, 4, 8, 16, 32, 64)
LARGEST = np.array([(1 << width) - 1 for width in WIDTHS], np.uint64)
# The densest group has 128 numbers in 2 bytes.
MOST_PER_BYTE = GROUP // 2


def unpack_integers(reader: Reader, count: int) -> np.ndarray:
    """Return the next `count` packed integers, as uint64 (view as int64 for signed numbers).

    ValueError if they are not there, before memory is taken for them.
    """
    check_count(reader, count)
    whole, rest = divmod(count, GROUP)
    parts = [_unpack_groups(reader, whole, GROUP)] if whole or not rest else []
    parts += [_unpack_groups(reader, 1, rest)] if rest else []
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def check_count(reader: Reader, count: int) -> None:
    """Raise ValueError if so many packed integers can't be in what is left to read."""
    if count > reader.left * MOST_PER_BYTE:
        raise ValueError(f"{count} numbers can't be in the {reader.left} bytes that are left")


def _unpack_groups(reader: Reader, count: int, length: int) -> np.ndarray:
    """Return the numbers of the next `count` groups of that length."""
    starts = _starts(reader, count, _payload_sizes(length))
    if count > 1:
        return _groups(reader.data, np.array(starts, np.int64), length)
    if not count:
        return np.zeros(0, np.uint64)
    # As of the lengths of vectors, where NumPy's passes would cost more.
    header = reader.data[starts[0]]
    base, start = varint_at(reader.data, starts[0] + 1)
    payload = np.frombuffer(bytearray(reader.data[start : reader.position]), np.uint8)[None]
    return _group(header, np.array([base], np.uint64), payload, length).ravel()


def _groups(data: bytes, starts: np.ndarray, length: int) -> np.ndarray:
    """Return the numbers of the groups of that length that begin at `starts`."""
    sizes = _payload_sizes(length)
    read = np.frombuffer(data, np.uint8)
    headers, firsts = read[starts], read[starts + 1]
    base_sizes = _VARINT_SIZE[firsts]
    bases = (firsts >> 1).astype(np.uint64)
    for size in set(base_sizes.tolist()) - {1}:
        these = np.flatnonzero(base_sizes == size)
        bases[these] = _varints(_windows(data, starts[these] + 1, size))
    payloads = starts + 1 + base_sizes
    kinds = set(headers.tolist())
    if len(kinds) == 1:
        header = kinds.pop()
        return _group(header, bases, _windows(data, payloads, sizes[header]), length).ravel()
    groups = np.empty((len(starts), length), np.uint64)
    for header in kinds:
        these = np.flatnonzero(headers == header)
        part = _windows(data, payloads[these], sizes[header])
        groups[these] = _group(header, bases[these], part, length)
    return groups.ravel()


def _group(header: int, bases: np.ndarray, payloads: np.ndarray, length: int) -> np.ndarray:
    """Return groups of `length` numbers that have one header, a row each, from their bytes."""
    scheme, width = header & 3, WIDTHS[header >> 2]
    if width == 0:
        return np.repeat(bases[:, None], length, axis=1)
    remainders = _unpack_bits(payloads, width)
    if scheme == BASE:
        numbers = remainders[:, -length:].astype(np.uint64, copy=False)
        shifted = np.flatnonzero(bases)
        numbers[shifted] += bases[shifted, None]
        return numbers
    steps = remainders[:, remainders.shape[1] - length + 1 :].astype(np.uint64)
    if scheme == ZIGZAG:
        steps = (steps >> np.uint64(1)) ^ -(steps & np.uint64(1))
    return np.cumsum(np.concatenate([bases[:, None], steps], axis=1), axis=1)


def _starts(reader: Reader, count: int, sizes: list[int | None]) -> list[int]:
    """Return where each of the next `count` groups begins, and move behind the last.

    The one step that must be taken group by group, so it only adds up sizes.
    """
    data, position, base_sizes = reader.data, reader.position, _VARINT_SIZES
    starts = []
    try:
        for _ in range(count):
            starts.append(position)
            position += 1 + sizes[data[position]] + base_sizes[data[position + 1]]
    except IndexError:
        raise ValueError("packed integers are cut off") from None
    except TypeError:
        raise ValueError(f"unknown packing {data[position]} of integers") from None
    reader.skip(position - reader.position)
    return starts


def _windows(data: bytes, starts: np.ndarray, size: int) -> np.ndarray:
    """Return `size` bytes from each start on, a row each; all of them are there."""
    if size == 0 or not len(starts):
        return np.zeros((len(starts), size), np.uint8)
    windows = np.ndarray(len(data) - size + 1, f"V{size}", data, strides=(1,))
    return windows[starts].view(np.uint8).reshape(-1, size)


@lru_cache(maxsize=GROUP)
def _payload_sizes(length: int) -> list[int | None]:
    """Return, by header, how many bytes the remainders of `length` numbers take; None: unknown."""
    sizes: list[int | None] = [None] * 256
    for code, width in enumerate(WIDTHS):
        for scheme in (BASE, DIFFERENCES, ZIGZAG):
            sizes[scheme | code << 2] = (width * (length - (scheme != BASE)) + 7) // 8
    return sizes


def _unpack_bits(packed: np.ndarray, width: int) -> np.ndarray:
    """Return rows of numbers of `width` bits from rows of bytes.

    Less than whole bytes begin with numbers that are none: what is there is in the high bits.
    """
    if width >= 8:
        return packed.view(f"<u{width // 8}")
    shifts = np.arange(0, 8, width, dtype=np.uint8)
    numbers = (packed[:, :, None] >> shifts) & np.uint8((1 << width) - 1)
    return numbers.reshape(len(packed), -1)


def pack_integers(numbers: np.ndarray) -> bytes:
    """Pack 64-bit integers; of the three schemes each group gets the one of fewest bits."""
    numbers = np.ascontiguousarray(numbers, np.int64).view(np.uint64)
    whole = len(numbers) // GROUP * GROUP
    packed = _pack_groups(numbers[:whole].reshape(-1, GROUP))
    if whole < len(numbers):
        packed += _pack_groups(numbers[whole:].reshape(1, -1))
    return b"".join(packed)


def _pack_groups(groups: np.ndarray) -> list[bytes]:
    if not len(groups):
        return []
    low = groups.min(axis=1, keepdims=True)
    steps = np.diff(groups, axis=1)
    signed = steps.view(np.int64)
    rising = (groups[:, 1:] >= groups[:, :-1]).all(axis=1)
    remainders = [groups - low, steps, ((signed << 1) ^ (signed >> 63)).view(np.uint64)]
    codes = np.array([LARGEST.searchsorted(part.max(axis=1, initial=0)) for part in remainders])
    codes[DIFFERENCES, ~rising] = len(WIDTHS)
    schemes = codes.argmin(axis=0)
    codes = codes.min(axis=0)
    bases = np.where(schemes == BASE, low[:, 0], groups[:, 0]).tolist()
    packed: list[bytes] = [b""] * len(groups)
    for scheme, code in set(zip(schemes.tolist(), codes.tolist())):
        which = np.flatnonzero((schemes == scheme) & (codes == code)).tolist()
        payload = _pack_bits(remainders[scheme][which], WIDTHS[code])
        size = len(payload) // len(which)
        header = bytes([scheme | code << 2])
        for place, group in enumerate(which):
            part = payload[place * size : (place + 1) * size]
            packed[group] = header + varint(bases[group]) + part
    return packed


def _pack_bits(values: np.ndarray, width: int) -> bytes:
    """Return rows of numbers, each row in `width` bits per number and in whole bytes."""
    if width == 0:
        return b""
    if width >= 8:
        return values.astype(f"<u{width // 8}").tobytes()
    per_byte = 8 // width
    padding = -values.shape[1] % per_byte
    values = np.pad(values.astype(np.uint8), ((0, 0), (padding, 0)))
    shifts = np.arange(0, 8, width, dtype=np.uint8)
    parts = values.reshape(len(values), -1, per_byte) << shifts
    return np.bitwise_or.reduce(parts, axis=2).tobytes()


def varint(number: int) -> bytes:
    """Return the bytes: as many low one bits as bytes follow, a zero bit, the number.

    Eight bytes are never used: after seven one bits (the byte 127) come the 8 plain bytes.
    """
    for size in range(1, 8):
        if number < 1 << 7 * size:
            return (number << size | (1 << size - 1) - 1).to_bytes(size, "little")
    return b"\x7f" + number.to_bytes(8, "little")


def varint_at(data: bytes, position: int) -> tuple[int, int]:
    """Return the number that `varint` wrote at `position`, and where it ends."""
    first = data[position]
    size = _VARINT_SIZES[first]
    if size == 1:
        return first >> 1, position + 1
    end = position + size
    if size == 9:
        return int.from_bytes(data[position + 1 : end], "little"), end
    return int.from_bytes(data[position:end], "little") >> size, end


def _varints(encoded: np.ndarray) -> np.ndarray:
    """Return the numbers that `varint` wrote, from rows of bytes, all of one size."""
    size = encoded.shape[1]
    used = encoded[:, -8:]
    padded = np.zeros((len(encoded), 8), np.uint8)
    padded[:, : used.shape[1]] = used
    numbers = padded.view("<u8")[:, 0].astype(np.uint64)
    return numbers if size == 9 else numbers >> np.uint64(size)


def read_varint(reader: Reader) -> int:
    """Return the next number that `varint` wrote."""
    size = _VARINT_SIZES[reader.data[reader.position]] if reader.left else 1
    return varint_at(reader.take(size), 0)[0]


# Eight or seven low one bits: 8 bytes follow the first.
_VARINT_SIZES = [min((~byte & byte + 1).bit_length(), 8) for byte in range(256)]
_VARINT_SIZES = [9 if size == 8 else size for size in _VARINT_SIZES]
_VARINT_SIZE = np.array(_VARINT_SIZES)
