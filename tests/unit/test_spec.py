"""A target's spec: every form, and every way to get one wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.errors import BadInput
from pytest_wslgo.target.spec import Address, expand_specs, open_target, parse_spec

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("spec", "address"),
    [
        ("local://", Address("local", "")),
        ("chroot:///srv/alpine", Address("chroot", "/srv/alpine")),
        ("chroot:///srv/with%20blank", Address("chroot", "/srv/with blank")),
        ("podman://box", Address("podman", "box")),
        ("docker://dev@box", Address("docker", "box", user="dev")),
        ("wsl://Ubuntu-22.04", Address("wsl", "Ubuntu-22.04")),
        ("wsl://dev@Debian", Address("wsl", "Debian", user="dev")),
        ("wsl://Old Ubuntu", Address("wsl", "Old Ubuntu")),
        ("wsl://Old%20Ubuntu", Address("wsl", "Old Ubuntu")),
        ("ssh://box", Address("ssh", "box")),
        ("ssh://dev@box.example:2222", Address("ssh", "box.example", user="dev", port=2222)),
        ("ssh://box/", Address("ssh", "box")),
        ("ssh://[::1]", Address("ssh", "::1")),
        ("ssh://dev@[fe80::1%eth0]:22", Address("ssh", "fe80::1%eth0", user="dev", port=22)),
        ("ssh://dev%40corp@box", Address("ssh", "box", user="dev@corp")),
    ],
)
def test_a_spec_says_where_a_machine_is(spec: str, address: Address) -> None:
    assert parse_spec(spec) == address


def test_options_of_ssh_are_files_that_exist(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.touch()

    assert parse_spec(f"ssh://box?ssh_config={config}&identity={config}").options == (
        ("ssh_config", str(config)),
        ("identity", str(config)),
    )


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("", r"target '' is none; a target is one of local://, chroot:///DIR, podman://"),
        ("box", "target 'box' is none"),
        ("sssh://box", r"did you mean 'ssh'\?"),
        ("wsl://", r"it names nothing. The form is wsl://\[USER@\]NAME or wsl://all"),
        ("wsl://@Ubuntu", "the user before @ is empty"),
        ("wsl://Ubuntu?cd=x", "'cd' is no option of wsl://; its options: none"),
        ("ansible://all", "ansible:// is not supported yet"),
        ("local://box", "this machine has no name or path"),
        ("local://?x=1", "'x' is no option of local://; its options: none"),
        ("chroot://srv", "the folder must be an absolute path"),
        ("podman://", "it names nothing"),
        ("podman://@box", "the user before @ is empty"),
        ("podman://-v", "a name does not start with '-'"),
        ("ssh://", "it names no host"),
        ("ssh://::1", "it names no host"),
        ("ssh://box:port", "it names no host"),
        ("ssh://box:70000", "port 70000 is not between 1 and 65535"),
        ("ssh://-oProxyCommand=x", "a name does not start with '-'"),
        ("ssh://box?identty=x", r"'identty' is no option of ssh:// \(did you mean 'identity'\?\)"),
        ("ssh://box?identity=/no/such", "the file of identity, /no/such, is not there"),
    ],
)
def test_a_wrong_spec_is_explained(spec: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        parse_spec(spec)


@pytest.mark.parametrize(
    ("spec", "name"), [("local://", "local"), ("ssh://dev@box:22", "box"), ("chroot:///srv/x", "/srv/x")]
)
def test_a_target_is_named_after_its_place(spec: str, name: str) -> None:
    assert open_target(spec).name == name
    assert open_target(spec, name="mine").name == "mine"


def test_all_distributions_are_no_single_machine() -> None:
    with pytest.raises(BadInput, match=r"'wsl://all' cannot be used: it means every distribution, and one machine is"):
        open_target("wsl://all")


def test_other_specs_are_left_as_they_are() -> None:
    specs = ("local://", "wsl://Debian", "podman://all")

    assert expand_specs(specs) == (specs, ())
