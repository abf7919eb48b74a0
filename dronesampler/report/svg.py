"""A small writer of SVG text: elements, paths and escaped words; no Qt and no library."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

FONT = "Noto Sans SC, Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
INK, MUTED, LINE, PAPER = "#1f2933", "#5f6c7b", "#d5dbe1", "#ffffff"

Value = str | float


def number(value: float) -> str:
    """Two decimals at most, no trailing zeros: the same picture gives the same bytes."""
    return "0" if abs(value) < 0.005 else f"{value:.2f}".rstrip("0").rstrip(".")


def element(name: str, content: str = "", /, **attributes: Value | None) -> str:
    """An element; underscores in attribute names become hyphens, None leaves the attribute out."""
    said = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(value if isinstance(value, str) else number(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"


def words(text: str, x: float, y: float, *, size: float = 12, halo: bool = False, **attributes: Value | None) -> str:
    """Text at a place, optionally on a white halo so that it can be read on anything.

    The halo is a copy below: not every renderer knows paint-order.
    """
    shown = "".join(c if c.isprintable() else " " for c in text)
    own = {"fill": INK} | attributes
    top = element("text", escape(shown), x=x, y=y, font_size=size, **own)
    if not halo:
        return top
    below = own | {"fill": PAPER, "stroke": PAPER, "stroke_width": size / 4, "stroke_linejoin": "round"}
    return element("text", escape(shown), x=x, y=y, font_size=size, **below) + top


def path(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """Path data through points."""
    steps = " L".join(f"{number(x)} {number(y)}" for x, y in points)
    return f"M{steps}{' Z' if closed else ''}" if steps else ""


def width_of(text: str, size: float) -> float:
    """About how wide a text is drawn: a full square for a Chinese character, less for others."""
    return size * sum(1.0 if ord(c) > 0x2E7F else 0.58 for c in text)


def document(content: str, *, width: float, height: float, title: str) -> str:
    """The whole picture."""
    head = element("title", escape(title))
    return element(
        "svg",
        head + content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        font_family=FONT,
        role="img",
    )
