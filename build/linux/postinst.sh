#!/bin/sh
set -e

[ "$1" = configure ] || exit 0

# Chromium's sandbox is made of user namespaces; where the kernel has none for users, it has a helper that is root's.
if unshare --user true 2>/dev/null; then
  chmod 0755 /opt/ubad/chrome-sandbox
else
  chmod 4755 /opt/ubad/chrome-sandbox
fi

# Only where AppArmor understands it: an older one would refuse to load all of its profiles.
profile=/opt/ubad/resources/apparmor-profile
if [ -d /sys/kernel/security/apparmor ] && command -v apparmor_parser >/dev/null &&
  apparmor_parser --skip-kernel-load --skip-cache "$profile" >/dev/null 2>&1; then
  cp "$profile" /etc/apparmor.d/ubad
  apparmor_parser --replace --write-cache --skip-read-cache /etc/apparmor.d/ubad || true
fi

# The service's user, who can read nothing but what it is given.
if command -v systemd-sysusers >/dev/null; then
  systemd-sysusers ubad.conf
elif ! getent passwd ubad >/dev/null; then
  useradd --system --user-group --no-create-home --home-dir /var/lib/ubad --shell /usr/sbin/nologin ubad
fi

if [ -d /run/systemd/system ]; then
  systemctl daemon-reload || true
  # What ran before the upgrade runs the new version.
  [ -z "$2" ] || systemctl try-restart ubad.service || true
fi
