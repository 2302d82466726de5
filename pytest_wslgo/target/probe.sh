# What one shell of the user sees; and the few words that this script is written in. trace.sh and snapshot.sh follow:
#
#   WSLGO_SCRIPT=TEXT sh -c TEXT sh collect NONCE [SH [SECONDS]]   the whole snapshot; SECONDS is the limit of a shell
#   … probe NONCE NAME SH [FINGERPRINT:NAME…]                      what one shell sees (started by collect)
#
# POSIX sh (dash, bash, BusyBox ash), and only tools that BusyBox has too; each may be missing. Output is a sequence of
# sections: "\nNONCE name\n" and then the bytes of the section. The nonce is random, so nothing needs quoting, and what
# the user's start-up files print is told apart. Lists are separated by newlines, fields and environment by 0x1e.
#
# Read-only: no file is made (no here-documents: bash before 5.1 keeps them in temporary files), and none by `go`
# (measured with strace on Go 1.19, 1.26 and 1.27; tests/integration/test_snapshot_targets.py holds it):
# - TEST_TELEMETRY_DIR below /dev/null: the counters have no place to go. HOME and XDG_CONFIG_HOME stay the user's,
#   because they decide which GOENV file is read.
# - `go env` gets a list of names: without one (or with a CGO_*FLAGS, PKG_CONFIG or GOGCCFLAGS in it) it starts the C
#   compiler and keeps what it learns in GOCACHE.
# - a toolchain that GOTOOLCHAIN or a go.work asks for and that is not there is not fetched (GOPROXY=off, and a
#   GOMODCACHE that cannot be made, for even a refused download leaves a lock file).
# - compile is started by its path: `go tool` builds a missing tool since Go 1.25.
# Go commands run in /proc: no go.mod can be there, and only / is above it.

rs=$(printf '\036')
nl='
'
system_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
go_names='AR CC CXX CGO_ENABLED GCCGO GO111MODULE GO386 GOAMD64 GOARM GOARM64 GOARCH GOAUTH GOBIN GOCACHE GOCACHEPROG
GODEBUG GOENV GOEXE GOEXPERIMENT GOFIPS140 GOFLAGS GOHOSTARCH GOHOSTOS GOINSECURE GOMOD GOMODCACHE GONOPROXY GONOSUMDB
GOOS GOPATH GOPRIVATE GOPROXY GOROOT GOSUMDB GOTMPDIR GOTOOLCHAIN GOTOOLDIR GOVCS GOVERSION GOWORK'

section() { printf '\n%s %s\n' "$nonce" "$*"; }

# file PATH: the first 256 KiB of the text of a file (a go env file of 10 MB is judged by them), or why there is none.
file() {
    if [ -r "$1" ] && [ ! -d "$1" ]; then
        section "file $1"
        head -c 262144 "$1" 2>/dev/null
    elif [ -e "$1" ]; then
        section "unreadable $1"
    fi
}

# told NAME COMMAND...: sections NAME (stdout), NAME.err and NAME.status.
told() {
    told_name=$1
    shift
    section "$told_name"
    { told_err=$("$@" </dev/null 2>&1 >&3 3>&-); } 3>&1
    told_status=$?
    section "$told_name.err"
    printf '%s' "$told_err"
    section "$told_name.status"
    printf '%s' "$told_status"
    return "$told_status"
}

# limited SECONDS COMMAND...: in a session of its own, so that an interactive shell finds no terminal to wait for and
# that everything it started dies with it, in time or too late (status 137). `timeout` does neither: BusyBox's kills
# the command alone, coreutils' stops an interactive shell in the background of the terminal. The limit ends its own
# sleep: in a container whose first process reaps nobody, an orphan would stay in the process table.
limited() {
    limit=$1
    shift
    $setsid "$@" </dev/null &
    limited_pid=$!
    $setsid "$sh" -c 'trap "kill \$!; wait; exit" TERM; sleep "$1" & wait $! && kill -9 "-$2" "$2"' \
        limit "$limit" "$limited_pid" >/dev/null 2>&1 </dev/null &
    limit_pid=$!
    wait "$limited_pid" 2>/dev/null
    limited_status=$?
    kill -9 "-$limited_pid" "$limited_pid" 2>/dev/null
    kill "$limit_pid" 2>/dev/null
    wait "$limit_pid" 2>/dev/null
    return "$limited_status"
}

