# Starting, stopping and looking at an installation. Sourced by ./fengqiao. Everything lives in $VAR.

VAR=${FENGQIAO_HOME:-$PWD/var/city}

cmd_up() {
  need "${PACKAGES[@]}" "${PACKAGES_PRINT[@]}"
  say "Building (the first time takes some minutes)"
  build "$PRESET" product
  mkdir -p "$VAR"
  exec python3 tools/stack.py up "$VAR" --bin "build/$PRESET/bin" --then python3 tools/seed/main.py
}

cmd_down() { python3 tools/stack.py down "$VAR"; }
cmd_status() { python3 tools/stack.py status "$VAR"; }

cmd_logs() {
  [ -d "$VAR/log" ] || die "nothing was started yet"
  if [ $# -eq 0 ]; then
    tail -n 20 "$VAR"/log/*.log
    return
  fi
  [ -f "$VAR/log/$1.log" ] || die "there is no log of $1; there are: $(cd "$VAR/log" && ls | sed 's/\.log$//' | tr '\n' ' ')"
  tail -n 200 "$VAR/log/$1.log"
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
  local one bad=0
  [ $# -gt 0 ] || set -- "$VAR"/data/*
  for one in "$@"; do
    printf '%s: ' "$one"
    "build/$PRESET/bin/fengqiao-dump" verify "$(database "$one")" || bad=1
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

# Of a stopped installation: all databases, audit logs and keys into a new folder.
cmd_backup() {
  [ $# -eq 1 ] || die "usage: ./fengqiao backup NEW_DIR   (while the installation is stopped)"
  [ ! -e "$1" ] || die "$1 exists already"
  [ -d "$VAR/data" ] || die "$VAR has no data"
  if python3 tools/stack.py status "$VAR" | grep -q pid; then die "stop it first: ./fengqiao down"; fi
  dump_program
  mkdir -p "$1/data" "$1/audit" "$1/run"
  chmod 700 "$1"
  cp -a "$VAR/keys" "$1/keys"
  if [ -e "$VAR/run/seeded" ]; then cp -a "$VAR/run/seeded" "$1/run/seeded"; fi
  local one name files
  for one in "$VAR"/data/*; do
    name=$(basename "$one")
    "build/$PRESET/bin/fengqiao-dump" backup "$(database "$one")" "$1/data/$name"
    if [ -d "$one/audit" ]; then cp -a "$one/audit" "$1/audit/$name"; fi
    for files in blobs staging; do  # of media: sealed files beside the database
      if [ -d "$one/$files" ]; then mkdir -p "$1/files/$name"; cp -a "$one/$files" "$1/files/$name/$files"; fi
    done
  done
  say "Copied to $1. It holds the keys as well: keep it as safe as the installation itself."
}

# Into an installation that has no data: raises the epoch of each log, so that nobody continues another history.
cmd_restore() {
  [ $# -eq 1 ] || die "usage: ./fengqiao restore BACKUP_DIR"
  [ -d "$1/data" ] && [ -d "$1/keys" ] || die "$1 is no backup"
  [ ! -e "$VAR/data" ] || die "$VAR has data; move it away, or set FENGQIAO_HOME to a new folder"
  [ ! -e "$VAR/keys" ] || die "$VAR has keys, and the data was sealed with others; move them away as well"
  dump_program
  mkdir -p "$VAR/data" "$VAR/run"
  chmod 700 "$VAR/data" "$VAR/run"
  cp -a "$1/keys" "$VAR/keys"
  if [ -e "$1/run/seeded" ]; then cp -a "$1/run/seeded" "$VAR/run/seeded"; fi
  local one name
  for one in "$1"/data/*; do
    name=$(basename "$one")
    mkdir -p "$VAR/data/$name"
    "build/$PRESET/bin/fengqiao-dump" restore "$one" "$VAR/data/$name/db"
    if [ -d "$1/audit/$name" ]; then cp -a "$1/audit/$name" "$VAR/data/$name/audit"; fi
    if [ -d "$1/files/$name" ]; then cp -a "$1/files/$name/." "$VAR/data/$name/"; fi
  done
  build "$PRESET" fengqiao-check >/dev/null
  "build/$PRESET/bin/fengqiao-check" "$VAR/data" --rejoin ||
    die "the databases are not of one backup: the services would not follow each other"
}
