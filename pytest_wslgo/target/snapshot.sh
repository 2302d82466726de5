# Everything that the setup claims need to know of a machine, in one process round trip. It follows probe.sh, whose head
# says how the output is written, and why nothing on the machine is changed.

# shell NAME COMMAND...: run a shell of the user with the PATH that we were given. It ends at our marker even when
# something that a start-up file left behind still holds the pipe. At most 40 lines are kept of what precedes us.
shell() {
    name=$1
    shift
    out=$({
        section "$name.noise"
        limited "$shell_limit" env PATH="$given_path" "$@" 2>&1
        section "$name.status"
        printf '%s' "$limited_status"
        section "$name.end"
        echo # sed reads one line ahead
    } | LC_ALL=C sed -n -e "/^$nonce $name\.[ws]/,\${p;/^$nonce $name\.end/q;d;}" -e 1,40p)
    printf '\n%s\n' "$out"
    outs="$outs
$out"
    known="$known $(printf '%s\n' "$out" | sed -n "/^$nonce $name\.fingerprint/{n;p;q;}"):$name"
}

# The user's own shell is asked for the word `go` (an alias, a function); then it hands over to us.
shells() {
    outs=
    known=
    section login-shell
    printf '%s' "$login_shell"
    for name in plain bare login interactive; do
        ask="echo; echo $nonce $name.word; command -v go || :
exec $sh -c \"\$WSLGO_SCRIPT\" wslgo probe $nonce $name $sh $known"
        case $name in
        plain) shell plain "$sh" -c "$ask" ;;
        bare) shell bare env -i HOME="${HOME-}" USER="${USER-}" LOGNAME="${LOGNAME-}" SHELL="$login_shell" \
            PATH="$system_path" WSLGO_SCRIPT="$WSLGO_SCRIPT" "$sh" -c "$ask" ;;
        login) shell login "$login_shell" -lc "$ask" ;;
        interactive) shell interactive "$login_shell" -ic "$ask" ;;
        esac
    done
    unset WSLGO_SCRIPT
}

