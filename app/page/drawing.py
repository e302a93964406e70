"""The process that draws one page of a PDF, for `app.page.pdf`: it may hang, swell or crash.

    python -m app.page.drawing NUMBER SECONDS < document.pdf > page.png

It computes for so many seconds at most. It ends with 1, and the reason on its error output, where
there is no page to be drawn.
"""

import io
import sys

SCALE = 2.0
"""Pixels for each point of the page (1/72 inch): sharp on a laptop, 1190 × 1684 for A4."""
MOST_PIXELS = 6_000_000
"""A larger page, such as a poster, is drawn smaller: an image takes four bytes a pixel."""
MEMORY = 1000 * 1000 * 1000


def main() -> None:
    """Draw what comes in."""
    _limit(int(sys.argv[2]))
    try:
        image = _drawn(sys.stdin.buffer.read(), int(sys.argv[1]))
    except ValueError as error:
        raise SystemExit(str(error)) from error
    sys.stdout.buffer.write(image)


def _limit(seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows, where the page's server ends what takes too long
        return
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    # What a crash leaves would hold the document.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _drawn(content: bytes, number: int) -> bytes:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(content) as document:
            document.init_forms()
            if not 1 <= number <= len(document):
                raise ValueError(f"There is no page {number}.")
            page = document[number - 1]
            width, height = page.get_size()
            if min(width, height) <= 0:
                raise ValueError(f"Page {number} has no size.")
            scale = min(SCALE, (MOST_PIXELS / (width * height)) ** 0.5)
            image = page.render(scale=scale).to_pil()
    except pypdfium2.PdfiumError as error:
        raise ValueError(f"Page {number} cannot be read ({error}).") from error
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


if __name__ == "__main__":
    main()
