"""Each key of /etc/wsl.conf against what the machine shows; one that was edited since waits for a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_wslgo.model.wsl.effects.boot import hostname_differs, hosts_differ, resolv_conf_differs, systemd_differs
from pytest_wslgo.model.wsl.effects.drives import automount_differs, automount_options_differ
from pytest_wslgo.model.wsl.effects.session import default_user_differs, interop_differs, windows_path_differs

if TYPE_CHECKING:
    from pytest_wslgo.model.snapshot import Snapshot


@pytest.mark.claim("wsl.automount")
def test_windows_drives_are_mounted_as_configured(snapshot: Snapshot) -> None:
    found = automount_differs(snapshot)
    assert not found, "; ".join(found)


@pytest.mark.claim("wsl.automount-options")
def test_windows_drives_have_the_options_that_are_configured(snapshot: Snapshot) -> None:
    found = automount_options_differ(snapshot)
    assert not found, "; ".join(found)


@pytest.mark.claim("wsl.interop")
def test_windows_programs_start_as_configured(snapshot: Snapshot) -> None:
    found = interop_differs(snapshot)
    assert not found, "; ".join(found)


@pytest.mark.claim("wsl.append-windows-path")
def test_the_path_of_windows_comes_last_or_not_at_all(snapshot: Snapshot) -> None:
    found = windows_path_differs(snapshot)
    assert not found, "; ".join(found)


@pytest.mark.claim("wsl.systemd")
def test_systemd_is_the_first_process_as_configured(snapshot: Snapshot) -> None:
    found = systemd_differs(snapshot)
    assert not found, "; ".join(found)


@pytest.mark.claim("wsl.default-user")
def test_the_session_is_that_of_the_default_user(snapshot: Snapshot) -> None:
    found = default_user_differs(snapshot)
    assert not found, "; ".join(found)


@pytest.mark.claim("wsl.resolv-conf")
def test_resolv_conf_is_written_by_whom_is_configured(snapshot: Snapshot) -> None:
    found = resolv_conf_differs(snapshot)
    assert not found, "; ".join(found)


@pytest.mark.claim("wsl.hosts")
def test_hosts_is_written_by_whom_is_configured(snapshot: Snapshot) -> None:
    found = hosts_differ(snapshot)
    assert not found, "; ".join(found)


@pytest.mark.claim("wsl.hostname")
def test_the_host_has_the_name_that_is_configured(snapshot: Snapshot) -> None:
    found = hostname_differs(snapshot)
    assert not found, "; ".join(found)
