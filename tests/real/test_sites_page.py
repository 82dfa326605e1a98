"""The page of `python -m shim sites --html`, in a real Chromium that is driven by its keyboard."""

from __future__ import annotations

import functools
import re
import shutil
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest
from playwright.sync_api import Browser, Error, Locator, Page, expect, sync_playwright
from processes import ROOT, environment, run
from unit.site_rows import line

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
EVIL = "</script><script>document.title='evil'</script><img src=http://127.0.0.1:9/ onerror=alert(1)>\x1b[31m\u202e"
SOURCE = (
    "import logging\n\n\ndef receive(ws):\n\tstate = ws.client_state\n\tlog.info('<b>', extra={'s': state})\n# end\n"
)
# The file, line, place, calls and second of the last sighting of each site.
SITES = (
    ("/srv/app/ws.py", 6, "extra.ws_state", 10, 1),
    ("/srv/app/ws.py", 2, "args[0]", 70, 2),
    ("/srv/app/db.py", 3, "msg", 50, 9),
    ("/srv/app/absent.py", 99, 'extra.ctx["late"]', 1, 8),
    ("/srv/app/ws.py", 900, EVIL, 3, 3),
    ("", 0, "f-string", 2, 4),
)
BY_CALLS = ["args[0]", "extra.ws_state", EVIL, "msg", "f-string", 'extra.ctx["late"]']


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium or another's, else the one that playwright has installed."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        except Error as error:
            pytest.fail(
                f"no Chromium: apt-get install chromium, or playwright install chromium. {error}", pytrace=False
            )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sites")
    (folder / "app").mkdir()
    (folder / "app" / "ws.py").write_text(SOURCE)
    (folder / "app" / "db.py").write_text("1\n2\nlog.info({1: state})  # " + "long " * 100 + "\n4\n")
    rows = (
        line(file=file, line=number, place=place, count=count, last=f"2026-11-24T00:00:0{second}.000Z")
        for file, number, place, count, second in SITES
    )
    (folder / "record.jsonl").write_text(
        "\n".join(rows) + f"\n{line(function=EVIL, logger=EVIL, enum=EVIL, run=EVIL)[:90]}\n"
    )
    (folder / "empty.jsonl").touch()
    for name in ("record", "empty"):
        command = [sys.executable, "-m", "shim", "sites", f"{name}.jsonl", "--html", f"{name}.html"]
        done = run(command, env=environment([ROOT]), cwd=folder)
        assert (done.code, done.stdout) == (0, "")
    return folder


class Seen:
    """The page as it is opened, and all that it asked for and complained about."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        page.goto(file.as_uri())

    def places(self) -> list[str]:
        """The sites that can be seen, from top to bottom."""
        return self.page.locator(".site:visible .place").all_inner_texts()

    def files(self) -> list[str]:
        return self.page.locator(".file:visible h2").all_inner_texts()

    def press(self, *keys: str) -> Seen:
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def focused(self) -> str:
        """The place of the site that has the focus, or the name of the control."""
        ask = "(it => it.querySelector('.place')?.innerText || it.id || it.localName)(document.activeElement)"
        found: str = self.page.evaluate(ask)
        return found


@pytest.fixture
def open_page(browser: Browser, folder: Path) -> Iterator[Callable[..., Seen]]:
    pages = []

    def open_page(name: str = "record", **options: Any) -> Seen:
        page = browser.new_page(**options)
        page.set_default_timeout(10_000)
        pages.append(page)
        return Seen(page, folder / f"{name}.html")

    yield open_page
    for page in pages:
        page.close()


@pytest.fixture
def seen(open_page: Callable[..., Seen]) -> Seen:
    return open_page()


def shown(place: str) -> str:
    return place.replace("\x1b", "\\x1b").replace("\u202e", "\\u202e")


def test_sites_are_grouped_by_file_the_busiest_first(seen: Seen) -> None:
    assert seen.places() == list(map(shown, BY_CALLS))
    assert seen.files() == ["app/ws.py", "app/db.py", "(source not known)", "/srv/app/absent.py"]
    text = seen.page.locator("header").inner_text()
    assert "6 sites in 4 files, 136 calls in 1 run; 1 line could not be read." in " ".join(text.split())


def test_the_source_stands_around_each_with_the_line_marked(seen: Seen) -> None:
    site = seen.page.locator(".site", has_text="extra.ws_state")
    assert site.locator("mark").inner_text().strip() == "> 6    log.info('<b>', extra={'s': state})"
    lines = site.locator("pre").inner_text().rstrip("\n").split("\n")
    assert [int(re.findall(r"\d+", text)[0]) for text in lines] == [2, 3, 4, 5, 6, 7]
    assert lines[3].endswith("5    state = ws.client_state")
    reasons = seen.page.locator(".reason").all_inner_texts()
    assert reasons == [
        "The checkout's file has no such line: it is that of another version.",
        "Its source is not known.",
        "The checkout has no such file.",
    ]


def test_nothing_is_loaded_and_nothing_of_a_value_is_executed(seen: Seen, folder: Path) -> None:
    assert seen.requests == [(folder / "record.html").as_uri()]
    assert seen.complaints == []
    assert seen.page.title() == "Enums that reach a log call"
    assert seen.page.locator("script").count() == 1
    assert seen.page.locator("img, b").count() == 0


def test_the_policy_lets_nothing_else_in(seen: Seen) -> None:
    """Even markup that got in could neither run nor load anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        image = f"<img src=http://127.0.0.1:{server.getsockname()[1]}/ onerror=alert(1)>"
        add_image = "image => document.body.insertAdjacentHTML('beforeend', image)"
        add_script = "text => document.body.append(Object.assign(document.createElement('script'), {text}))"
        seen.page.evaluate(add_image, image)
        seen.page.evaluate(add_script, "document.title = 'evil'")
        server.settimeout(1)
        with pytest.raises(socket.timeout):
            server.accept()
    assert seen.page.title() == "Enums that reach a log call"
    for directive in ("img-src", "script-src"):
        assert [text for text in seen.complaints if "Content Security Policy" in text and directive in text]


