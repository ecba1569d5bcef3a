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

from collections import defaultdict

import numpy as np

from .reader import Reader

GROUP = 128
BASE, DIFFERENCES, ZIGZAG = range(3)
WIDTHS = (0, 1, 2, 4, 8, 16, 32, 64)
LARGEST = np.array([(1 << width) - 1 for width in WIDTHS], np.uint64)
# The densest group has 128 numbers in 2 bytes.
MOST_PER_BYTE = GROUP // 2


def unpack_integers(reader: Reader, count: int) -> np.ndarray:
    """The next `count` packed integers, as uint64 (view as int64 for signed numbers)."""
    if count > reader.left * MOST_PER_BYTE:
        raise ValueError(f"{count} numbers can't be in the {reader.left} bytes that are left")
    numbers = np.empty(-(-count // GROUP) * GROUP, np.uint64)
    kinds = defaultdict(list)
    for start in range(0, count, GROUP):
        length = min(GROUP, count - start)
        header = reader.byte()
        base = read_varint(reader)
        scheme, width_code = header & 3, header >> 2
        if scheme > ZIGZAG or width_code >= len(WIDTHS):
            raise ValueError(f"unknown packing {header} of integers")
        width = WIDTHS[width_code]
        remainders = length if scheme == BASE or not width else length - 1
        payload = reader.take((remainders * width + 7) // 8)
        kinds[scheme, width, remainders].append((start // GROUP, base, payload))
    groups = numbers.reshape(-1, GROUP)
    for (scheme, width, remainders), members in kinds.items():
        which, bases, payloads = zip(*members)
        base = np.array(bases, np.uint64)[:, None]
        if not width:
            groups[list(which)] = base
            continue
        values = _unpack_bits(b"".join(payloads), len(members), width, remainders)
        if scheme == BASE:
            values += base
        else:
            if scheme == ZIGZAG:
                values = (values >> np.uint64(1)) ^ -(values & np.uint64(1))
            values = np.cumsum(np.concatenate([base, values], axis=1), axis=1)
        groups[list(which), : values.shape[1]] = values
    return numbers[:count]


def _unpack_bits(payload: bytes, groups: int, width: int, count: int) -> np.ndarray:
    """`groups` rows of `count` numbers of `width` bits, as a new uint64 array."""
    if width >= 8:
        return np.frombuffer(payload, f"<u{width // 8}").reshape(groups, count).astype(np.uint64)
    packed = np.frombuffer(payload, np.uint8).reshape(groups, -1, 1)
    shifts = np.arange(0, 8, width, dtype=np.uint8)
    values = (packed >> shifts) & np.uint8((1 << width) - 1)
    # An incomplete byte is the first one, and its numbers are in its high bits.
    return values.reshape(groups, -1)[:, -count:].astype(np.uint64)


def pack_integers(numbers: np.ndarray) -> bytes:
    """Packs 64-bit integers; of the three schemes each group gets the one of fewest bits."""
    numbers = np.ascontiguousarray(numbers).view(np.uint64)
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
    """Rows of numbers, each row in `width` bits per number and in whole bytes."""
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
    """Variable-length number: as many low one bits as bytes follow, a zero bit, the number.

    Eight bytes are never used: after seven one bits (the byte 127) come the 8 plain bytes.
    """
    for size in range(1, 8):
        if number < 1 << 7 * size:
            return (number << size | (1 << size - 1) - 1).to_bytes(size, "little")
    return b"\x7f" + number.to_bytes(8, "little")


def read_varint(reader: Reader) -> int:
    """The next number that `varint` wrote."""
    first = reader.byte()
    extra = _TRAILING_ONES[first]
    if extra == 0:
        return first >> 1
    if extra >= 7:
        return int.from_bytes(reader.take(8), "little")
    return (first | int.from_bytes(reader.take(extra), "little") << 8) >> extra + 1


_TRAILING_ONES = [(~byte & byte + 1).bit_length() - 1 for byte in range(256)]
