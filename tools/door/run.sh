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

cmd_dump() {
  [ $# -ge 1 ] || die "usage: ./fengqiao dump DIR (a database, for example $VAR/data/incident)"
  need "${PACKAGES[@]}"
  build "$PRESET" fengqiao-dump >/dev/null
  "build/$PRESET/bin/fengqiao-dump" "$@"
}
