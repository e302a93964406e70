"""Three charts as inline SVG: bars with intervals, the refusal trade-off, how long answers take.

Colours and light or dark come from the page's style sheet: marks of system n have class `s<n>`.
"""

import math
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

from eval.intervals import Figure
from eval.measures.register import Measure
from eval.results import words

Point = tuple[float, float]
LABEL, WIDTH, ROW, BAR = 190, 420, 18, 11
PLOT = 300
MARGIN = 48


class _Drawing:
    """An SVG of the given size, to which elements are added; text is escaped when written."""

    def __init__(self, width: float, height: float, title: str) -> None:
        self._svg = ElementTree.Element(
            "svg", viewBox=f"0 0 {width:g} {height:g}", width=f"{width:g}", role="img"
        )
        ElementTree.SubElement(self._svg, "title").text = title

    def add(self, tag: str, text: str = "", **attributes: str | float) -> None:
        named = {
            key.rstrip("_").replace("_", "-"): f"{value:.2f}"
            if isinstance(value, float)
            else str(value)
            for key, value in attributes.items()
        }
        element = ElementTree.SubElement(self._svg, tag, named)
        element.text = text or None

    def __str__(self) -> str:
        return ElementTree.tostring(self._svg, encoding="unicode")


def bars(measures: Sequence[Measure], figures: Sequence[Mapping[str, Figure]]) -> str:
    """A row for each measure, in it a bar with its 95 % interval for each system, from 0 to 1."""
    row = ROW * len(figures) + 10
    drawing = _Drawing(LABEL + WIDTH + 70, row * len(measures) + 20, "Measures with intervals")
    for tick in range(0, 11, 2):
        x = LABEL + WIDTH * tick / 10
        drawing.add("line", class_="grid", x1=x, x2=x, y1=0, y2=row * len(measures))
        drawing.add("text", f"{tick / 10:g}", class_="tick", x=x, y=row * len(measures) + 14)
    for line, measure in enumerate(measures):
        middle = row * line + row / 2
        drawing.add("text", measure.name, class_="label", x=LABEL - 8, y=middle + 4)
        for system, by_name in enumerate(figures):
            if (figure := by_name.get(measure.name)) is None:
                continue
            y = row * line + 5 + ROW * system + (ROW - BAR) / 2
            _bar(drawing, figure, y, f"bar s{system}", words(figure.value, measure))
    return str(drawing)


def _bar(drawing: _Drawing, figure: Figure, y: float, mark: str, value: str) -> None:
    left, right = (LABEL + WIDTH * edge for edge in (figure.low, figure.high))
    middle = y + BAR / 2
    drawing.add("rect", class_=mark, x=LABEL, y=y, width=WIDTH * figure.value, height=BAR)
    drawing.add("line", class_="whisker", x1=left, x2=right, y1=middle, y2=middle)
    for edge in (left, right):
        drawing.add("line", class_="whisker", x1=edge, x2=edge, y1=middle - 3, y2=middle + 3)
    drawing.add("text", value, class_="value", x=right + 6, y=middle + 4)


def trade_off(
    curves: Sequence[Sequence[Point]],
    operating: Sequence[Point | None],
    title: str = "Refusal trade-off",
    across: str = "answerable refused",
    up: str = "others refused",
) -> str:
    """What a threshold gains (up) against what it costs (right), both shares in [0, 1].

    `curves` are what a threshold on each system's confidence would give; `operating` is where the
    system stood in this run, drawn as a dot.
    """
    drawing = _axes(title, across, up, 1.0, "{:.1f}")
    for system, (curve, point) in enumerate(zip(curves, operating, strict=True)):
        _line(drawing, curve, 1.0, system)
        if point is not None:
            x, y = _placed(point, 1.0)
            drawing.add("circle", class_=f"dot s{system}", cx=x, cy=y, r=5)
    return str(drawing)


def waiting(times: Sequence[Sequence[float]], what: str) -> str:
    """The share of questions (up) of which `what` came within so many seconds (right)."""
    longest = _round_up(max((max(seconds) for seconds in times if seconds), default=1.0))
    drawing = _axes(what, "seconds", "share of questions", longest, "{:.3g}")
    for system, seconds in enumerate(times):
        count = len(seconds)
        steps = [(0.0, 0.0)]
        for rank, second in enumerate(sorted(seconds), start=1):
            steps += [(second, (rank - 1) / count), (second, rank / count)]
        _line(drawing, steps, longest, system)
    return str(drawing)


def _round_up(value: float) -> float:
    """The next number whose fifths can be read off an axis."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if value <= step * power)


def _axes(title: str, across: str, up: str, widest: float, number: str) -> _Drawing:
    size = PLOT + 2 * MARGIN
    drawing = _Drawing(size, size, title)
    for tick in range(6):
        share = tick / 5
        x, y = _placed((widest * share, share), widest)
        drawing.add("line", class_="grid", x1=x, x2=x, y1=MARGIN, y2=MARGIN + PLOT)
        drawing.add("line", class_="grid", x1=MARGIN, x2=MARGIN + PLOT, y1=y, y2=y)
        drawing.add("text", number.format(widest * share), class_="tick", x=x, y=size - 30)
        drawing.add("text", f"{share:.1f}", class_="label", x=MARGIN - 6, y=y + 4)
    drawing.add("text", across, class_="tick", x=MARGIN + PLOT / 2, y=size - 10)
    drawing.add("text", up, class_="start", x=4, y=MARGIN - 16)
    return drawing


def _placed(point: Point, widest: float) -> Point:
    return MARGIN + PLOT * point[0] / widest, MARGIN + PLOT * (1 - point[1])


def _line(drawing: _Drawing, points: Sequence[Point], widest: float, system: int) -> None:
    placed = " ".join("{:.1f},{:.1f}".format(*_placed(point, widest)) for point in points)
    drawing.add("polyline", class_=f"curve s{system}", points=placed)
