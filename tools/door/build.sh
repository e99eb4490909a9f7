# Packages, builds, checks. Sourced by ./fengqiao.

PRESET=${FENGQIAO_PRESET:-release}
JOBS=${FENGQIAO_JOBS:-$(nproc)}

PACKAGES=(
  build-essential cmake ninja-build ccache mold pkg-config python3
  libgrpc++-dev protobuf-compiler-grpc libprotobuf-dev protobuf-compiler libabsl-dev
  libzmq3-dev cppzmq-dev librocksdb-dev libssl-dev libargon2-dev libboost-dev nlohmann-json3-dev zlib1g-dev
  libgtest-dev libgmock-dev libbenchmark-dev universal-ctags curl
)
PACKAGES_TEST=(nodejs npm)
PACKAGES_FUZZ=(clang libclang-rt-14-dev clang-tidy clang-format)

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
die() { printf 'fengqiao: %s\n' "$*" >&2; exit 1; }

# Installs what is missing of the packages named; says nothing when all are there.
need() {
  local missing=() p
  for p in "$@"; do
    case $p in
      nodejs) command -v node >/dev/null && continue ;;
      npm) command -v npm >/dev/null && continue ;;
    esac
    dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing+=("$p")
  done
  [ ${#missing[@]} -eq 0 ] && return
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "these packages are missing and I am not root: ${missing[*]}"
    root=(sudo)
  fi
  say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
  "${root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

configure() {
  local preset=$1
  shift
  [ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" "$@" >"/tmp/fengqiao-configure.$$" 2>&1 ||
    { cat "/tmp/fengqiao-configure.$$"; rm -f "/tmp/fengqiao-configure.$$"; die "cannot configure the build"; }
  rm -f "/tmp/fengqiao-configure.$$"
}

build() {
  local preset=$1
  shift
  configure "$preset"
  ninja -C "build/$preset" -j "$JOBS" "$@"
}

cmd_build() {
  need "${PACKAGES[@]}"
  build "$PRESET" "$@"
}

cmd_test() {
  need "${PACKAGES[@]}" "${PACKAGES_TEST[@]}"
  say "Building (preset $PRESET, $JOBS jobs)"
  build "$PRESET"
  say "Testing"
  ctest --test-dir "build/$PRESET" --output-on-failure -j "$JOBS" "$@"
}

cmd_fmt() {
  need clang-format
  git ls-files '*.h' '*.cc' | xargs clang-format -i
}

cmd_tidy() {
  need "${PACKAGES[@]}" clang-tidy
  configure "$PRESET"
  git ls-files 'base/*.cc' 'storage/*.cc' 'services/*.cc' 'gateway/*.cc' | xargs clang-tidy -p "build/$PRESET" --quiet
}

# fuzz NAME [SECONDS]: one of the fuzzers of tests/fuzz, with its corpus.
cmd_fuzz() {
  [ $# -ge 1 ] || die "usage: ./fengqiao fuzz NAME [SECONDS]; names: $(cd tests/fuzz && ls -- *_fuzz.cc | sed 's/\.cc$//' | tr '\n' ' ')"
  need "${PACKAGES[@]}" "${PACKAGES_FUZZ[@]}"
  build fuzz "$1"
  mkdir -p "var/fuzz/$1"
  local seeds=()
  [ -d "tests/fuzz/corpus/$1" ] && seeds=("tests/fuzz/corpus/$1")
  "build/fuzz/bin/$1" -max_total_time="${2:-600}" -print_final_stats=1 "var/fuzz/$1" "${seeds[@]}"
}

cmd_sim() {
  need "${PACKAGES[@]}"
  build "$PRESET" simulator
  "build/$PRESET/bin/simulator" "$@"
}

cmd_bench() {
  need "${PACKAGES[@]}"
  build "$PRESET" writer_bench
  "build/$PRESET/bin/writer_bench" "$@"
}
