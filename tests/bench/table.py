"""The figures as Markdown tables, and as JSON."""

from __future__ import annotations

from typing import Any, Callable

import jobs
from cases import BASE, CASES, ROWS, SHIM, WALK
from jobs import USUAL, Key, Setting
from limits import Limit, added_to_dumps, judged
from measure import Figures, base_of, normal

Cell = Callable[[Key], "float | None"]
_LOG_ROWS = [name for name, row in ROWS.items() if name not in (BASE, WALK)]


def tables(figures: Figures, wanted: list[Key]) -> str:
    parts = []
    for setting in dict.fromkeys(key.setting for key in wanted):
        cases = list(dict.fromkeys(key.case for key in wanted if key.setting == setting))
        calls = [case for case in cases if CASES[case].handler != "walk"]
        walks = [case for case in cases if CASES[case].handler == "walk"]
        parts += [_calls("Instructions", setting, calls, figures.ratio, figures)] if figures.instructions else []
        parts += [_calls("Time", setting, calls, figures.time.get, figures)] if figures.time else []
        parts += [_added(setting, calls, figures), _walks(setting, walks, figures)]
    return "\n".join([*filter(None, parts), _NOTE, ""])


def _calls(what: str, setting: Setting, cases: list[str], cell: Cell, figures: Figures) -> str:
    rows = [row for row in _LOG_ROWS if any(cell(Key(setting, case, row)) is not None for case in cases)]
    if not rows:
        return ""
    is_judged = what == "Instructions" and setting == USUAL
    head = ["case", ROWS[BASE].title, *(ROWS[row].title for row in rows), *(["limit (goal)"] if is_judged else [])]
    lines = [f"{what} of a log call, {setting.title}", "", *_head(head)]
    for case in cases:
        base = figures.instructions.get(normal(Key(setting, case, BASE)))
        cells = [f"{base:,.0f}" if what == "Instructions" and base else "1"]
        cells += [_ratio(cell(Key(setting, case, row)), case, row) for row in rows]
        lines.append(_line([case, *cells, *([_limit(case)] if is_judged else [])]))
    return "\n".join([*lines, ""])


_NOTE = (
    "All are multiples: of the call without the shim, or of json.dumps. (In brackets): an enum there would be missed. "
    "json_default is python-json-logger's: for values in a JSON line only, neither keys nor arguments."
)


def _added(setting: Setting, cases: list[str], figures: Figures) -> str:
    lines = [f"What the shim adds to a log call / json.dumps of the context, {setting.title}", ""]
    lines += _head(["case", "instructions"])
    shares = {case: added_to_dumps(figures, Key(setting, case, SHIM)) for case in cases}
    found = [_line([case, _number(share)]) for case, share in shares.items() if share is not None]
    return "\n".join([*lines, *found, ""]) if found else ""


def _walks(setting: Setting, cases: list[str], figures: Figures) -> str:
    if not cases:
        return ""
    lines = [f"The shim's walk alone / json.dumps, {setting.title}", "", *_head(["structure", "instructions", "time"])]
    for case in cases:
        key = Key(setting, case, WALK)
        lines.append(_line([case.split(": ")[1], _number(figures.ratio(key)), _number(figures.time.get(key))]))
    return "\n".join([*lines, ""])


def _ratio(value: float | None, case: str, row: str) -> str:
    text, place = _number(value), CASES[case].place
    is_missed = place and row in ("filter", "factory", "default") and place not in ROWS[row].reaches
    return f"({text})" if text and is_missed else text


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _limit(case: str) -> str:
    limit, goal = CASES[case].limit, CASES[case].goal
    return "" if limit is None else f"{limit:.2f}" + ("" if goal is None else f" ({goal:.2f})")


def _head(cells: list[str]) -> list[str]:
    return [_line(cells), "|" + "---|" + "---:|" * (len(cells) - 1)]


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def verdict(limits: list[Limit]) -> str:
    """Every limit, and whether it is kept."""
    lines = []
    for limit in limits:
        goal = "" if limit.goal is None else f", goal {limit.goal:.2f}"
        sign = "kept    " if limit.is_kept else "EXCEEDED"
        lines.append(f"{sign} {limit.what}: {limit.figure:.3f} (limit {limit.limit:.2f}{goal})")
    return "\n".join(lines)


def as_json(figures: Figures, wanted: list[Key]) -> dict[str, Any]:
    settings = dict.fromkeys(key.setting for key in wanted)
    return {
        "unit": "ratios: multiples of the first row of the same case, in instructions or in time",
        "environments": [{**setting._asdict(), "versions": jobs.versions(setting)} for setting in settings],
        "figures": [_entry(figures, key) for key in wanted],
        "limits": [{**limit._asdict(), "is_kept": limit.is_kept} for limit in judged(figures)],
    }


def _entry(figures: Figures, key: Key) -> dict[str, Any]:
    is_base = key == base_of(key)
    return {
        **key.setting._asdict(),
        "case": key.case,
        "row": key.row,
        "calls": CASES[key.case].calls,
        "instructions": figures.instructions.get(normal(key)),
        "ratio": 1.0 if is_base else figures.ratio(key),
        "time_ratio": 1.0 if is_base else figures.time.get(key),
        "added_to_dumps": added_to_dumps(figures, key) if key.row == SHIM else None,
    }
