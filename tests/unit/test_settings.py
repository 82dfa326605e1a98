"""What the environment says, and what is said about it."""

import pytest

import shim
from shim.settings import read

HOOKS = ("logging", "starlette")


def settings(**variables):
    """The settings in an environment with these variables, which must be good."""
    found, complaints = read(environment(variables), HOOKS)
    assert complaints == []
    return found


def complaint(**variables):
    """The settings, and the one line about these variables."""
    found, (line,) = read(environment(variables), HOOKS)
    assert "\n" not in line
    return found, line


def environment(variables):
    return {("ENUM_LOG_SHIM_" + name).rstrip("_"): value for name, value in variables.items()}


def test_defaults():
    found = settings(_="1")
    assert (found.mode, found.style, found.keep_numbers, found.debug) == ("on", None, False, False)
    assert not any((found.keep_classes, found.keep_loggers, found.skip, found.text_classes, found.json_functions))


@pytest.mark.parametrize("value", ["1", "true", "yes", "on", "TRUE", "Yes", " on ", "\tOn\n"])
def test_on(value):
    assert settings(_=value).mode == "on"
    assert settings(_="1", DEBUG=value).debug is True


@pytest.mark.parametrize("value", ["", " ", "0", "false", "no", "off", "FALSE", " Off "])
def test_off(value):
    assert settings(_=value).mode == "off"
    assert settings(_="1", DEBUG=value).debug is False


def test_unset_is_off():
    assert settings().mode == "off"


@pytest.mark.parametrize(
    ("variables", "where"),
    [
        ({"_": "1"}, None),
        ({"_": "1", "SITES": " "}, None),
        ({"_": "observe"}, "stderr"),
        ({"_": "observe", "SITES": "/var/sites"}, "/var/sites"),
        ({"_": "1", "SITES": " /var/my sites "}, "/var/my sites"),
        ({"_": "1", "SITES": "StdErr"}, "stderr"),
        ({"_": "1", "SITES": "sites"}, "sites"),
    ],
)
def test_where_call_sites_are_recorded(variables, where):
    assert settings(**variables).sites == where


@pytest.mark.parametrize("value", ["observe", "OBSERVE", " Observe "])
def test_observe(value):
    assert settings(_=value).mode == "observe"


@pytest.mark.parametrize("value", ["2", "ja", "onn", "enabled", "1;", "None"])
def test_a_bad_switch_is_off_and_named(value):
    found, line = complaint(_=value)
    assert found.mode == "off"
    assert "ENUM_LOG_SHIM=" in line
    assert value in line
    for accepted in ("1", "true", "yes", "on", "0", "false", "no", "off", "observe"):
        assert accepted in line.split(value, 1)[1]


@pytest.mark.parametrize("style", ["lower", "name", "value", "full"])
@pytest.mark.parametrize("write", [str, str.upper, lambda value: "  %s " % value.title()])
def test_style(style, write):
    assert settings(_="1", STYLE=write(style)).style == style


def test_numbers():
    assert settings(_="1", NUMBERS="keep").keep_numbers is True
    assert settings(_="1", NUMBERS=" Keep ").keep_numbers is True
    assert settings(_="1", NUMBERS="text").keep_numbers is False


def test_functions_that_make_json():
    found = settings(_="1", JSON=" app.text:to_json, app.text:Texts.of ")
    assert found.json_functions == {"app.text:to_json", "app.text:Texts.of"}


