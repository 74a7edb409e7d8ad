"""Recorded sound as it crosses from agent to API: Opus in Ogg, stereo, the learner left and the coach right.

A segment is a stretch of one recording: whole packets of 20 ms that one encoder made in a row, so that
segments laid side by side play on without a seam. Its comments say when its first packet began and how loud
it is. Nothing here needs a codec: packets are only moved.
"""

import base64
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

AUDIO_TYPE: Final = "audio/ogg"
CHANNELS: Final = 2
GRANULE_RATE: Final = 48_000
"""Samples a second in which Opus counts, whatever the encoder was fed."""
PACKET_S: Final = 0.02
PACKET_SAMPLES: Final = 960
"""Samples of a packet at the granule rate."""
PEAKS_A_SECOND: Final = 10
"""How many loudness values a second each side has."""
PACKETS_A_PEAK: Final = 5
MAX_SEGMENT_S: Final = 30.0
MAX_SEGMENT_BYTES: Final = 512_000
SILENCE: Final = b"\xfc\xff\xfe"
"""A stereo packet of 20 ms in which nothing sounds."""

_PAGE: Final = struct.Struct("<4sBBQIIIB")
_HEAD: Final = struct.Struct("<8sBBHIhB")
_LENGTH: Final = struct.Struct("<I")
_LAST: Final = 0x04
_FIRST: Final = 0x02
_MOST_LACES: Final = 255
_PACKETS_A_PAGE: Final = 50
_STARTED: Final = "AVAAZ_STARTED_AT"
_PEAKS: Final = "AVAAZ_PEAKS"
_VENDOR: Final = b"avaaz"
_REVERSED_BYTES: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class SoundError(ValueError):
    """The bytes are no recorded sound of ours."""


@dataclass(frozen=True)
class Sound:
    """A stretch of recorded sound.

    Attributes:
        started_at: When the first packet began, by the clock that also times the turns.
        packets: Opus packets of 20 ms each.
        peaks: For every 100 ms two values, learner and coach: the loudest sample, 0 to 255. Empty where they
            are kept elsewhere.
        pre_skip: Samples, at the granule rate, that a decoder leaves out at the beginning.
    """

    started_at: datetime
    packets: Sequence[bytes]
    peaks: bytes
    pre_skip: int

    @property
    def duration_s(self) -> float:
        """Seconds that its packets last."""
        return len(self.packets) * PACKET_S


def pack(sound: Sound, *, serial: int = 1) -> bytes:
    """An Ogg file with this sound."""
    head = _HEAD.pack(b"OpusHead", 1, CHANNELS, sound.pre_skip, GRANULE_RATE, 0, 0)
    comments = {_STARTED: sound.started_at.isoformat()}
    if sound.peaks:
        comments[_PEAKS] = base64.b64encode(sound.peaks).decode()
    pages = [_page([head], 0, _FIRST, serial, 0), _page([_tags(comments)], 0, 0, serial, 1)]
    last = len(sound.packets)
    for start, end in _page_bounds(sound.packets):
        kind = _LAST if end == last else 0
        granule = end * PACKET_SAMPLES
        pages.append(_page(sound.packets[start:end], granule, kind, serial, len(pages)))
    return b"".join(pages)


