#!/usr/bin/env bash
# Installs Chromium from the distribution's packages where there is none: the tests of the web page drive it.
set -euo pipefail
if [ -n "${SIP_VOICE_LAB_CHROMIUM:-}" ]; then exit 0; fi
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
if ! command -v apt-get >/dev/null; then
  echo "Chromium is missing and there is no apt-get: install it, or set SIP_VOICE_LAB_CHROMIUM to its path." >&2
  exit 1
fi
as_root=()
if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
for try in 1 2 3; do
  echo "installing Chromium with apt-get (try $try of 3)"
  if "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; then
    exit 0
  fi
  sleep $((try * 5))
done
echo "Chromium could not be installed." >&2
exit 1
