#!/bin/sh
# Run by mmdebstrap on the unpacked packages ($1): says which they are, where scanners look, and leaves out what is of this machine.
set -eu
mkdir -p "$1/var/lib/dpkg/status.d"
for deb in "$1"/var/cache/apt/archives/*.deb; do
  dpkg-deb --field "$deb" > "$1/var/lib/dpkg/status.d/$(dpkg-deb --field "$deb" Package)"
done
# Scripts of packages, which would write this, have not run: there is no shell in here.
echo 'hosts: files dns' > "$1/etc/nsswitch.conf"
rm -f "$1/etc/apt/sources.list" "$1/etc/resolv.conf" "$1/etc/hostname"