def unpack_segment(data: bytes) -> Sound:
    """Read a segment: at most 30 s, with its peaks.

    Raises:
        SoundError: It is damaged, something else, or too long.
    """
    sound = unpack(data)
    if len(sound.peaks) != CHANNELS * -(-len(sound.packets) // PACKETS_A_PEAK):
        raise SoundError("its peaks do not fit its length")
    if sound.duration_s > MAX_SEGMENT_S + PACKET_S / 2:
        raise SoundError(f"it is longer than {MAX_SEGMENT_S:g} s")
    return sound


def unpack(data: bytes) -> Sound:
    """Read what `pack` wrote.

    Raises:
        SoundError: It is damaged, or something else.
    """
    read = _packets(data)
    pre_skip, comments = _read_head(next(read, b"")), _read_tags(next(read, b""))
    packets = list(read)
    if not packets or any(not _lasts_20_ms(packet) for packet in packets):
        raise SoundError("not every packet lasts 20 ms")
    try:
        started_at = datetime.fromisoformat(comments[_STARTED])
        peaks = base64.b64decode(comments.get(_PEAKS, ""), validate=True)
    except (KeyError, ValueError) as error:
        raise SoundError("its comments are not ours") from error
    if started_at.tzinfo is None:
        raise SoundError("its time has no zone")
    return Sound(started_at, packets, peaks, pre_skip)


def checksum(page: bytes) -> int:
    """Ogg's CRC-32, by way of zlib's: the same polynomial with its bits the other way round."""
    mirrored = zlib.crc32(page.translate(_REVERSED_BYTES), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)


def _lasts_20_ms(packet: bytes) -> bool:
    """Whether the packet's first byte (RFC 6716, 3.1) says: one frame of 20 ms."""
    if not packet or packet[0] & 3:
        return False
    configuration = packet[0] >> 3
    if configuration < 12:
        return configuration % 4 == 1
    return configuration % 2 == 1 if configuration < 16 else configuration % 4 == 3


def _page_bounds(packets: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Where pages begin and end: a second each, fewer packets where these are large."""
    start = laces = 0
    for index, packet in enumerate(packets):
        needed = len(packet) // 255 + 1
        if index - start == _PACKETS_A_PAGE or laces + needed > _MOST_LACES:
            yield start, index
            start, laces = index, 0
        laces += needed
    if start < len(packets):
        yield start, len(packets)


def _page(packets: Sequence[bytes], granule: int, kind: int, serial: int, number: int) -> bytes:
    laces = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    body = b"".join(packets)
    page = _PAGE.pack(b"OggS", 0, kind, granule, serial, number, 0, len(laces)) + laces + body
    return page[:22] + _LENGTH.pack(checksum(page)) + page[26:]


def _tags(comments: dict[str, str]) -> bytes:
    parts = [b"OpusTags", _LENGTH.pack(len(_VENDOR)), _VENDOR, _LENGTH.pack(len(comments))]
    for name, value in comments.items():
        comment = f"{name}={value}".encode()
        parts += [_LENGTH.pack(len(comment)), comment]
    return b"".join(parts)


def _packets(data: bytes) -> Iterator[bytes]:
    """The packets of an Ogg file with one stream, page by page, each page's checksum compared."""
    position, number, stream, rest = 0, 0, None, b""
    while position < len(data):
        laces, body, serial, sequence = _read_page(data, position)
        if sequence != number or stream not in (None, serial):
            raise SoundError("a page is missing or of another stream")
        position += _PAGE.size + len(laces) + len(body)
        stream, number = serial, number + 1
        start = 0
        for lace in laces:
            rest += body[start : start + lace]
            start += lace
            if lace < 255:
                yield rest
                rest = b""
    if rest:
        raise SoundError("it ends within a packet")


def _read_page(data: bytes, position: int) -> tuple[bytes, bytes, int, int]:
    """Laces, body, stream and number of the page at a position."""
    head = data[position : position + _PAGE.size]
    if len(head) < _PAGE.size:
        raise SoundError("it ends within a page")
    magic, version, _kind, _granule, serial, number, expected, count = _PAGE.unpack(head)
    if magic != b"OggS" or version != 0:
        raise SoundError("it is not Ogg")
    start = position + _PAGE.size
    laces = data[start : start + count]
    end = start + count + sum(laces)
    if len(laces) != count or end > len(data):
        raise SoundError("it ends within a page")
    page = data[position:end]
    if checksum(page[:22] + bytes(4) + page[26:]) != expected:
        raise SoundError("a page is damaged")
    return laces, data[start + count : end], serial, number


def _read_head(packet: bytes) -> int:
    """The pre-skip of a stereo stream."""
    if len(packet) != _HEAD.size:
        raise SoundError("it is not Opus")
    magic, version, channels, pre_skip, _rate, _gain, mapping = _HEAD.unpack(packet)
    if magic != b"OpusHead" or version != 1 or channels != CHANNELS or mapping != 0:
        raise SoundError("it is not stereo Opus")
    return int(pre_skip)


def _read_tags(packet: bytes) -> dict[str, str]:
    try:
        if packet[:8] != b"OpusTags":
            raise SoundError("it has no comments")
        position = 12 + _LENGTH.unpack_from(packet, 8)[0]
        (count,) = _LENGTH.unpack_from(packet, position)
        position += 4
        found: dict[str, str] = {}
        for _ in range(min(count, 16)):
            (length,) = _LENGTH.unpack_from(packet, position)
            text = packet[position + 4 : position + 4 + length].decode()
            name, _, value = text.partition("=")
            found[name] = value
            position += 4 + length
    except (struct.error, UnicodeDecodeError) as error:
        raise SoundError("its comments are damaged") from error
    return found