# Set `value` to how the user has set a Go variable, without asking go: environment, GOENV file, $GOROOT/go.env.
goenv_value() {
    eval "value=\${$1-}"
    [ -z "$value" ] || return 0
    case $goenv in
    *"$nl$1="[!$nl]*)
        value=${goenv#*"$nl$1="}
        value=${value%%"$nl"*}
        ;;
    esac
}

# Set `guard` to the variables that keep go from fetching another toolchain, or to nothing where none can be wanted.
guard_toolchain() {
    guard=
    goroot=${GOROOT:-$(readlink -f "$go" 2>/dev/null)}
    goenv=$nl$(grep -hE '^(GOTOOLCHAIN|GOWORK)=.' "${GOENV:-${XDG_CONFIG_HOME:-$HOME/.config}/go/env}" \
        "${goroot%/bin/go}/go.env" 2>/dev/null)
    goenv_value GOTOOLCHAIN
    wanted=${value%%+*}
    case $wanted in
    '' | auto | path | local)
        wanted='*'
        goenv_value GOWORK
        { [ -z "$value" ] || [ "$value" = off ]; } && [ ! -e /go.mod ] && [ ! -e /go.work ] && return
        ;;
    esac
    guard='GOPROXY=off GOMODCACHE=/dev/null/none'
    cache=$(GOTOOLCHAIN=local "$go" env GOMODCACHE 2>/dev/null)
    for kept in "$cache"/golang.org/toolchain@v0.0.1-$wanted.*; do
        [ -d "$kept" ] && guard=GOPROXY=off
    done
}

probe_go() {
    cd /proc 2>/dev/null || cd /
    export TEST_TELEMETRY_DIR=/dev/null/none
    guard_toolchain
    told "$name.go-version" env $guard "$go" version
    told "$name.go-env" env $guard "$go" env -json $go_names
    if [ -n "$guard" ]; then
        told "$name.go-env-local" env GOTOOLCHAIN=local "$go" env -json $go_names
    fi
}

# Ask go, unless a shell before this one gave it the same environment: its answers are the same.
probe_go_once() {
    print=$(env | LC_ALL=C grep -E '^(PATH|HOME|GO|CGO_|CC=|CXX=|AR=|XDG_|LD_|PKG_CONFIG)' | LC_ALL=C sort | cksum)
    print=${print%% *}
    for known in "$@"; do
        case $known in "$print:"*)
            section "$name.go-as"
            printf '%s' "${known#*:}"
            return
            ;;
        esac
    done
    section "$name.fingerprint"
    printf '%s\n' "$print"
    probe_go
}

# Start again without the script in the environment, so that what is shown is the user's alone.
probe() {
    shift
    script=$WSLGO_SCRIPT
    unset WSLGO_SCRIPT
    exec "$3" -c "$script" wslgo probed "$@"
}

probed() {
    name=$3
    shift 4
    section "$name.environ"
    if [ -r "/proc/$$/environ" ]; then tr '\000' '\036' <"/proc/$$/environ"; else env | tr '\n' '\036'; fi
    section "$name.path"
    printf '%s\n' "${PATH-}"
    section "$name.umask"
    umask
    section "$name.limits"
    cat "/proc/$$/limits" 2>/dev/null || printf 'Max open files %s %s files\n' "$(ulimit -Sn)" "$(ulimit -Hn)"
    section "$name.folders"
    for folder in HOME TMPDIR XDG_CACHE_HOME XDG_CONFIG_HOME GOROOT GOPATH GOBIN GOCACHE GOMODCACHE GOTMPDIR GOENV; do
        eval "printf '%s\n' \"\${$folder-}\""
    done
    go=$(command -v go)
    case $go in */*) probe_go_once "$@" ;; esac
}
