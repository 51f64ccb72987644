#!/bin/sh
set -e

[ "$1" = remove ] || exit 0

if [ -d /run/systemd/system ]; then
  systemctl disable --now ubad.service ubad-gateway.service ubad-inbox.service ubad-forward.service ubad-bridge.service >/dev/null 2>&1 || true
  systemctl stop 'ubad-worker@*.service' >/dev/null 2>&1 || true
  # Of a template: all that were made of it.
  systemctl disable ubad-worker@.service >/dev/null 2>&1 || true
fi

# What "ubad setup" changed goes with the program that it was changed for; a failure must not keep the package.
if [ -e /var/lib/ubad-setup/record.json ]; then
  /opt/ubad/bin/ubad setup --undo || echo "ubad: the setup of osquery was not undone; see /var/lib/ubad-setup" >&2
fi
