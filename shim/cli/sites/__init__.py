"""`python -m shim sites`: the places to refactor, merged from what many processes recorded."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from . import github, inputs, reading, shown
from .checkout import Checkout
from .tally import Total

_PROG = "python -m shim sites"
_DESCRIPTION = """\
Lists the log calls that an enum reached, the busiest first, from what the shim recorded under ENUM_LOG_SHIM_SITES.
PATH is a file, a folder of *.jsonl files, or - for standard input. In it may be the rows alone, or a log of any size
and form that has rows in some lines, be it behind a prefix, in a field or in a text. Without a PATH it is the folder
that ENUM_LOG_SHIM_SITES names, else standard input.
"""
_EPILOG = """\
examples:
  python -m shim sites /var/log/enum-sites --root .
  kubectl logs -l app=web --prefix --tail=-1 | python -m shim sites -
  gcloud logging read 'jsonPayload.enum_log_shim="site"' --format=json | python -m shim sites --html sites.html -
  python -m shim sites record.jsonl --format github --fail-on-sites

exit code: 0; 1 with --fail-on-sites and a site; 2 where something can't be read, written or understood
"""
_HINT = 'pip install "./.package[cli]" (from a checkout)'


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line: argparse itself puts the usage in front of it."""
        self.exit(2, f"{self.prog}: {message} (see --help)\n")


def main(argv: Sequence[str]) -> int:
    parser = _parser()
    options = parser.parse_args(argv)
    options.format = options.format or (None if options.html else "table")
    _check(options, parser)
    try:
        return _list(options)
    except BrokenPipeError:
        raise
    except inputs.Unusable as unusable:
        _tell(str(unusable))
    except OSError as error:
        _tell(f"{shown.name(error.filename)}: {error.strerror}" if error.filename else str(error))
    except KeyboardInterrupt:
        return 130
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog=_PROG,
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("paths", metavar="PATH", nargs="*", help="a file, a folder of *.jsonl files, or -")
    add("--root", metavar="DIR", type=Path, default=Path(), help="the checkout with the sources; default: this folder")
    add("--format", choices=("table", "json", "github"), help="github: annotations; default: table, unless --html")
    add("--html", metavar="FILE", type=Path, help="write a page with the source around each site")
    add("--fail-on-sites", action="store_true", help="exit with 1 while there is a site left")
    return parser


def _check(options: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    if not options.root.is_dir():
        parser.error(f"--root {shown.name(options.root)} is no folder")
    if options.paths.count("-") > 1:
        parser.error("standard input can be read only once")
    needed = {"rich": options.format == "table", "jinja2": options.html is not None}
    absent = [name for name, is_needed in needed.items() if is_needed and importlib.util.find_spec(name) is None]
    if absent:
        without = "; --format json does without" if absent == ["rich"] else ""
        parser.error(f"this needs {' and '.join(absent)}, not installed here: {_HINT}{without}")


def _list(options: argparse.Namespace) -> int:
    found = inputs.named(options.paths) if options.paths else inputs.default(os.environ)
    sites = reading.read(found, _tell)
    checkout = Checkout(options.root)
    if options.html:
        _write_page(options.html, sites, checkout)
    if options.format:
        sys.stdout.write(_formatted(options.format, sites, checkout))
    return 1 if options.fail_on_sites and sites.totals else 0


def _tell(line: str) -> None:
    print(f"{_PROG}: {line}", file=sys.stderr)


def _write_page(file: Path, sites: reading.Sites, checkout: Checkout) -> None:
    # Imported late, as the table: these need the extra.
    from . import page

    file.write_text(page.rendered(sites, checkout), encoding="utf-8")
    _tell(f"wrote {shown.name(file)}: {_sum(sites)}")


def _formatted(form: str, sites: reading.Sites, checkout: Checkout) -> str:
    totals = sites.totals
    if form == "json":
        return _json(sites, checkout)
    if form == "github":
        return "".join(f"{github.annotation(total, checkout.path(total.site.file))}\n" for total in totals)
    if not totals:
        return f"no sites ({shown.number_of(sites.lines, 'line')} read)\n"
    from . import table

    return f"{table.rendered(sites, checkout)}{_sum(sites)}\n"


def _sum(sites: reading.Sites) -> str:
    calls = sum(total.calls for total in sites.totals)
    parts = ((len(sites.totals), "site"), (calls, "call"), (sites.runs, "run"))
    return ", ".join(shown.number_of(count, noun) for count, noun in parts)


def _json(sites: reading.Sites, checkout: Checkout) -> str:
    found = {
        "sites": [_as_json(total, checkout) for total in sites.totals],
        "rows": sites.rows,
        "lines": sites.lines,
        "bad_lines": sites.bad,
    }
    return json.dumps(found, indent=2) + "\n"


def _as_json(total: Total, checkout: Checkout) -> dict[str, object]:
    site = total.site
    fields = dict(zip(("file", "line", "function", "logger", "place", "class"), site))
    counts = {"count": total.calls, "runs": total.runs, "first": total.first, "last": total.last}
    return {**fields, **counts, "path": checkout.path(site.file), "source": checkout.line(site)}