user_shell() {
    entry=$({ cat /etc/passwd; getent passwd "$uid"; } 2>/dev/null | sed -n "/^[^:]*:[^:]*:$uid:/{p;q;}")
    found=${entry##*:}
    printf '%s' "${found:-${SHELL:-/bin/sh}}"
}

# values NAME...: every value that a section of this name, or a variable of go env, had in any of the shells, once.
values() {
    for value_of in "$@"; do
        shift
        set -- "$@" -e "/^$nonce [a-z]*\.$value_of\$/,/^$nonce/{/^$nonce/!{/./p;};}" \
            -e "s/^[[:space:]]*\"$value_of\": \"\(..*\)\",\{0,1\}\$/\1/p"
    done
    printf '%s\n' "$outs" | sed -n "$@" | LC_ALL=C sort -u
}

platform() {
    section uname
    uname -srm
    for text in /proc/version /proc/sys/kernel/osrelease /etc/os-release /usr/lib/os-release /proc/1/comm \
        /proc/1/cgroup /proc/self/cgroup /run/systemd/container /run/.containerenv /proc/self/mountinfo /proc/mounts \
        /proc/1/stat /proc/uptime /etc/wsl.conf /etc/wsl-distribution.conf /etc/resolv.conf /etc/hosts /etc/hostname \
        /etc/fstab /etc/timezone /proc/sys/fs/binfmt_misc/status /proc/sys/kernel/hostname; do
        file "$text"
    done
    for text in /proc/sys/fs/binfmt_misc/*[Ii]nterop* /proc/sys/fs/binfmt_misc/WSL* /proc/sys/fs/binfmt_misc/qemu-*; do
        [ -e "$text" ] && file "$text"
    done
    section names-binfmt
    ls /proc/sys/fs/binfmt_misc
    if [ -d /run/WSL ]; then
        section names-run-wsl
        ls /run/WSL
    fi
    section pid1-environ
    tr '\000' '\036' </proc/1/environ
    section btime
    sed -n 's/^btime //p' /proc/stat
    section clock-ticks
    getconf CLK_TCK
    section cpu-flags
    sed -n -e '/^flags[[:space:]]*:/bfound' -e '/^Features[[:space:]]*:/bfound' -e d -e :found -e 's/^[^:]*: *//p;q' \
        /proc/cpuinfo
    section users
    cat /etc/passwd 2>/dev/null | cut -d: -f1,3,6,7
}

libc() {
    section sh-head
    od -An -v -tx1 -N1024 /bin/sh
    section getconf-libc
    getconf GNU_LIBC_VERSION
    for loader in /lib/ld-musl-* /lib64/ld-linux-* /lib/ld-linux* /lib64/ld64* /lib/ld.so*; do
        [ -x "$loader" ] || continue
        section "loader $loader"
        limited 5 "$loader" --version 2>&1
    done
}

user() {
    section id
    printf '%s\n' "$uid"
    for part in -g -un -Gn -G; do id $part; done
    section cwd
    pwd
    section date
    date +%s
    for namespace in self 1; do
        section "namespace-$namespace"
        readlink "/proc/$namespace/ns/mnt"
    done
}

links() {
    section links
    for link in /proc/1/exe /bin/sh /sbin/init /init /bin/wslpath /usr/bin/wslpath /usr/bin/wslinfo /etc/resolv.conf \
        /etc/localtime /run/wsl/virtiofs/*; do
        [ -L "$link" ] && printf '%s%s%s\n' "$link" "$rs" "$(readlink "$link")"
    done
}

# stats PATH...: type, mode, owner and times of what a path leads to. ls where there is no stat (then without times).
stats() {
    [ $# -gt 0 ] || return 0
    if command -v stat >/dev/null; then
        stat -L -c "%f$rs%u$rs%g$rs%Y$rs%s$rs%n" -- "$@"
    else
        for stated in "$@"; do printf '%s%s%s\n' "$(ls -ldnL "$stated")" "$rs" "$stated"; done
    fi
}

known_paths() {
    section known-paths
    set --
    for known in /.dockerenv /run/.containerenv /run/WSL /init /mnt/wsl /mnt/wslg /mnt/wslg/runtime-dir/wayland-0 \
        /mnt/wslg/PulseServer /tmp/.X11-unix/X0 "${XDG_RUNTIME_DIR:-/run/user/$uid}/wayland-0" \
        "${XDG_RUNTIME_DIR:-/run/user/$uid}/pulse/native" /run/systemd/system /run/systemd/container \
        /run/systemd/generator/systemd-binfmt.service.d/override.conf /run/systemd/generator/wslg.service \
        /etc/ld.so.conf.d/ld.wsl.conf /etc/wsl.conf /etc/profile.d/wslg.sh /usr/lib/wsl/lib /dev/dxg \
        /usr/sbin/start-systemd-namespace /usr/sbin/enter-systemd-namespace /usr/bin/genie /etc/genie.ini \
        /go.mod /go.work /tmp/go.mod /tmp/go.work "${HOME-}/.local/bin" "${HOME-}/.netrc" /etc/profile /etc/environment; do
        case $known in /*) [ -e "$known" ] && set -- "$@" "$known" ;; esac
    done
    for known in $(values GOWORK); do
        case $known in /*) [ -e "$known" ] && set -- "$@" "$known" ;; esac
    done
    above=${HOME-}
    while [ -n "$above" ]; do
        for known in "$above/go.mod" "$above/go.work"; do [ -e "$known" ] && set -- "$@" "$known"; done
        above=${above%/*}
    done
    for drive in $(sed -n -e 's/^[^ ]* \([^ ]*\) 9p .*/\1/p' -e 's/^[^ ]* \([^ ]*\) drvfs .*/\1/p' \
        -e 's/^[^ ]* \([^ ]*\) virtiofs .*/\1/p' /proc/mounts); do
        windows_path=$windows_path:$drive/Windows/System32
        for known in "$drive" "$drive/Windows/System32/wsl.exe" "$drive/Windows/System32/cmd.exe"; do
            [ -e "$known" ] && set -- "$@" "$known"
        done
    done
    stats "$@"
}

# Every directory of any PATH, and every `go` there or where SDKs usually lie.
path_folders() {
    dirs=$(values path | tr ':' '\n' | sort -u)
    section path-folders
    set -f
    for dir in $dirs; do [ -d "$dir" ] && printf '%s\n' "$dir"; done
    set --
    for dir in $dirs /usr/local/go/bin /usr/lib/go/bin /snap/bin "${HOME-}/go/bin" "${HOME-}/.local/go/bin"; do
        case "$nl$*$nl" in *"$nl$dir/go$nl"*) continue ;; esac
        if [ -e "$dir/go" ] || [ -L "$dir/go" ]; then set -- "$@" "$dir/go"; fi
    done
    set +f
    reals=$nl
    for go in "$@"; do one_go; done
    section go-stats
    stats "$@"
}