def test_search_by_keyboard(seen: Seen) -> None:
    seen.press("/")
    assert seen.focused() == "search"
    seen.page.keyboard.type("WS.py  extra")
    assert seen.places() == ["extra.ws_state"]
    assert seen.files() == ["app/ws.py"]
    expect(seen.page.locator("#shown")).to_have_text("1 of 6 shown")
    seen.press("Escape")
    assert len(seen.places()) == 6
    seen.page.keyboard.type("log.info('<b>'")  # the line of the source is searched as well
    assert seen.places() == ["extra.ws_state"]
    seen.press("Escape").page.keyboard.type("nothing/jk")
    expect(seen.page.locator("#search")).to_have_value("nothing/jk")
    assert seen.places() == []
    expect(seen.page.locator("#shown")).to_have_text("0 of 6 shown")


ORDERS = {
    "calls": BY_CALLS,
    "last": ["msg", 'extra.ctx["late"]', "f-string", EVIL, "args[0]", "extra.ws_state"],
    "first": None,
    "file": ["f-string", 'extra.ctx["late"]', "msg", "args[0]", "extra.ws_state", EVIL],
}


def test_sort_by_keyboard(seen: Seen) -> None:
    seen.press("/", "Tab")
    assert seen.focused() == "order"
    for order in list(ORDERS)[1:]:
        seen.press("ArrowDown")
        expect(seen.page.locator("#order")).to_have_value(order)
        wanted = ORDERS[order]
        assert wanted is None or seen.places() == list(map(shown, wanted))
    seen.press("Home")
    assert seen.places() == list(map(shown, ORDERS["calls"] or []))


def test_sites_are_gone_through_and_folded_by_keyboard(seen: Seen) -> None:
    wanted = list(map(shown, BY_CALLS))
    assert [seen.press("j").focused() for _ in range(7)] == [*wanted, wanted[-1]]
    assert [seen.press("k").focused() for _ in range(6)] == [*wanted[-2::-1], wanted[0]]
    source = seen.page.locator(".site:visible pre").first
    expect(source).to_be_visible()
    seen.press("Enter")
    expect(seen.page.locator(".site").first).not_to_have_attribute("open", "")
    seen.press("Enter", "Tab")  # a source that is wider than the page is moved with the arrows
    assert seen.focused() == "pre"
    seen.press("/").page.keyboard.type("extra.")
    assert seen.press("Tab", "Tab").focused() == "extra.ws_state"
    for _ in range(2):
        assert seen.press("j").focused() == 'extra.ctx["late"]'


def test_where_the_focus_is_can_be_seen(seen: Seen) -> None:
    for _ in range(12):
        seen.press("Tab")
        style = "(it => it === document.body ? 'solid' : getComputedStyle(it).outlineStyle)(document.activeElement)"
        assert seen.page.evaluate(style) == "solid"


# The text's colour against what is behind it, as WCAG counts it.
CONTRASTS = """() => {
  const parts = (color) => color.match(/[0-9.]+/g).map(Number);
  const linear = (part) => part <= .03928 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
  const light = (color) => {
    const [red, green, blue] = parts(color).map((part) => linear(part / 255));
    return .2126 * red + .7152 * green + .0722 * blue;
  };
  const behind = (it) => {
    while (it && parts(getComputedStyle(it).backgroundColor)[3] === 0) it = it.parentElement;
    return light(getComputedStyle(it || document.body).backgroundColor);
  };
  const holdsText = (it) => [...it.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  const all = [...document.querySelectorAll("body *")].filter((it) => it.checkVisibility() && holdsText(it));
  return all.map((it) => {
    const [less, more] = [light(getComputedStyle(it).color), behind(it)].sort((one, other) => one - other);
    return [it.localName + "." + it.className, (more + .05) / (less + .05)];
  });
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_in_the_light_and_in_the_dark(open_page: Callable[..., Seen], scheme: str) -> None:
    page = open_page(color_scheme=scheme).page
    color = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (min(map(int, re.findall(r"\d+", color))) > 128) is (scheme == "light")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light dark"  # the controls' own
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 50
    assert [found for found in contrasts if found[1] < 4.5] == []


@pytest.mark.parametrize("width", [320, 1400])
def test_it_fits_its_window(open_page: Callable[..., Seen], width: int) -> None:
    page = open_page(viewport={"width": width, "height": 700}).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_all_is_there_but_the_controls(open_page: Callable[..., Seen]) -> None:
    seen = open_page(java_script_enabled=False)
    assert seen.places() == list(map(shown, BY_CALLS))
    expect(seen.page.locator("#controls")).to_be_hidden()


def test_a_page_without_sites(open_page: Callable[..., Seen]) -> None:
    seen = open_page("empty")
    expect(seen.page.locator("#none")).to_have_text("No sites: no enum reached a log call (0 lines read).")
    assert (seen.places(), seen.complaints) == ([], [])


def test_each_control_has_a_name(seen: Seen) -> None:
    role: Callable[..., Locator] = functools.partial(seen.page.get_by_role)
    expect(role("searchbox", name="Search")).to_be_visible()
    expect(role("combobox", name="Sort by")).to_be_visible()
    expect(role("heading", level=1)).to_have_count(1)
    expect(role("heading", level=2)).to_have_count(4)
