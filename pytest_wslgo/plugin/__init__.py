"""L3: the pytest plugin. This module is imported in every pytest run of every user: it imports nothing but pytest.

Without ``--wslgo`` it adds options and does nothing else; the work begins in ``activation``.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("wslgo", "acceptance test of a Go development environment (pytest-wslgo)")
    add = group.addoption
    add("--wslgo", action="store_true", help="Turn the plugin on; without a path, run the bundled book of suites.")
    add(
        "--wslgo-target",
        action="append",
        default=[],
        metavar="SPEC",
        help="Machine under test, repeatable: local://, chroot:///DIR, podman://NAME, docker://NAME, "
        "ssh://USER@HOST:PORT, wsl://NAME, wsl://all. Default: local://, or the machines of --hosts.",
    )
    add(
        "--wslgo-go",
        action="append",
        default=[],
        metavar="WHICH",
        help="Go toolchain, repeatable: auto (what a login shell finds; the default), embedded, a GOROOT, or the path "
        "of a go command.",
    )
    add(
        "--wslgo-distro",
        action="append",
        default=[],
        metavar="NAME=IMAGE",
        help="Linux userland for the libc matrix, repeatable: the name of an image, a root file system (folder or "
        "tarball), or a running machine as a SPEC; adds to debian, ubuntu and alpine, or replaces one.",
    )
    add(
        "--wslgo-profile",
        metavar="NAME",
        help="The claims that must be verified: devbox (the default), nightly, release, or one of wslgo.toml.",
    )
    add("--wslgo-waivers", metavar="FILE", help="TOML file of waivers, instead of the one that wslgo.toml names.")
    add("--wslgo-ledger", metavar="FILE", help="Write every verdict of the run to FILE as JSON.")
    add("--wslgo-html", metavar="FILE", help="Write the run to FILE as one page, without scripts.")
    add("--wslgo-sarif", metavar="FILE", help="Write the findings to FILE as SARIF 2.1.0, with file and line.")
    add("--wslgo-prometheus", metavar="FILE", help="Write the run to FILE as metrics (node_exporter's textfile).")
    add("--wslgo-save-facts", metavar="FILE", help="Write the snapshot of the target to FILE (secrets masked).")
    add(
        "--wslgo-facts",
        action="append",
        default=[],
        metavar="FILE",
        help="Judge a stored snapshot instead of a machine, repeatable; claims that need the machine are not checked.",
    )
    add("--wslgo-explain", metavar="CLAIM", help="Print all that the book knows of a claim; run nothing.")
    add(
        "--wslgo-list",
        nargs="?",
        const="table",
        choices=("table", "json"),
        help="Print every claim, as a table or as JSON (=json); run nothing.",
    )
    add(
        "--wslgo-subject",
        metavar="PATH",
        help="Your own Go module (its repository, its editor's settings, where its programs run), or a program's file "
        "(where it runs).",
    )
    add("--wslgo-network", action="store_true", help="Allow the claims that need the network.")
    add("--wslgo-lang", metavar="en|zh", help="Language of the report (default: that of the locale).")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("wslgo") and not _prints_only(config):
        from pytest_wslgo.plugin.activation import activate

        activate(config)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | pytest.ExitCode | None:
    if _prints_only(config):
        from pytest_wslgo.plugin.printing import print_claims

        return print_claims(config)
    if config.getoption("wslgo"):
        from pytest_wslgo.plugin.rootdir import run_with_joined_options

        return run_with_joined_options(config)
    return None


def _prints_only(config: pytest.Config) -> bool:
    return bool(config.getoption("wslgo_list") or config.getoption("wslgo_explain"))
