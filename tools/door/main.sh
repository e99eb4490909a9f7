# The table of commands.

usage() {
  cat <<'TXT'
./fengqiao up              build and start everything with real Dezhou; Ctrl-C stops it; a second up finds its data again
                           FENGQIAO_WEBHOOK_NETWORKS=10.20.0.0/16 before it opens inner networks to webhooks
./fengqiao demo [FLOW]     play flow-1 and flow-2 through the gateway, step by step, in plain words (while up runs)
./fengqiao test [ARGS]     everything CI runs (ARGS go to ctest)
./fengqiao status | logs [NAME] | down
./fengqiao sim [SEED]      the simulator           ./fengqiao bench [NAME]   the product beside its limits
./fengqiao sim --years N   N simulated years of a small city, with their real holidays
./fengqiao build [TARGET]  ./fengqiao fmt          ./fengqiao tidy [FILE…]  ./fengqiao fuzz NAME [SECONDS]
./fengqiao sanitize asan|tsan [ARGS]   the tests under a sanitizer (docs/SANITIZERS.md)
./fengqiao dump DIR        print a database as text
./fengqiao backup DIR      copy a stopped installation   ./fengqiao restore DIR   ./fengqiao verify [DIR]
./fengqiao check           of a stopped installation: does each database equal its log, do all services agree?
TXT
}

main() {
  local name=${1:-help}
  [ $# -gt 0 ] && shift
  case $name in
    help | -h | --help) usage ;;
    *) declare -F "cmd_$name" >/dev/null || { usage; die "unknown command: $name"; }
       "cmd_$name" "$@" ;;
  esac
}