# A second name of a go is not started again, nor is what is no ELF: it may be a wrapper that fetches something.
one_go() {
    real=$(readlink -f "$go")
    section "go $go"
    printf '%s\n%s\n' "$real" "$(readlink "$go")"
    [ -f "$go" ] && [ -r "$go" ] || return 0
    head=$(od -An -v -tx1 -N512 "$go")
    section "go-head $go"
    printf '%s\n' "$head"
    case $reals in *"$nl$real$nl"*) return 0 ;; esac
    reals=$reals$real$nl
    case $real in */bin/go) goroots=$goroots${real%/bin/go}$nl ;; esac
    case $head in *' 7f 45 4c 46'*) [ -x "$go" ] || return 0 ;; *) return 0 ;; esac
    told "go-version $go" limited 10 env TEST_TELEMETRY_DIR=/dev/null/none GOTOOLCHAIN=local \
        "$sh" -c 'cd /proc; exec "$0" version' "$go"
}

goroot_facts() {
    set -f
    set -- $(printf '%s\n' "$(values GOROOT)" "$goroots" | sort -u)
    set +f
    for root in "$@"; do
        [ -d "$root" ] || continue
        section "goroot $root"
        # The last four are no longer part of newer releases: they tell of a tree that was unpacked over an older one.
        for part in VERSION go.env src/runtime/extern.go pkg/include/textflag.h pkg/tool bin/go bin/gofmt lib/time \
            src/crypto/internal/subtle/aliasing.go src/crypto/aes/aes_gcm.go src/internal/itoa/itoa.go \
            src/net/http/h2_bundle.go; do
            [ -e "$root/$part" ] && printf '%s\n' "$part"
        done
        for part in "$root"/pkg/tool/*/compile "$root"/pkg/tool/*/asm "$root"/pkg/tool/*/link "$root"/pkg/tool/*/cgo; do
            [ -e "$part" ] && printf '%s\n' "${part#"$root/"}"
        done
        file "$root/VERSION"
        file "$root/go.env"
        for part in "$root"/pkg/tool/*/compile; do
            [ -x "$part" ] && told "compile-version $root" limited 10 env TEST_TELEMETRY_DIR=/dev/null/none "$part" -V
        done
        section "goroot-stats $root"
        stats "$root/VERSION" "$root/bin/go"
    done
}

goenv_files() {
    set -f
    for goenv in $(printf '%s\n' "$(values GOENV)" "${XDG_CONFIG_HOME:-${HOME-}/.config}/go/env" | sort -u); do
        case $goenv in /*) file "$goenv" ;; esac
    done
    set +f
}

folders() {
    all=$(values folders GOROOT GOPATH GOBIN GOCACHE GOMODCACHE GOTMPDIR)
    set -f
    set -- $(printf '%s\n' "$all" "${HOME-}" "${HOME-}/.local/bin" "${HOME-}/go" "${HOME-}/go/bin" "${TMPDIR:-/tmp}" \
        /tmp "$PWD" | tr ':' '\n' | sed -n '/^\//p' | sort -u)
    set +f
    section folders
    for folder in "$@"; do
        shift
        above=$folder
        while [ ! -e "${above:-/}" ]; do above=${above%/*}; done
        if [ -w "${above:-/}" ]; then may=w; else may=-; fi
        real=$(cd -P "${above:-/}" && pwd -P)
        printf '%s\n' "$folder$rs${above:-/}$rs$real$rs$may"
        set -- "$@" "${above:-/}"
    done
    section folder-stats
    stats "$@"
    section folder-space
    limited 5 df -P -k "$@"
}

# Set `found` to the path of a tool of the login shell. `command -v` names applets that only BusyBox's own shell has.
find_tool() {
    set -f
    IFS=:
    for place in $tool_path; do
        found=$place/$1
        [ -f "$found" ] && [ -x "$found" ] && break
        found=
    done
    IFS=$nl
    set +f
    [ -n "$found" ]
}

tools() {
    section tools
    for tool in gcc cc clang g++ musl-gcc zig x86_64-w64-mingw32-gcc aarch64-linux-gnu-gcc ld ld.gold lld ar pkg-config \
        git strace gdb dlv gopls readelf objdump ldd file podman docker psql pg_ctl initdb etcd etcdctl redis-server \
        systemctl systemd-run snap apt-get dnf apk ssh sudo setpriv unshare upx qemu-aarch64-static wine Xvfb make curl \
        wslpath wslinfo wsl.exe cmd.exe powershell.exe go.exe bash python3; do
        find_tool "$tool" && printf '%s%s%s\n' "$tool" "$rs" "$found"
    done
}

# asked NAME TOOL ARGUMENT...: what a tool of the login shell says, where it is there.
asked() {
    asked_name=$1
    find_tool "$2" || return
    shift 2
    told "$asked_name" limited 5 "$found" "$@"
}

# CC may carry options, as in "zig cc -target x86_64-linux-musl".
compilers() {
    for cc in $(values CC); do
        told "cc $cc" limited 5 env PATH="$tool_path" "$sh" -c 'set -f; exec $0 -dumpmachine' "$cc"
    done
}

services() {
    asked dlv-version dlv version
    [ -d /run/systemd/system ] && asked systemd-state systemctl is-system-running
    [ -d /snap/go ] && asked snap-list snap list go
    if [ -d /run/WSL ] || [ -e /proc/sys/fs/binfmt_misc/WSLInterop ]; then
        asked wsl-version wslinfo --wsl-version
        asked wsl-networking wslinfo --networking-mode
        tool_path=$tool_path$windows_path
        find_tool wsl.exe && told wsl-exe-version limited 5 env WSL_UTF8=1 WSLENV="${WSLENV:+$WSLENV:}WSL_UTF8" \
            "$found" --version
    fi
}

# What does not depend on the shells of the user, and what does: at the same time, so that the second core has work too.
machine() {
    LC_ALL=C
    export LC_ALL
    platform
    user
    links
    libc
}

shells_and_go() {
    shells
    login_path=$(printf '%s\n' "$outs" | sed -n "/^$nonce login\.path\$/{n;p;}")
    tool_path=${login_path:-$given_path}
    goroots=
    windows_path=
    LC_ALL=C
    export LC_ALL
    known_paths
    path_folders
    goroot_facts
    goenv_files
    folders
    tools
    compilers
    services
    subject
}

# End what start-up files left running, as ssh-agent: it has our script in its environment, with our nonce and PID.
end_leftovers() {
    for left in $(LC_ALL=C grep -ls "WSLGO_SCRIPT=# $ours\$" /proc/[0-9]*/environ); do
        left=${left#/proc/}
        kill "${left%/environ}"
    done
}

