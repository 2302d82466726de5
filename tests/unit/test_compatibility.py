"""Will it start? Real binaries against real userlands, the data file's, and whatever else an ELF file may say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_wslgo.errors import BadInput
from pytest_wslgo.model.compatibility import Mechanism, Prediction, condensed, in_one_sentence, predict
from pytest_wslgo.model.distributions import find_distribution, load_distributions
from pytest_wslgo.model.elf import Elf, VersionNeed, read_elf
from pytest_wslgo.model.libc import Libc, LibcVersion
from pytest_wslgo.model.loader_paths import loader_path
from pytest_wslgo.model.userland import Loader, Userland, parse_userland
from pytest_wslgo.resources import DISTRIBUTIONS
from tests.unit.binaries import sample

KNOWN = load_distributions(DISTRIBUTIONS)
USERLANDS = Path(__file__).parent / "data" / "userlands"


def elf(name: str) -> Elf:
    return read_elf(sample(name))


def recorded(name: str) -> Userland:
    return parse_userland((USERLANDS / f"{name}.txt").read_bytes(), "NONCE", name)


def distribution(title: str) -> Userland:
    return find_distribution(title, KNOWN).userland("amd64")


@pytest.mark.parametrize(
    ("program", "where", "mechanism", "why"),
    [
        ("bare-static", "static-busybox", "starts", ""),
        ("bare-static-pie", "alpine-3.20", "starts", ""),
        ("bare-i386", "alpine-3.20", "starts", ""),
        ("glibc-dynamic", "debian-12", "starts", ""),
        ("musl-dynamic", "debian-12", "starts", ""),
        ("musl-dynamic", "alpine-3.20", "starts", ""),
        ("musl-dynamic", "musl-and-busybox", "starts", ""),
        (
            "glibc-dynamic",
            "alpine-3.20",
            "interpreter-missing",
            "interpreter /lib64/ld-linux-x86-64.so.2 is missing",
        ),
        ("musl-dynamic", "static-busybox", "interpreter-missing", "interpreter /lib/ld-musl-x86_64.so.1 is missing"),
        ("mips-bare", "debian-12", "foreign-format", "is for mips"),
        ("libwslgo.so", "debian-12", "foreign-format", "is no program"),
    ],
)
def test_real_programs_on_real_machines(program: str, where: str, mechanism: str, why: str) -> None:
    told = predict(elf(program), recorded(where))
    assert (told.mechanism, told.why) == (mechanism, why)


@pytest.mark.parametrize(
    ("title", "mechanism", "why"),
    [
        ("debian 12", "starts", ""),
        ("debian 11", "glibc-too-old", "needs GLIBC_2.34, has 2.31"),
        ("rhel 9", "starts", ""),
        ("alpine 3.20", "interpreter-missing", "interpreter /lib64/ld-linux-x86-64.so.2 is missing"),
    ],
)
def test_a_glibc_program_on_distributions_of_the_data_file(title: str, mechanism: str, why: str) -> None:
    told = predict(elf("glibc-dynamic"), distribution(title))
    assert (told.mechanism, told.why, told.given) == (mechanism, why, ())


def test_a_missing_library_is_told_before_a_version() -> None:
    program = replace(
        elf("glibc-dynamic"),
        needed=("libfoo.so.1", "libbar.so.2", "libc.so.6"),
        version_needs=(VersionNeed("libc.so.6", "GLIBC_2.99"),),
    )
    told = predict(program, recorded("debian-12"))
    assert told.why == "libraries libfoo.so.1, libbar.so.2 are missing"
    assert told.missing == ("libfoo.so.1", "libbar.so.2")
    assert predict(replace(program, needed=("libc.so.6",)), recorded("debian-12")).why == "needs GLIBC_2.99, has 2.36"


def test_a_library_in_the_run_path_is_there() -> None:
    program = replace(elf("glibc-dynamic"), needed=("libfoo.so.1",), runpath="$ORIGIN/lib")
    assert predict(program, recorded("debian-12"), beside=["libfoo.so.1"]).starts
    assert predict(program, recorded("debian-12")).missing == ("libfoo.so.1",)
    assert predict(program, recorded("debian-12"), beside=None).given == ("libfoo.so.1",)


def test_a_library_that_is_needed_by_a_path_may_be_missing_as_well() -> None:
    program = replace(elf("glibc-dynamic"), needed=("/lib/libc.so.6", "/lib/c.so"))
    assert predict(program, recorded("debian-12")).missing == ("/lib/c.so",)
    assert predict(program, distribution("debian 12")).given == ("/lib/libc.so.6", "/lib/c.so")


def test_what_is_not_known_of_a_distribution_is_taken_for_granted_and_said() -> None:
    program = replace(elf("glibc-dynamic"), needed=("libfoo.so.1", "libm.so.6", "libc.so.6"))
    told = predict(program, distribution("debian 12"))
    assert (told.mechanism, told.given) == (Mechanism.STARTS, ("libfoo.so.1",))
    assert in_one_sentence([("debian 12", told)]) == ("runs on debian 12; provided that libfoo.so.1 can be found there")


def test_musl_is_the_libraries_that_others_have_as_files() -> None:
    program = replace(elf("musl-dynamic"), needed=("libc.so.6", "libpthread.so.0", "libresolv.so.2"))
    assert predict(program, recorded("alpine-3.20")).missing == ("libresolv.so.2",)
    assert predict(replace(program, needed=("libm.so",)), distribution("alpine 3.20")).given == ()


def test_a_loader_that_is_damaged_or_for_another_machine_cannot_be_used() -> None:
    here = recorded("alpine-3.20")
    for arch, what in ((None, "is damaged"), ("arm64", "is for arm64")):
        loaders = tuple(replace(loader, arch=arch) for loader in here.loaders)
        told = predict(elf("musl-dynamic"), replace(here, loaders=loaders))
        assert (told.mechanism, told.why) == (
            Mechanism.BAD_INTERPRETER,
            f"interpreter /lib/ld-musl-x86_64.so.1 {what}",
        )


def test_a_program_of_another_system_is_foreign() -> None:
    told = predict(replace(elf("bare-static"), osabi="freebsd"), recorded("debian-12"))
    assert (told.mechanism, told.why) == (Mechanism.FOREIGN, "is for freebsd")


def test_one_sentence_groups_the_places_by_reason() -> None:
    absent = Prediction(Mechanism.NO_INTERPRETER, "interpreter /lib64/ld-linux-x86-64.so.2 is missing")
    old = Prediction(Mechanism.OLD_GLIBC, "needs GLIBC_2.38, has 2.36", ("GLIBC_2.38",))
    runs = Prediction(Mechanism.STARTS)
    places = [("alpine 3.20", absent), ("debian 12", old), ("ubuntu 24.04", runs), ("alpine 3.19", absent)]
    assert in_one_sentence(places) == (
        "runs on ubuntu 24.04; not on alpine 3.20, alpine 3.19: interpreter /lib64/ld-linux-x86-64.so.2 is missing; "
        "not on debian 12: needs GLIBC_2.38, has 2.36"
    )
    assert in_one_sentence(places[:1]).startswith("runs on none of them; not on alpine 3.20: ")
    assert in_one_sentence([]) == "was tried nowhere"


def test_neighbouring_releases_are_told_as_one() -> None:
    order = [one.title for one in KNOWN]
    wanted = [title for title in order if title.startswith("alpine") or title in ("debian 11", "debian 13")]
    assert list(condensed(wanted, order)) == ["alpine 3.17 to 3.22", "debian 11", "debian 13"]


NAMES = st.sampled_from(["libc.so.6", "libc.so", "lib.", "", "/", "libfoo.so.1", "GLIBC_2.34", "GLIBC_ABI_DT_RELR"])
ELVES = st.builds(
    Elf,
    interpreter=st.none() | st.sampled_from(["/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1", ""]),
    needed=st.lists(NAMES, max_size=4).map(tuple),
    version_needs=st.lists(st.builds(VersionNeed, NAMES, NAMES | st.text(max_size=12)), max_size=4).map(tuple),
    machine=st.sampled_from(["x86_64", "aarch64", "machine-7"]),
    osabi=st.sampled_from(["sysv", "linux", "freebsd"]),
)
NOWHERE = Userland("x", None, None, None, None, None)
HERE = st.sampled_from([recorded("debian-12"), recorded("alpine-3.20"), distribution("rhel 7"), NOWHERE])


@given(ELVES, HERE, st.none() | st.lists(NAMES, max_size=2))
def test_no_elf_file_is_too_odd_for_a_prediction(program: Elf, where: Userland, beside: list[str] | None) -> None:
    told = predict(program, where, beside=beside)
    assert told.starts == (not told.why)
    assert in_one_sentence([("x", told)])


def test_the_distributions_have_the_loader_of_the_asked_machine() -> None:
    assert distribution("debian 12").loaders == (
        Loader("/lib64/ld-linux-x86-64.so.2", Libc.GLIBC, LibcVersion.parse("2.36"), "amd64"),
    )
    arm = find_distribution("alpine 3.20", KNOWN).userland("arm64")
    assert [loader.path for loader in arm.loaders] == ["/lib/ld-musl-aarch64.so.1"]
    assert find_distribution("debian 12", KNOWN).userland("mips64").loaders == ()
    assert loader_path(None, "amd64") is None


def test_an_unknown_distribution_names_the_nearest() -> None:
    with pytest.raises(BadInput, match=r"^no distribution 'debain 12' is known \(did you mean 'debian 1\d'\?\); known"):
        find_distribution("debain 12", KNOWN)
    with pytest.raises(BadInput, match=r"\(did you mean 'alpine 3\.20'\?\); known are alpine 3\.17, .*alpine 3\.22$"):
        find_distribution("alpine 3.20.3", KNOWN)
    assert find_distribution("  debian   12 ", KNOWN).title == "debian 12"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[debian]\nlibc = "glibcc"\nreleases = {}',
            r"\[debian\]: libc = 'glibcc' is not one of glibc, musl \(did you",
        ),
        ('[debian]\nlibc = "glibc"\nrelease = {}', r"\[debian\]: unknown key 'release' \(did you mean 'releases'\?\)"),
        ('[debian]\nlibc = "glibc"', r"\[debian\]: key 'releases' is missing"),
        (
            '[debian]\nlibc = "glibc"\nreleases = { 12 = "new" }',
            r"\[debian\]: release '12': 'new' is not the version of",
        ),
    ],
)
def test_a_mistake_in_the_data_file_is_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "distributions.toml"
    file.write_text(text)
    with pytest.raises(BadInput, match=message):
        load_distributions(file)
