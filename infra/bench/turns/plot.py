"""The trade-off curve as a picture: how long those wait who have finished, against how many are cut off."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

Point = tuple[float, float]

WIDTH, HEIGHT = 720, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 168, 24, 52
LONGEST_MS: Final = 3_000.0
COLOURS: Final = ("#1d4ed8", "#b45309", "#047857", "#7c3aed")


def svg(curves: Mapping[str, Sequence[Point]]) -> str:
    """Curves by name, points of milliseconds and share, as an SVG that needs no style around it."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        ' font-family="sans-serif" font-size="13">',
        "<title>Turns that were cut off, against the median delay after a turn</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *_grid(),
    ]
    for index, (name, points) in enumerate(curves.items()):
        lines += _curve(name, points, COLOURS[index % len(COLOURS)], index)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _grid() -> list[str]:
    lines = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _y(share)
        lines.append(f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y}" y2="{y}" stroke="#e5e7eb"/>')
        lines.append(f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{share:.0%}</text>')
    foot = HEIGHT - _BOTTOM + 20
    lines += [
        f'<text x="{_x(delay)}" y="{foot}" text-anchor="middle">{delay}</text>'
        for delay in range(0, int(LONGEST_MS) + 1, 500)
    ]
    middle = (_LEFT + WIDTH - _RIGHT) / 2
    lines.append(
        f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">median delay after a turn, ms</text>'
    )
    return lines


def _curve(name: str, points: Sequence[Point], colour: str, index: int) -> list[str]:
    shown = [(_x(delay), _y(share)) for delay, share in sorted(points) if delay <= LONGEST_MS]
    path = " ".join(f"{x},{y}" for x, y in shown)
    dots = [f'<circle cx="{x}" cy="{y}" r="2.5" fill="{colour}"/>' for x, y in shown]
    x, y = WIDTH - _RIGHT + 16, _TOP + 12 + 22 * index
    return [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *dots,
        f'<rect x="{x}" y="{y - 8}" width="14" height="4" fill="{colour}"/>',
        f'<text x="{x + 20}" y="{y}">{escape(name)}</text>',
    ]


def _x(delay: float) -> float:
    return round(_LEFT + delay / LONGEST_MS * (WIDTH - _LEFT - _RIGHT), 1)


def _y(share: float) -> float:
    return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)
