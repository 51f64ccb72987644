#!/bin/sh
# The command line program: Electron's binary as plain Node. It needs no screen and starts no browser.
app=$(dirname "$(readlink -f "$0")")/..
exec env ELECTRON_RUN_AS_NODE=1 "$app/ubad" "$app/resources/app.asar.unpacked/out/ubad.mjs" "$@"
