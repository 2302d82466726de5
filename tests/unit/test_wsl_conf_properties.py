"""What holds for every /etc/wsl.conf and ``.wslconfig``, whatever stands in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_wslgo.model.wsl.configfile import Assigned, scan
from pytest_wslgo.model.wsl.keys import wsl_conf_keys
from pytest_wslgo.model.wsl.settings import Trouble
from pytest_wslgo.model.wsl.wslconf import parse_wsl_conf
from pytest_wslgo.model.wsl.wslconfig import parse_wslconfig

NAMES = [key.name for key in wsl_conf_keys().keys]
WORDS = [
    "true",
    "false",
    "1",
    "yes",
    "0022",
    "v1",
    "",
    "/mnt",
    "a b",
    '"q # x"',
    "x\\ny",
    "a \\\n b",
    "x # c",
    "C:\\W",
    '"',
]
LINES = st.one_of(
    st.sampled_from(NAMES).flatmap(
        lambda name: (
            st.sampled_from([f"[{name.split('.')[0]}]", f"[{name.split('.')[0]}] # c"])
            | st.sampled_from(WORDS).map(lambda word: f"{name.split('.')[1]} = {word}")
        )
    ),
    st.sampled_from(["", "# note", "; note", "bad", "[x_y]", "key: value", "   ", "é=1"]),
)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
FILES = st.tuples(st.lists(LINES, max_size=15), ENDS).map(lambda file: file[1].join([*file[0], ""]))
GOOD = st.tuples(st.sampled_from(NAMES), st.text("abc019/ ,=;'", max_size=8))


@given(st.binary(max_size=300) | FILES.map(str.encode))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    conf = parse_wsl_conf(data)
    assert all(isinstance(conf.value(name), bool | int | str | None) for name in NAMES)
    assert len({setting.key for setting in conf.settings}) == len(conf.settings)
    assert all(1 <= warned.place.at <= data.count(b"\n") + data.count(b"\r") + 1 for warned in conf.warnings)


@given(st.binary(max_size=300) | FILES.map(str.encode))
def test_no_bytes_break_the_reader_of_wslconfig(data: bytes) -> None:
    config = parse_wslconfig(data, "F")
    assert all(
        isinstance(config.value(f"wsl2.{name}"), bool | int | str | None) for name in ("memory", "ipv6", "kernel")
    )
    assert all(warned.text for warned in config.warnings)


@given(FILES, FILES)
def test_what_follows_the_first_malformed_line_never_matters(file: str, rest: str) -> None:
    conf = parse_wsl_conf(file)
    if conf.stopped:
        more = parse_wsl_conf(file + rest)
        assert (more.settings, more.warnings, more.stopped) == (conf.settings, conf.warnings, conf.stopped)


@given(FILES)
def test_a_malformed_line_is_the_last_warning_and_the_only_one_of_its_kind(file: str) -> None:
    conf = parse_wsl_conf(file)
    malformed = [warned for warned in conf.warnings if warned.trouble is Trouble.MALFORMED]
    assert malformed == ([conf.warnings[-1]] if conf.stopped else [])


@given(FILES)
def test_reading_on_finds_all_that_reading_up_to_the_fault_finds(file: str) -> None:
    strict, lenient = scan(file.encode()), scan(file.encode(), skip_malformed=True)
    assert lenient.parts[: len(strict.parts)] == strict.parts
    assert not lenient.stopped


@given(FILES, st.sampled_from(NAMES), st.sampled_from(["true", "v1", "7"]))
def test_a_key_that_is_there_is_not_changed_by_a_later_one(file: str, name: str, value: str) -> None:
    conf = parse_wsl_conf(file)
    if conf.setting(name) and not conf.stopped:
        section, key = name.split(".")
        assert parse_wsl_conf(f"{file}\n[{section}]\n{key}={value}\n").value(name) == conf.value(name)


@given(st.lists(GOOD, max_size=10))
def test_what_is_written_well_arrives(pairs: list[tuple[str, str]]) -> None:
    text = "".join(
        f'[{name.split(".")[0]}]\n\t{name.split(".")[1].upper()} = "{value}" # note\n' for name, value in pairs
    )
    read = scan(text.encode())
    assert [(part.key.lower(), part.value) for part in read.parts if isinstance(part, Assigned)] == [
        (name.lower(), value) for name, value in pairs
    ]
    assert not read.stopped


@given(FILES)
def test_blank_lines_and_comments_in_front_change_nothing_but_the_lines(file: str) -> None:
    plain, moved = parse_wsl_conf(file), parse_wsl_conf("# note\n\n" + file)
    assert [(one.key, one.value) for one in moved.settings] == [(one.key, one.value) for one in plain.settings]
    assert [warned.place.line - 2 for warned in moved.warnings] == [warned.place.line for warned in plain.warnings]


@given(FILES)
def test_the_text_of_a_snapshot_gives_the_same_as_the_bytes(file: str) -> None:
    assert parse_wsl_conf(file) == parse_wsl_conf(file.encode())
