"""The words in a document's pictures, which OCR reads where Tesseract's data are there."""

import hashlib
import io
import re
import time

from ingest.loaders.parts import bounds
from ingest.loaders.pdf_ocr import remedy, tessdata

# Smaller ones are signs, larger ones would take minutes.
_LEAST_PIXELS, _MOST_PIXELS = 60 * 20, 40_000_000
_FILE_NAME = re.compile(r".*\.\w{3,4}")


class Pictures:
    """Reads the pictures of one document, each once, for as long as there is time."""

    def __init__(self) -> None:
        self._until = bounds().ocr_until
        self._known: dict[str, str] = {}
        self._read = self._unread = 0

    def told(self, alternative: str, content: bytes | None) -> str:
        """What stands for a picture in the text: its alternative text, and the words in it."""
        words = "" if _FILE_NAME.fullmatch(alternative) else " ".join(alternative.split())
        read = self._words(content) if content else ""
        self._read += bool(read)
        self._unread += not read
        return "\n".join(filter(None, (f"(image: {words})" if words else "", read)))

    def warnings(self) -> tuple[str, ...]:
        """What the receipt says of the pictures."""
        what = "" if tessdata()[0] else f" {remedy()}"
        read = [f"{self._read} image(s) were read by OCR."] if self._read else []
        unread = [f"{self._unread} image(s) were not read.{what}"] if self._unread else []
        return (*read, *unread)

    def _words(self, content: bytes) -> str:
        key = hashlib.sha256(content).hexdigest()
        if key not in self._known:
            self._known[key] = self._recognised(content)
        return self._known[key]

    def _recognised(self, content: bytes) -> str:
        folder, languages = tessdata()
        if folder is None or time.process_time() > self._until:
            return ""
        from liteparse import LiteParse
        from liteparse.types import ParseError
        from PIL import Image

        page = io.BytesIO()
        try:
            picture = Image.open(io.BytesIO(content))
            if not _LEAST_PIXELS <= picture.width * picture.height <= _MOST_PIXELS:
                return ""
            picture.convert("RGB").save(page, "PDF", resolution=150)
            parsed = LiteParse(
                ocr_enabled=True,
                # Without the data it would fetch them from the net.
                tessdata_path=str(folder),
                ocr_language="+".join(languages),
                num_workers=1,
                output_format="text",
                image_mode="off",
                quiet=True,
            ).parse(page.getvalue())
        except (ParseError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return ""
        lines = (" ".join(line.split()) for page in parsed.pages for line in page.text.split("\n"))
        return "\n".join(filter(None, lines))
