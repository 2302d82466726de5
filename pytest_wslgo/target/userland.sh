# What decides which programs start on a machine: the loaders of C libraries, what they find, and the kernel's emulators.
# It follows probe.sh, whose head says how the output is written: `sh -c PROBE+THIS wslgo NONCE`. Roots may be bare:
# there need not be an ldd, an ldconfig, an os-release, or an od.

# head PATH: the beginning of a program, by which its machine is told.
head_of() {
    section "head $1"
    od -An -v -tx1 -N"${2:-64}" "$1"
}

# Set `found` to the paths that are there: a pattern that matches nothing stays as it is, and is dropped.
present() {
    found=
    for present in "$@"; do [ -e "$present" ] && found=$found$present$nl; done
}

# A loader's own word for its version (glibc since 2.33, musl always) and for where it looks (glibc since 2.33).
loaders() {
    present /lib/ld-musl-* /lib64/ld-linux* /lib/ld-linux* /lib32/ld-linux* /libx32/ld-linux* /lib64/ld64* /lib/ld64* \
        /lib/ld.so* /usr/lib/ld-* /usr/lib64/ld-*
    for loader in $found; do
        [ -x "$loader" ] && [ -f "$loader" ] || continue
        head_of "$loader"
        section "loader $loader"
        limited 5 "$loader" --version 2>&1
        case $loader in */ld-linux* | */ld64*)
            section "searched $loader"
            limited 5 "$loader" --help 2>&1 | sed -n 's/^  \(\/[^(]*[^( ]\) (system search path)$/\1/p'
            ;;
        esac
    done
}

# Older ones keep the version in libc.so.6 alone; it would print it, too, but a foreign one cannot be started.
banners() {
    present /lib/*/libc.so.6 /lib/libc.so.6 /lib64/libc.so.6 /lib32/libc.so.6 /usr/lib/*/libc.so.6 /usr/lib/libc.so.6 \
        /usr/lib64/libc.so.6
    for banner in $found; do
        head_of "$banner"
        section "banner $banner"
        grep -a -o -m 1 'GNU C Library.* version [0-9.]*[0-9]' "$banner"
    done
}

libraries() {
    section ldconfig
    for ldconfig in /sbin/ldconfig /usr/sbin/ldconfig /usr/bin/ldconfig; do
        [ -x "$ldconfig" ] && limited 5 "$ldconfig" -p | sed -n 's/^[[:space:]]*\(.*\) => .*/\1/p' && break
    done
    present /etc/ld-musl-*.path
    for text in $found; do file "$text"; done
    present /lib /usr/lib /usr/local/lib /lib64 /usr/lib64 /lib32 /usr/lib32 /lib/*-linux-* /usr/lib/*-linux-* \
        $([ -z "$found" ] || cat $found | tr ':' '\n')
    for folder in $found; do
        section "names $folder"
        for library in "$folder"/*.so "$folder"/*.so.*; do [ -e "$library" ] && printf '%s\n' "${library##*/}"; done
    done
}

# An emulator with the flag F was opened when it was registered; any other must be in this very root.
emulators() {
    present /proc/sys/fs/binfmt_misc/*
    for entry in $found; do
        case $entry in */register | */status) continue ;; esac
        interpreter=$(sed -n 's/^interpreter //p' "$entry")
        grep -q '^flags:.*F' "$entry" || [ -x "$interpreter" ] || continue
        file "$entry"
    done
    [ -e /proc/sys/abi/vsyscall32 ] && section ia32
}

userland() {
    PATH=${PATH:+$PATH:}$system_path
    LC_ALL=C
    export PATH LC_ALL
    IFS=$nl
    sh=/bin/sh
    setsid=$(command -v setsid)
    section begin
    section uname
    uname -m
    for text in /etc/os-release /usr/lib/os-release; do file "$text"; done
    section sh-head
    od -An -v -tx1 -N1024 /bin/sh
    loaders
    banners
    libraries
    emulators
    section end
}

nonce=$1
userland 2>/dev/null