# The user's own module, $module: what git says of it, and the editor's settings there and at the repository's top.
subject() {
    [ -n "$module" ] || return 0
    section subject
    printf '%s' "$module"
    asked subject-git git -C "$module" rev-parse --show-toplevel
    top=$module
    while [ -n "$top" ] && [ ! -e "$top/.git" ]; do top=${top%/*}; done
    [ "$top" = "$module" ] && top=
    for place in "$module" ${top:+"$top"}; do
        for text in "$place/.vscode/launch.json" "$place/.devcontainer.json" \
            "$place/.devcontainer/devcontainer.json" "$place/.devcontainer"/*/devcontainer.json; do file "$text"; done
    done
}

collect() {
    given_path=${PATH-}
    sh=${3:-/bin/sh}
    shell_limit=${4:-10}
    module=${5-}
    PATH=$given_path:$system_path
    setsid=$(command -v setsid)
    unset CDPATH
    IFS=$nl
    uid=$(id -u)
    login_shell=$(user_shell)
    shell_kind=$(readlink -f "$login_shell")
    shell_kind=${shell_kind##*/}
    ours="$nonce of $$"
    WSLGO_SCRIPT="# $ours$nl$WSLGO_SCRIPT"
    export WSLGO_SCRIPT
    section begin
    traced login </dev/null | {
        traced interactive </dev/null | {
            machine </dev/null | { shells_and_go; cat; }
            cat
        }
        cat
    }
    end_leftovers
    section plain.lines
    assigning_lines $(session_files)
    section date-end
    date +%s
    section end
}

nonce=$2
case $1 in
collect | probe | probed) "$1" "$@" 2>/dev/null ;;
*) echo "usage: SCRIPT collect NONCE [SH [SECONDS]]" >&2; exit 2 ;;
esac
