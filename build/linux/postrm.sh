#!/bin/sh
set -e

case "$1" in
remove | purge | disappear)
  if [ -e /etc/apparmor.d/ubad ]; then
    if [ -d /sys/kernel/security/apparmor ] && command -v apparmor_parser >/dev/null; then
      apparmor_parser --remove /etc/apparmor.d/ubad || true
    fi
    rm -f /etc/apparmor.d/ubad /var/cache/apparmor/*/ubad
  fi
  if [ -d /run/systemd/system ]; then
    systemctl daemon-reload || true
  fi
  ;;
esac

# Of the service. What people's own programs have learned lies in their homes and is theirs.
if [ "$1" = purge ]; then
  rm -rf /var/lib/ubad /var/lib/ubad-forward /etc/ubad
  if getent passwd ubad >/dev/null; then
    userdel ubad || true
  fi
  if getent group ubad >/dev/null; then
    groupdel ubad || true
  fi
fi
