#!/bin/sh
exec /opt/ubad/bin/ubad "$@"
