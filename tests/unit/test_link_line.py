"""The mode in the line that starts the linker, in recorded output of `go build -x` (shortened)."""

from __future__ import annotations

import pytest

from pytest_wslgo.model.link_line import linker_mode

# Go 1.19.8, `go build -x` of a program for Windows: the record says exe, the linker was run with pie.
GO_1_19 = r"""
cat >$WORK/b001/importcfg.link << 'EOF' # internal
packagefile wslgo.example/bare=$WORK/b001/_pkg_.a
modinfo "0w\xaf\f\x92t\b\x02A\xe1\xc1\a\xe6\xd6\x18\xe6path\twslgo.example/bare\nbuild\t-buildmode=exe\n"
EOF
mkdir -p $WORK/b001/exe/
cd .
/usr/lib/go-1.19/pkg/tool/linux_amd64/link -o $WORK/b001/exe/a.out.exe -importcfg $WORK/b001/importcfg.link -buildmode=pie -buildid=x -extld=gcc $WORK/b001/_pkg_.a
$WORK/b001/buildid -w $WORK/b001/exe/a.out.exe # internal
"""  # noqa: E501

# Go 1.27.3, with a variable before the path, which is quoted where it has a space.
GO_1_27 = (
    "GOROOT='/opt/my go' '/opt/my go/pkg/tool/linux_amd64/link' -o $WORK/b001/exe/a.out "
    "-importcfg $WORK/b001/importcfg.link -X=runtime.godebugDefault=panicnil=1 -buildmode=c-archive "
    "-buildid=x -extld=gcc $WORK/b001/_pkg_.a\n"
)


@pytest.mark.parametrize(
    ("printed", "mode"),
    [
        pytest.param(GO_1_19, "pie", id="1.19"),
        pytest.param(GO_1_27, "c-archive", id="1.27"),
        pytest.param(GO_1_19 + GO_1_27, "c-archive", id="the-last"),
        pytest.param("", None, id="up-to-date"),
        pytest.param(GO_1_19.replace("tool/linux_amd64/link", "tool/linux_amd64/compile"), None, id="only-compiled"),
    ],
)
def test_the_mode_is_that_of_the_linkers_line(printed: str, mode: str | None) -> None:
    assert linker_mode(printed) == mode
