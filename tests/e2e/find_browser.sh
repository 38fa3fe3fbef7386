#!/usr/bin/env bash
# Prints the version of the browser the tests drive; installs Debian's where that is possible, else says what to do.
set -u
find_it() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
if ! { find_it && command -v chromedriver; } >/dev/null 2>&1; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing chromium and chromium-driver" >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium chromium-driver; } >/dev/null 2>&1
  fi
fi
if ! { find_it && command -v chromedriver; } >/dev/null 2>&1; then
  echo "The browser tests need Chromium and its driver: sudo apt-get install chromium chromium-driver" >&2
  exit 1
fi
"$(find_it)" --version
