"""A page as it is painted, for what only its looks can decide."""

from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium

from tasks.core.documents import Box

CONTRAST = 48
"""Of 255, in one colour; less is hardly seen."""

_MOST_PIXELS = 1500.0  # of the longest side


@dataclass(frozen=True, slots=True)
class Painted:
    """Pixels of so many bytes each, row by row, and how many of them a point takes."""

    pixels: bytes
    row_bytes: int
    pixel_bytes: int
    scale: float

    def rows(self, box: Box) -> Iterator[bytes]:
        """Give the rows of pixels within a box, as far as they are on the page."""
        left, right = (
            min(self.pixel_bytes * max(0, int(x * self.scale)), self.row_bytes)
            for x in (box.left, box.right + 1)
        )
        top, bottom = max(0, int(box.top * self.scale)), int(box.bottom * self.scale) + 1
        for start in range(top * self.row_bytes, bottom * self.row_bytes, self.row_bytes):
            yield self.pixels[start + left : start + right]


def paint(page: pdfium.PdfPage, *, grey: bool = False) -> Painted:
    """Paint a page at two pixels to the point, a large one at fewer."""
    scale = min(2.0, _MOST_PIXELS / max(*page.get_size(), 1.0))
    bitmap = page.render(scale=scale, grayscale=grey, may_draw_forms=False)
    try:
        return Painted(bytes(bitmap.buffer), bitmap.stride, bitmap.n_channels, scale)
    finally:
        bitmap.close()
