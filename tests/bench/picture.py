"""The figures as an SVG: a bar for each row of each case, which begins at the cost without the shim."""

from __future__ import annotations

from xml.sax.saxutils import escape

from cases import CASES, ROWS, SHIM
from jobs import USUAL, Key
from measure import Figures

_ROWS = (SHIM, "wrapper", "filter", "factory")
_WIDTH, _LEFT, _RIGHT = 720, 256, 666
_BAR, _STEP, _GAP, _TOP = 8, 10, 12, 58
_MOST = 3.0  # a longer bar is cut off, and says how long it would be
_STEPS = (1.0, 1.5, 2.0, 2.5, 3.0)

_PICTURE = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">
<title>What a log call costs, in instructions, as a multiple of the same call without the shim</title>
<style>
text {{ font: 11px system-ui, sans-serif; fill: #1f2328 }}
.small {{ font-size: 9px; fill: #59636e }}
.end {{ text-anchor: end }}
.middle {{ text-anchor: middle }}
line {{ stroke: #8c959f; stroke-width: .5 }}
.shim {{ fill: #1a7f37 }}
.wrapper {{ fill: #8c959f }}
.filter {{ fill: #bc4c00 }}
.factory {{ fill: #8250df }}
.misses {{ opacity: .4 }}
@media (prefers-color-scheme: dark) {{
text {{ fill: #f0f6fc }}
.small {{ fill: #9198a1 }}
.shim {{ fill: #3fb950 }}
.filter {{ fill: #f0883e }}
.factory {{ fill: #ab7df8 }}
}}
</style>
{parts}
</svg>
"""


def picture(figures: Figures) -> str:
    """Empty where no instructions were counted under Python 3.11 with the usual wrapt."""
    cases = [
        case for case in CASES if figures.ratio(Key(USUAL, case, SHIM)) is not None and CASES[case].handler != "walk"
    ]
    if not cases:
        return ""
    parts, top = [], _TOP
    for case in cases:
        bars = _bars(figures, case, top)
        middle = top + len(bars) * _STEP / 2 + 3
        parts += [f'<text class="end" x="{_LEFT - 10}" y="{middle}">{escape(case)}</text>', *bars]
        top += len(bars) * _STEP + _GAP
    frame = [*_legend(), *_grid(top - _GAP / 2)]
    return _PICTURE.format(width=_WIDTH, height=top, parts="\n".join([*frame, *parts]))


def _bars(figures: Figures, case: str, top: float) -> list[str]:
    bars: list[str] = []
    for row in _ROWS:
        ratio = figures.ratio(Key(USUAL, case, row))
        if ratio is not None:
            bars.append(_bar(row, ratio, CASES[case].place, top + len(bars) * _STEP))
    return bars


def _bar(row: str, ratio: float, place: str, top: float) -> str:
    end = max(_x(min(ratio, _MOST)), _LEFT + 1)
    misses = " misses" if place and row in ("filter", "factory") and place not in ROWS[row].reaches else ""
    bar = f'<rect class="{row}{misses}" x="{_LEFT}" y="{top}" width="{end - _LEFT:.1f}" height="{_BAR}"/>'
    sign = " →" if ratio > _MOST else ""
    return f'{bar}<text class="small" x="{end + 4:.1f}" y="{top + _BAR - 0.5}">{ratio:.2f}{sign}</text>'


def _legend() -> list[str]:
    parts = ['<text x="10" y="16">Instructions of a log call, as a multiple of the call without the shim</text>']
    left = 10
    for row in _ROWS:
        parts.append(f'<rect class="{row}" x="{left}" y="26" width="10" height="{_BAR}"/>')
        parts.append(f'<text class="small" x="{left + 14}" y="34">{ROWS[row].title}</text>')
        left += 30 + 5 * len(ROWS[row].title)
    return [*parts, f'<text class="small" x="{left}" y="34">(pale: it would miss an enum there)</text>']


def _grid(bottom: float) -> list[str]:
    parts = []
    for step in _STEPS:
        parts.append(f'<line x1="{_x(step):.1f}" x2="{_x(step):.1f}" y1="{_TOP - 4}" y2="{bottom}"/>')
        parts.append(f'<text class="small middle" x="{_x(step):.1f}" y="{_TOP - 7}">{step:g}</text>')
    return parts


def _x(ratio: float) -> float:
    return _LEFT + (ratio - 1) / (_MOST - 1) * (_RIGHT - _LEFT)
