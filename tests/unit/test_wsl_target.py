"""The way into a WSL distribution as values: the words for wsl.exe, and what its complaints mean."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from pytest_wslgo.errors import BadInput, MissingTool, TargetLost, WslgoError
from pytest_wslgo.target import wsl, wslexe
from pytest_wslgo.target.process import Outcome
from pytest_wslgo.target.wsl import LONGEST, Wsl, one_word

DEBIAN = Wsl("/mnt/c/Windows/System32/wsl.exe", "Debian")
AS_DEV = Wsl("wsl.exe", "Debian", "dev")
GO_ENV = "IFS=;set -f;eval $(printf %b 'exec go env')"


def utf16(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("utf-16-le")


@pytest.mark.parametrize("tty", [False, True])
def test_wrap_is_a_list_of_words(tty: bool) -> None:
    head = ["--cd", "~", "--exec", "/bin/sh", "-c", GO_ENV]

    assert DEBIAN.wrap(["go", "env"], tty=tty) == [DEBIAN.exe, "-d", "Debian", *head]
    assert AS_DEV.wrap(["go", "env"], tty=tty) == ["wsl.exe", "-d", "Debian", "-u", "dev", *head]


HARD = [
    "",
    "two words",
    "it's",
    '"q" `id` $(id) $HOME',
    "a\\b\\",
    "%PATH%",
    "^&|<>",
    "a\nb\n\n",
    "grün 中文",
    "\udcff",
    "*",
]


@pytest.mark.parametrize("shell", ["sh", "dash", "bash", "busybox", "zsh", "mksh"])
def test_a_command_is_one_word_that_every_reading_leaves_alone(shell: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"install {shell} to try it as /bin/sh")
    text = one_word(["printf", "%s\\0", *HARD])

    assert text.isascii()
    assert text.isprintable()
    assert '"' not in text
    assert subprocess.list2cmdline([text]) == f'"{text}"'
    applet = ["sh"] if shell == "busybox" else ["--emulate", "sh"] if shell == "zsh" else []
    got = subprocess.run([program, *applet, "-c", text], capture_output=True, check=True, timeout=20)
    assert [os.fsdecode(word) for word in got.stdout.split(b"\0")[:-1]] == HARD


def test_a_command_line_has_a_limit() -> None:
    room = LONGEST - len(subprocess.list2cmdline(DEBIAN.wrap(["echo", ""])))

    assert DEBIAN.wrap(["echo", "x" * room])
    with pytest.raises(BadInput, match=r"the words of `echo …` are too long for one command here: wsl\.exe takes"):
        DEBIAN.wrap(["echo", "x" * (room + 20)])


COMPLAINTS: list[tuple[bytes, type[WslgoError], str]] = [
    (utf16("Es gibt keine.\nFehlercode: Wsl/Service/WSL_E_DISTRO_NOT_FOUND\n"), BadInput,
     "WSL has no distribution 'Debian' (did you mean 'Debian-12'?); there are: Debian-12, Alpine"),
    (utf16("User not found.\nError code: Wsl/Service/CreateInstance/WSL_E_USER_NOT_FOUND\n"), BadInput,
     "distribution Debian has no user 'dev'"),
    (utf16("Invalid command line argument: --cd\n"), MissingTool, "this wsl.exe is too old to know --cd"),
    (b"<3>WSL (9 - ) ERROR: CreateProcessCommon:818: execvpe(/bin/sh) failed: No such file or directory\n", MissingTool,
     "distribution Debian has no /bin/sh"),
    (utf16("x\nError code: Wsl/Service/CreateInstance/CreateVm/HCS/HCS_E_HYPERV_NOT_INSTALLED\n"), TargetLost,
     "wsl.exe fails: the virtual machine does not start: virtualisation is off"),
    (utf16("Odd.\nError code: Wsl/Service/0x8000ffff\n"), TargetLost, "wsl.exe fails: Odd. (wsl.exe: Wsl/Service/0x8"),
    (b"/mnt/c/Windows/System32/wsl.exe: Exec format error\n", MissingTool, "interop is off"),
    (b"run-detectors: unable to find an interpreter for /mnt/c/Windows/System32/wsl.exe\n", MissingTool, "interop is"),
    (utf16("Something else.\n"), TargetLost, "takes no commands: see `wsl.exe --list --verbose`. (wsl.exe: Something"),
    (b"", TargetLost, "takes no commands: see `wsl.exe --list --verbose`. (wsl.exe: silent)"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "kind", "meaning"), COMPLAINTS)
def test_a_complaint_becomes_a_sentence(
    monkeypatch: pytest.MonkeyPatch, said: bytes, kind: type[WslgoError], meaning: str
) -> None:
    listed = Outcome(0, utf16("Debian-12\nAlpine\n"), b"")
    monkeypatch.setattr(wslexe, "run_process", lambda *_, **__: listed)

    error = AS_DEV.explain(said)

    assert type(error) is kind
    assert meaning in str(error)


@pytest.mark.parametrize(
    ("listed", "message"),
    [
        (Outcome(255, b"", b"", overran=True), "`wsl.exe --list` did not answer within 30 s"),
        (Outcome(1, b"", b""), r"`wsl.exe --list` ended with status 1 \(wsl.exe: silent\)"),
        (Outcome(255, utf16("x\nError code: Wsl/0x80070005\n"), b""), "wsl.exe fails: Windows denies the access"),
    ],
)
def test_a_list_that_cannot_be_had(monkeypatch: pytest.MonkeyPatch, listed: Outcome, message: str) -> None:
    monkeypatch.setattr(wslexe, "run_process", lambda *_, **__: listed)

    with pytest.raises(TargetLost, match=message):
        wslexe.list_distros("wsl.exe")


@pytest.mark.parametrize("status", [255, 0xFFFFFFFF])
def test_a_machine_without_distributions(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    none = Outcome(status, utf16("Windows Subsystem for Linux has no installed distributions.\n"), b"")
    monkeypatch.setattr(wslexe, "run_process", lambda *_, **__: none)

    assert wslexe.list_distros("wsl.exe").distros == ()


def test_a_distribution_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wslexe, "run_process", lambda *_, **__: Outcome(0, utf16("Alpine\n"), b""))

    assert DEBIAN.why_gone() == "distribution Debian is no longer registered with WSL."
    assert Wsl("wsl.exe", "Alpine").why_gone() is None


def test_a_distribution_that_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wsl, "find_wsl_exe", lambda _: "wsl.exe")
    monkeypatch.setattr(wslexe, "run_process", lambda *_, **__: Outcome(0, utf16("Alpine\n"), b""))
    monkeypatch.setattr(wsl, "run_process", lambda *_, **__: Outcome(137, b"", b"", overran=True))

    with pytest.raises(TargetLost, match=r"distribution Alpine did not start within 120 s: `wsl.exe --shutdown`"):
        wsl.enter_wsl("Alpine", None)
