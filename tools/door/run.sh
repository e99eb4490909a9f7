# Starting, stopping and looking at an installation. Sourced by ./fengqiao. Everything lives in $VAR.

VAR=${FENGQIAO_HOME:-$PWD/var/city}

cmd_up() {
  need "${PACKAGES[@]}"
  say "Building (the first time takes some minutes)"
  build "$PRESET" product
  mkdir -p "$VAR"
  exec python3 tools/stack.py up "$VAR" --bin "build/$PRESET/bin" --then python3 tools/seed/main.py
}

cmd_down() { python3 tools/stack.py down "$VAR"; }
cmd_status() { python3 tools/stack.py status "$VAR"; }

cmd_logs() {
  [ -d "$VAR/log" ] || die "nothing was started yet"
  if [ $# -gt 0 ]; then tail -n 200 "$VAR/log/$1.log"; else tail -n 20 "$VAR"/log/*.log; fi
}

cmd_demo() { FENGQIAO_HOME="$VAR" python3 tools/demo/main.py "$@"; }

# The database of a service: DIR itself, or DIR/db of a service's data folder.
database() { if [ -d "$1/db" ]; then printf '%s/db' "$1"; else printf '%s' "$1"; fi; }

dump_program() {
  need "${PACKAGES[@]}"
  build "$PRESET" fengqiao-dump api_desc >/dev/null
}

cmd_dump() {
  [ $# -ge 1 ] || die "usage: ./fengqiao dump DIR [--space=log] [--limit=N]   (for example $VAR/data/incident)"
  dump_program
  local dir
  dir=$(database "$1")
  shift
  "build/$PRESET/bin/fengqiao-dump" show "$dir" --descriptors="build/$PRESET/proto/api.desc" "$@"
}

cmd_verify() {
  dump_program
  local dir bad=0
  for dir in "${@:-"$VAR"/data/*}"; do
    for one in $dir; do "build/$PRESET/bin/fengqiao-dump" verify "$(database "$one")" || bad=1; done
  done
  return $bad
}

# Of a stopped installation: every database equals a replay of its log, and all services agree.
cmd_check() {
  need "${PACKAGES[@]}"
  if python3 tools/stack.py status "$VAR" | grep -q pid; then die "stop it first: ./fengqiao down"; fi
  build "$PRESET" fengqiao-check >/dev/null
  "build/$PRESET/bin/fengqiao-check" "$VAR/data" "$@"
}

# Of a stopped installation: all databases and keys into a new folder.
cmd_backup() {
  [ $# -eq 1 ] || die "usage: ./fengqiao backup NEW_DIR   (while the installation is stopped)"
  [ ! -e "$1" ] || die "$1 exists already"
  if python3 tools/stack.py status "$VAR" | grep -q pid; then die "stop it first: ./fengqiao down"; fi
  dump_program
  mkdir -p "$1/data"
  cp -a "$VAR/keys" "$1/keys"
  local one
  for one in "$VAR"/data/*; do
    "build/$PRESET/bin/fengqiao-dump" backup "$(database "$one")" "$1/data/$(basename "$one")"
  done
  say "Copied to $1. It holds the keys as well: keep it as safe as the installation itself."
}

# Into an installation that has no data: raises the epoch of each log, so that nobody continues another history.
cmd_restore() {
  [ $# -eq 1 ] || die "usage: ./fengqiao restore BACKUP_DIR"
  [ ! -e "$VAR/data" ] || die "$VAR has data; move it away, or set FENGQIAO_HOME to a new folder"
  dump_program
  mkdir -p "$VAR/data"
  cp -a "$1/keys" "$VAR/keys"
  local one
  for one in "$1"/data/*; do
    mkdir -p "$VAR/data/$(basename "$one")"
    "build/$PRESET/bin/fengqiao-dump" restore "$one" "$VAR/data/$(basename "$one")/db"
  done
}