@pytest.mark.parametrize("name", ["STYLE", "NUMBERS", "KEEP", "SKIP", "TEXT", "JSON", "DEBUG"])
@pytest.mark.parametrize("blank", ["", "  ", "\t"])
def test_blank_is_the_default(name, blank):
    found = settings(_="1", **{name: blank})
    assert [getattr(found, slot) for slot in ("style", "keep_numbers", "debug")] == [None, False, False]
    assert not any((found.keep_classes, found.keep_loggers, found.skip, found.text_classes, found.json_functions))


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("STYLE", "upper", ("lower", "name", "value", "full")),
        ("NUMBERS", "plain", ("text", "keep")),
        ("SKIP", "logging,loguru", ("logging", "starlette")),
        ("KEEP", "app.models.Kind", ("package.module:Class", "logger:name")),
        ("KEEP", "app.models:", ("package.module:Class", "logger:name")),
        ("KEEP", ":Kind", ("package.module:Class", "logger:name")),
        ("KEEP", "logger:", ("package.module:Class", "logger:name")),
        ("KEEP", "app.models:Kind,nonsense", ("package.module:Class", "logger:name")),
        ("KEEP", "app models:Kind", ("package.module:Class", "logger:name")),
        ("KEEP", "app.models:Kind[0]", ("package.module:Class", "logger:name")),
        ("TEXT", "app.models.Kind", ("package.module:Class",)),
        ("TEXT", "app..models:Kind", ("package.module:Class",)),
        ("TEXT", "a:b:c", ("package.module:Class",)),
        ("JSON", "to_json", ("package.module:function",)),
        ("JSON", "app.text:to json", ("package.module:function",)),
        ("SITES", "1", ("stderr", "folder")),
        ("SITES", "off", ("stderr", "folder")),
        ("SITES", "stdout", ("stderr", "folder")),
        ("DEBUG", "maybe", ("1", "true", "yes", "on", "0", "false", "no", "off")),
    ],
)
def test_a_bad_value_gives_its_default_and_one_line(name, value, accepted):
    found, line = complaint(_="1", **{name: value})
    assert found.mode == "on"
    assert [getattr(found, slot) for slot in ("style", "keep_numbers", "debug")] == [None, False, False]
    assert not any((found.keep_classes, found.keep_loggers, found.skip, found.text_classes, found.json_functions))
    assert "ENUM_LOG_SHIM_%s=" % name in line
    assert value in line
    for one in accepted:
        assert one in line


def test_lists():
    found = settings(
        _="1",
        KEEP=" app.models:Kind , logger:audit,logger:a.b ,, app.models:Outer.Inner,",
        SKIP="starlette, logging",
        TEXT="app.models:Kind",
    )
    assert found.keep_classes == {"app.models:Kind", "app.models:Outer.Inner"}
    assert set(found.keep_loggers) == {"audit", "a.b"}
    assert found.skip == {"starlette", "logging"}
    assert list(found.text_classes) == ["app.models:Kind"]


def test_each_bad_variable_has_a_line_of_its_own():
    found, lines = read(environment({"_": "1", "STYLE": "x", "NUMBERS": "y", "DEBUG": "z", "SKIP": "q"}), HOOKS)
    assert found.mode == "on"
    assert sorted(line.split("=")[0] for line in lines) == [
        "ENUM_LOG_SHIM_DEBUG",
        "ENUM_LOG_SHIM_NUMBERS",
        "ENUM_LOG_SHIM_SKIP",
        "ENUM_LOG_SHIM_STYLE",
    ]


@pytest.mark.parametrize("name", ["_", "STYLE", "NUMBERS", "KEEP", "SKIP", "TEXT", "DEBUG"])
def test_a_long_value_is_cut_and_a_strange_one_is_escaped(name):
    _, line = complaint(**{"_": "1", name: "secret" * 100})
    assert len(line) < 300
    _, line = complaint(**{"_": "1", name: "a\x1b[31m\n\u2028b"})
    assert line.isprintable()


def test_other_variables_are_nobodys():
    assert read({"ENUM_LOG_SHIM": "1", "ENUM_LOG_SHIM_STYLES": "x", "STYLE": "y"}, HOOKS)[1] == []


def test_settings_are_given_by_name_only():
    with pytest.raises(TypeError):
        shim.Settings("on")
    with pytest.raises(TypeError):
        shim.Settings(nonsense=1)


def test_install_reads_the_environment(monkeypatch, capsys):
    monkeypatch.setenv("ENUM_LOG_SHIM_STYLE", "shouting-%s" % id(monkeypatch))
    monkeypatch.delenv("ENUM_LOG_SHIM", raising=False)
    assert shim.install() is True
    (line,) = capsys.readouterr().err.splitlines()
    assert "ENUM_LOG_SHIM_STYLE" in line


def test_install_obeys_a_switch_that_is_off(monkeypatch):
    monkeypatch.setenv("ENUM_LOG_SHIM", "off")
    assert shim.install() is False
    assert not shim.installed()
