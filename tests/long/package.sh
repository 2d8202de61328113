#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# The Debian package in a bare Debian 12: made by CPack, installed by apt with nothing but a compiler beside it, the examples built against
# it and run. Needs root and debootstrap; the Debian lies in a scratch folder and is removed.
#   tests/long/package.sh BUILD_FOLDER
set -euo pipefail
build=$1
source=$(cd "$(dirname "$0")/../.." && pwd)
[ "$(id -u)" = 0 ] || { echo "package: needs root, for debootstrap and chroot" >&2; exit 2; }
command -v debootstrap >/dev/null || apt-get install -y -qq debootstrap

rm -rf "$build/package"
cpack --config "$build/CPackConfig.cmake" -G DEB -B "$build/package" >/dev/null
deb=$(find "$build/package" -maxdepth 1 -name 'tradewind*.deb')
dpkg-deb --info "$deb" | grep -E '^ (Package|Version|Depends):'

root=$(mktemp -d)
finish() {
  mountpoint -q "$root/proc" && umount -l "$root/proc"
  rm -rf --one-file-system "$root"
}
trap finish EXIT
# From where this machine's own packages come.
mirror=$(sed -n 's/^URIs: *//p; s/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1 || true)
debootstrap --variant=minbase --include=ca-certificates bookworm "$root" ${mirror:+"$mirror"} >"$build/package/debootstrap.log"
mount -t proc proc "$root/proc"
cp -rL /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d "$root/etc/apt/" 2>/dev/null || true
cp -rn /usr/share/keyrings/. "$root/usr/share/keyrings/"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
cp /etc/resolv.conf /etc/hosts "$root/etc/"
mkdir -p "$root/opt"
cp "$deb" "$root/opt/tradewind.deb"
cp "$source"/examples/answer.c* "$root/opt/"
model=${TRADEWIND_MODELS:-${XDG_CACHE_HOME:-$HOME/.cache}/tradewind/models}/smollm2-135m.gguf
[ ! -f "$model" ] || cp "$model" "$root/opt/model.gguf"

cat >"$root/opt/try" <<'END'
set -euo pipefail
cd /opt
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends ./tradewind.deb >/dev/null
tradewind --version
ldd /usr/bin/tradewind | grep "not found" && exit 1
apt-get install -y -qq --no-install-recommends gcc g++ libc6-dev pkg-config >/dev/null
read -ra flags < <(pkg-config --cflags --libs tradewind)
cc -std=c99 -Wall -Wextra -pedantic-errors answer.c "${flags[@]}" -o answer_c
c++ -std=c++20 -Wall -Wextra -pedantic-errors answer.cc "${flags[@]}" -o answer_cc
./answer_c absent.gguf "Hello" 2>error && exit 1
grep -q "absent.gguf" error
if [ -f model.gguf ]; then
  said=$(tradewind run model.gguf --raw -p "Once upon a time" -n 32 --temp 0 -t 2 2>/dev/null)
  [ "$(./answer_c model.gguf "Once upon a time")" = "$said" ]
  [ "$(./answer_cc "Once upon a time" model.gguf)" = "$said" ]
  echo "both examples say as the command: $said"
else
  echo "absent: smollm2-135m; the examples were built and not asked"
fi
apt-get remove -y -qq tradewind >/dev/null
[ ! -e /usr/bin/tradewind ]
END
chroot "$root" /usr/bin/env -i HOME=/tmp PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 bash /opt/try
echo "package: passed"
