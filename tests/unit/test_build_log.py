"""What `go build -x` printed, recorded from Go 1.19 and 1.27: compilations, and nothing else, are compilations."""

from __future__ import annotations

import pytest

from pytest_wslgo.model.build_log import compiled

BEFORE = "mkdir -p $WORK/b001/\ncat >$WORK/b001/importcfg << 'EOF' # internal\n# import config\n"
OLD = (
    '/usr/lib/go-1.19/pkg/tool/linux_amd64/compile -o $WORK/b002/_pkg_.a -trimpath "$WORK/b002=>" -p '
    "wslgo.example/pair/leaf -lang=go1.19 -complete -buildid mSqC/mSqC -goversion go1.19.8 -c=2 -pack ./leaf/leaf.go\n"
)
NEW = (
    '/opt/my go/pkg/tool/linux_amd64/compile -o $WORK/b001/_pkg_.a -trimpath "$WORK/b001=>;/home/p=>" -p main '
    "-lang=go1.19 -complete -c=2 -shared -nolocalimports -importcfg $WORK/b001/importcfg -pack ./main.go\n"
)
AFTER = (
    "go tool buildid -w $WORK/b001/_pkg_.a # internal\ncp $WORK/b001/_pkg_.a /c/24/249b-d # internal\n"
    "/usr/local/go/pkg/tool/linux_amd64/asm -p runtime -trimpath x -o $WORK/b003/asm.o ./asm.s\n"
    "/usr/local/go/pkg/tool/linux_amd64/link -o $WORK/b001/exe/a.out -importcfg y -buildmode=exe -p main\n"
)


@pytest.mark.parametrize(
    ("log", "packages"),
    [
        (BEFORE + OLD + AFTER, ("wslgo.example/pair/leaf",)),
        (BEFORE + OLD + NEW + AFTER, ("wslgo.example/pair/leaf", "main")),
        (BEFORE + AFTER, ()),
        ("", ()),
    ],
)
def test_what_was_compiled(log: str, packages: tuple[str, ...]) -> None:
    assert compiled(log) == packages
