"""PDFs drawn by hand, so that each word's place is known, or set by reportlab or Typst."""

import io
from collections.abc import Callable, Iterable, Sequence

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate

from ingest.loaders import load

Draw = Callable[[Canvas], None]

FERRY = (
    "The ferry leaves the pier every hour from six in the morning. Tickets are sold on board and "
    "at the kiosk beside the bridge. Dogs travel free of charge but must be kept on a lead at all "
    "times. Bicycles cost two euro each, and groups of more than ten should call the office first."
)
MUSEUM = (
    "The museum opens at nine and closes at five. Children under six pay nothing, and pupils pay "
    "half. On Mondays it is closed. The guide speaks four languages and leads three tours a day, "
    "each of which takes an hour. Bags are left at the entrance, where the lockers are."
)
POOL = (
    "Bring a towel and soap. The showers take coins of fifty cents. Nobody runs here. The pool is "
    "for swimmers only, and the small one beside it is for those who have yet to learn."
)


def drawn(*pages: Draw, **options: object) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, **{"pagesize": (600, 800), **options})
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines(
    *texts: str, x: float = 50, y: float = 600, size: float = 10, font: str = "Helvetica"
) -> Draw:
    """Draws one line below another, 1.2 times the size apart; an empty text leaves a line free."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, size)
        for number, text in enumerate(texts):
            canvas.drawString(x, y - 1.2 * size * number, text)

    return draw


def both(*parts: Draw) -> Draw:
    def draw(canvas: Canvas) -> None:
        for part in parts:
            part(canvas)

    return draw


def grid(
    rows: Iterable[Sequence[str]],
    columns: Sequence[float],
    y: float = 600,
    pitch: float = 16,
    font: str = "Helvetica",
) -> Draw:
    """Draws the entries of a table row by row, each column beginning at its x."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(font, 10)
        for number, row in enumerate(rows):
            for x, text in zip(columns, row, strict=True):
                canvas.drawString(x, y - pitch * number, text)

    return draw


def turned(part: Draw, degrees: float, x: float, y: float) -> Draw:
    """Draws a part around its own origin, which is put at (x, y) and turned counterclockwise."""

    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(x, y)
        canvas.rotate(degrees)
        part(canvas)
        canvas.restoreState()

    return draw


def wrapped(text: str, width: float, size: float = 10) -> list[str]:
    """The lines of a text that is set in Helvetica and no wider than this."""
    found = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if stringWidth(longer, "Helvetica", size) > width:
            found.append(word)
        else:
            found[-1] = longer
    return found


def flowing(*flowables: object, **about: str) -> bytes:
    out = io.BytesIO()
    SimpleDocTemplate(out, **about).build(list(flowables))
    return out.getvalue()


def typeset(source: str) -> bytes:
    import typst

    return bytes(typst.compile(source.encode(), format="pdf"))


def text(content: bytes) -> str:
    return load(content, "a.pdf").text
