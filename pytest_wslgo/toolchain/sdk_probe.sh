# Read the Go SDK behind "$1" (a GOROOT, or a path of a go command; ~ is the home directory) and print what it is,
# one key=value a line. dash, bash and BusyBox. "$2" is a directory of ours to run go in.
say() { printf '%s=%s\n' "$1" "$2"; }

path=$1
case $path in '~' | '~/'*) path=$HOME${path#'~'} ;; esac
say path "$path"
say machine "$(uname -m)"
say distro "$( (. /etc/os-release && echo "$ID $ID_LIKE") 2>/dev/null)"
cd "$2" || exit 1

command=$path
if [ -d "$path" ]; then
    command=$path/bin/go
    if ! [ -e "$command" ]; then
        say kind directory
        # The usual slip is the directory that holds the command.
        [ "${path##*/}" = bin ] && [ -f "$path/go" ] && say meant "${path%/*}"
        exit 0
    fi
fi
if ! [ -e "$command" ]; then
    if [ -L "$command" ]; then say kind dangling; say link "$(readlink "$command")"; else say kind absent; fi
    exit 0
fi
if [ -d "$command" ]; then say kind directory; exit 0; fi
say command "$command"
if ! [ -x "$command" ]; then say kind not-executable; exit 0; fi
say kind file
resolved=$(readlink -f "$command")
say resolved "$resolved"
head=$(od -An -v -tx1 -N512 "$command" | tr -d ' \n')
say head "$head"
# With interop a PE file would run here, on Windows.
case $head in 4d5a*) exit 0 ;; esac

# Telemetry finds no place below /dev/null; HOME stays the user's, for a shim of a version manager reads its files there.
export TEST_TELEMETRY_DIR=/dev/null/none GOENV=off GOTOOLCHAIN=local LC_ALL=C
unset GOROOT GOOS GOARCH GOFLAGS GOWORK GOMOD GO111MODULE GOEXPERIMENT GODEBUG
answer=$("$command" env GOROOT GOVERSION GOHOSTOS GOHOSTARCH 2>"$2/stderr" </dev/null)
say status $?
say error "$(sed -n '1,3p' "$2/stderr" | tr '\r\n' '  ')"
{ IFS= read -r goroot; IFS= read -r version; IFS= read -r goos; IFS= read -r goarch; } <<END
$answer
END
say goroot "$goroot"
say version "$version"
say goos "$goos"
say goarch "$goarch"

tree=$goroot
[ -d "$tree" ] || tree=${resolved%/bin/*}
say tree "$tree"
cd "$tree" 2>/dev/null || exit 0
for file in *; do say file "$file"; done
for part in bin/go src/runtime pkg/include/textflag.h pkg/tool/*/compile pkg/tool/*/asm pkg/tool/*/link pkg/tool/*/cgo; do
    [ -e "$part" ] && say part "$part"
done
exit 0
