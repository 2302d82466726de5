#!/bin/sh
# Makes the recorded ELF samples of this directory anew: sh make_samples.sh
# Recorded with Debian 12: gcc 12.2, glibc 2.36, musl 1.2.3, binutils 2.40; big endian with zig 0.17.1 (zig cc).
# Packages: gcc libc6-dev musl-tools binutils; zig from the wheel ziglang (set PYTHON to a python that has it).
set -eu
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
anonymous="-ffile-prefix-map=$tmp=. -ffile-prefix-map=$PWD=."
small="-Os -fno-asynchronous-unwind-tables -Wl,-z,noseparate-code -Wl,-z,norelro -Wl,--hash-style=gnu"

cat >"$tmp/main.c" <<'C'
#include <stdio.h>
int main(void) { puts("hello"); return 0; }
C
cat >"$tmp/bare.c" <<'C'
int data = 42;
void _start(void) { for (;;) data++; }
C
cat >"$tmp/lib.c" <<'C'
int wslgo_answer(void) { return 42; }
C

gcc $small -no-pie -s -o glibc-dynamic "$tmp/main.c"
gcc $small -fpie -pie -s -o glibc-pie "$tmp/main.c"
musl-gcc $small -no-pie -s -o musl-dynamic "$tmp/main.c"
gcc $small -nostdlib -static -no-pie -s -o bare-static "$tmp/bare.c"
gcc $small -nostdlib -static-pie -fpie -o bare-static-pie "$tmp/bare.c"
gcc $small -nostdlib -shared -fPIC -Wl,-soname,libwslgo.so.1 -Wl,-rpath,/opt/wslgo/lib -o libwslgo.so "$tmp/lib.c"
gcc -m32 $small -nostdlib -static -no-pie -s -o bare-i386 "$tmp/bare.c"
gcc -c -g $anonymous -gdwarf-4 -o dwarf4.o "$tmp/lib.c"
gcc -c -g $anonymous -gdwarf-5 -gz=zlib -o dwarf5-zlib.o "$tmp/lib.c"
gcc -c -g $anonymous -gdwarf-5 -gz=zlib-gnu -o dwarf5-zdebug.o "$tmp/lib.c"

# Big endian, 64 and 32 bits, with an interpreter, libraries and symbol versions.
zig="${PYTHON:-python3} -m ziglang cc -Os -s"
$zig -target s390x-linux-gnu.2.28 -o s390x-glibc "$tmp/main.c"
$zig -target mips-linux-musleabi -nostdlib -static -o mips-bare "$tmp/bare.c"
chmod 644 *-* *.so *.o
