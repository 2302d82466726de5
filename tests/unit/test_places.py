"""The file and line that an observed fact names, or that can be found in what was read of the target."""

from __future__ import annotations

import pytest

from pytest_wslgo.report.places import Place, places_in

LAUNCH = "/home/dev/app/.vscode/launch.json"
FILES = {
    LAUNCH: '{\n  // ours\n  "configurations": [\n    {"type": "go", "cwd": "C:\\\\app"}\n  ]\n}\n',
    "/home/dev/.config/go/env": "GOBIN=bin\nGOOS=windows\n",
    "/usr/local/go/go.env": "# the SDK's own\nGOTOOLCHAIN=auto\n",
    "/etc/wsl.conf": "[automount]\noptions = metadata , uid=1000\n[boot]\nsystemd true\n[user]\n",
}


@pytest.mark.parametrize(
    ("why", "area", "places"),
    [
        pytest.param(
            "GOROOT is /old (exported in /home/dev/.profile line 2), but go belongs to /new",
            "setup",
            [("/home/dev/.profile", 2)],
            id="exported",
        ),
        pytest.param(
            "/x is on the PATH (probably exported in /home/dev/.bashrc line 9 and exported in /etc/profile line 3).",
            "setup",
            [("/home/dev/.bashrc", 9), ("/etc/profile", 3)],
            id="two",
        ),
        pytest.param(
            "/home/dev/.config/go/env line 2 sets GOOS=windows; /home/dev/.config/go/env line 2 sets GOOS=windows",
            "setup",
            [("/home/dev/.config/go/env", 2)],
            id="once-each",
        ),
        pytest.param(
            "GOBIN is bin in every shell (the go env file /home/dev/.config/go/env)",
            "setup",
            [("/home/dev/.config/go/env", 1)],
            id="go-env-file",
        ),
        pytest.param(
            "GOTOOLCHAIN is auto in every shell ($GOROOT/go.env)", "setup", [("/usr/local/go/go.env", 2)], id="sdk"
        ),
        pytest.param(
            f"{LAUNCH}: configurations[0].cwd is 'C:\\\\app', which means nothing on Linux",
            "setup",
            [(LAUNCH, 4)],
            id="launch-json",
        ),
        pytest.param(f"{LAUNCH}: configurations[0].type is odd", "setup", [(LAUNCH, 4)], id="launch-json-key"),
        pytest.param(f"{LAUNCH} cannot be opened", "setup", [(LAUNCH, None)], id="no-line"),
        pytest.param(
            "Line 4 is `systemd true`: a key without =. WSL stops there and drops all below it: `[user]` (line 5).",
            "wsl",
            [("/etc/wsl.conf", 4)],
            id="wsl-line",
        ),
        pytest.param("automount.options: `metadata ` is untrimmed.", "wsl", [("/etc/wsl.conf", 2)], id="wsl-value"),
        pytest.param("automount.options is not in effect.", "wsl", [("/etc/wsl.conf", 2)], id="wsl-key"),
        pytest.param("GOCACHE is on 9p", "setup", [], id="no-file"),
        pytest.param("/etc/wsl.conf.bak is there", "setup", [], id="another-file"),
        pytest.param("the loader is /lib/ld.so and net line 3", "linking", [], id="no-place"),
    ],
)
def test_a_fact_names_its_place(why: str, area: str, places: list[tuple[str, int | None]]) -> None:
    assert places_in(why, FILES, area=area) == tuple(Place(*one) for one in places)


def test_a_long_output_costs_little() -> None:
    assert places_in("/" * 50_000 + " line x" * 1000, FILES) == ()
