#!/bin/sh
# Installs the PostgreSQL server with Debian's packages when it is not there. The tests start clusters of their own.
set -eu
for initdb in /usr/lib/postgresql/*/bin/initdb; do
  [ -x "$initdb" ] && exit 0
done
command -v initdb >/dev/null && exit 0
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
for try in 1 2 3; do
  [ "$try" = 1 ] || sleep "$((try * 5))"
  $sudo apt-get update -qq || continue
  # Without --no-install-recommends it brings a compiler's worth of packages.
  if $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql; then exit 0; fi
done
echo "PostgreSQL could not be installed; the tests that need it will fail." >&2
exit 1
