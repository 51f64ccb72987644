#!/bin/sh
set -e

[ "$1" = configure ] || exit 0

# Only where AppArmor understands it: an older one would refuse to load all of its profiles.
profile=/opt/ubad/resources/apparmor-profile
named=no
if [ -d /sys/kernel/security/apparmor ] && command -v apparmor_parser >/dev/null &&
  apparmor_parser --skip-kernel-load --skip-cache "$profile" >/dev/null 2>&1; then
  cp "$profile" /etc/apparmor.d/ubad
  if apparmor_parser --replace --write-cache --skip-read-cache /etc/apparmor.d/ubad; then named=yes; fi
fi

# Chromium's sandbox is made of user namespaces; where the kernel has none for users, it has a helper that is root's.
# Asked as a user: root may make them in any case. Where only named programs may, the profile above names this one.
as_user() { setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@"; }
only_named=$(cat /proc/sys/kernel/apparmor_restrict_unprivileged_userns 2>/dev/null || echo 0)
if { [ "$only_named" = 1 ] && [ "$named" = yes ]; } ||
  { [ "$only_named" != 1 ] && as_user unshare --user true 2>/dev/null; }; then
  chmod 0755 /opt/ubad/chrome-sandbox
else
  chmod 4755 /opt/ubad/chrome-sandbox
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
  [ -z "$2" ] || systemctl try-restart ubad.service ubad-gateway.service ubad-inbox.service ubad-forward.service ubad-bridge.service 'ubad-worker@*.service' || true
fi
