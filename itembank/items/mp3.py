"""MP3 as a row of frames and nothing else: no ID3 tag before, between or after them."""

from __future__ import annotations

from itembank.items.refused import Refusal

# Layer III, kbit/s by index, of MPEG-1 and of MPEG-2 and 2.5; Hz by version (2.5, none, 2, 1) and index.
MPEG1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
MPEG2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
RATES = {0: (11025, 12000, 8000), 2: (22050, 24000, 16000), 3: (44100, 48000, 32000)}


def starts(data: bytes) -> bool:
    """True if a frame of layer III stands at the beginning."""
    return len(data) >= 4 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2


def duration_ms(data: bytes) -> int:
    """Every frame is whole, of one rate, and nothing comes after the last."""
    at, seconds, rates = 0, 0.0, set()
    while at < len(data):
        length, samples, rate = _frame(data[at : at + 4])
        at += length
        seconds += samples / rate
        rates.add(rate)
    if at != len(data) or len(rates) != 1:
        raise Refusal("an MP3 that is cut off or changes its rate")
    return round(seconds * 1000)


def _frame(head: bytes) -> tuple[int, int, int]:
    """Bytes, samples and rate of the frame that begins so."""
    if not starts(head):
        raise Refusal("a part of the MP3 that is no sound")
    version, speed, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version not in RATES or not 0 < speed < len(MPEG1) or rate >= len(RATES[version]):
        raise Refusal("a damaged MP3")
    hertz, samples = RATES[version][rate], 1152 if version == 3 else 576
    kbits = (MPEG1 if version == 3 else MPEG2)[speed]
    return samples // 8 * kbits * 1000 // hertz + (head[2] >> 1 & 1), samples, hertz
