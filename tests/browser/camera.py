"""What a made-up camera sees: a QR code held still before it, as a film that Chromium plays instead of a device."""

from pathlib import Path

import segno

WIDTH, HEIGHT = 640, 480
WHITE, BLACK, GREY = 235, 16, 110
MODULE = 12


def film_of(text: str, path: Path, *, frames: int = 5) -> Path:
    """Writes a YUV4MPEG2 film in which the code of this text lies on a grey table."""
    matrix = list(segno.make(text, error="h", micro=False, boost_error=False).matrix_iter(border=3))
    left, top = (WIDTH - len(matrix) * MODULE) // 2, (HEIGHT - len(matrix) * MODULE) // 2
    picture = bytearray([GREY]) * (WIDTH * HEIGHT)
    for y, row in enumerate(matrix):
        line = bytes(BLACK if dark else WHITE for dark in row for _pixel in range(MODULE))
        for step in range(MODULE):
            start = (top + y * MODULE + step) * WIDTH + left
            picture[start : start + len(line)] = line
    colourless = bytes([128]) * (WIDTH * HEIGHT // 2)
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(head + (b"FRAME\n" + bytes(picture) + colourless) * frames)
    return path
