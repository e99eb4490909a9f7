# Packages, builds, checks. Sourced by ./fengqiao.

PRESET=${FENGQIAO_PRESET:-release}
JOBS=${FENGQIAO_JOBS:-$(nproc)}

PACKAGES=(
  build-essential cmake ninja-build ccache mold pkg-config python3
  libgrpc++-dev protobuf-compiler-grpc libprotobuf-dev protobuf-compiler libabsl-dev
  libzmq3-dev cppzmq-dev librocksdb-dev libssl-dev libargon2-dev libjemalloc-dev libboost-dev nlohmann-json3-dev zlib1g-dev
  libkainjow-mustache-dev libqpdf-dev libqrencode-dev libsqlite3-dev libicu-dev
  libgtest-dev libgmock-dev libbenchmark-dev universal-ctags curl
)
# Official papers as PDF; everything else works without. The second font has the rare characters of names.
PACKAGES_PRINT=(chromium fonts-noto-cjk fonts-hanazono)
PACKAGES_TEST=(nodejs npm poppler-utils)
PACKAGES_BENCH=(nginx-light wrk redis-server redis-tools)
PACKAGES_CLANG=(clang libclang-rt-14-dev clang-tidy clang-format)

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
  need "${PACKAGES[@]}" "${PACKAGES_PRINT[@]}" "${PACKAGES_TEST[@]}"
  say "Building (preset $PRESET, $JOBS jobs)"
  build "$PRESET"
  say "Testing"
  ctest --test-dir "build/$PRESET" --output-on-failure -j "$JOBS" "$@"
}

cmd_fmt() {
  need clang-format
  git ls-files '*.h' '*.cc' | xargs clang-format -i
}

# tidy [FILE…]: clang-tidy with .clang-tidy over these files; without any: over the whole product, which takes long.
cmd_tidy() {
  need "${PACKAGES[@]}" "${PACKAGES_CLANG[@]}"
  build clang proto_headers
  local files=("$@")
  [ $# -gt 0 ] || mapfile -t files < <(git ls-files 'base/*.cc' 'storage/*.cc' 'services/*.cc' 'gateway/*.cc' 'tools/*.cc')
  printf '%s\n' "${files[@]}" | xargs -P "$JOBS" -n 1 clang-tidy -p build/clang --quiet
}

# sanitize asan|tsan [ARGS]: builds with a sanitizer and runs what it can judge (docs/SANITIZERS.md); ARGS go to ctest.
cmd_sanitize() {
  local preset=${1:-}
  [ $# -gt 0 ] && shift
  case $preset in
    asan)
      need "${PACKAGES[@]}" "${PACKAGES_PRINT[@]}" "${PACKAGES_TEST[@]}" "${PACKAGES_CLANG[@]}"
      build asan
      ASAN_OPTIONS=handle_sigill=1 ctest --test-dir build/asan --output-on-failure -j "$JOBS" "$@"
      ;;
    tsan)
      need "${PACKAGES[@]}" "${PACKAGES_PRINT[@]}"
      build tsan tests_without_grpc
      ctest --test-dir build/tsan -L without_grpc --output-on-failure -j "$JOBS" "$@"
      ;;
    *) die "usage: ./fengqiao sanitize asan|tsan [ARGS]" ;;
  esac
}

# fuzz NAME [SECONDS]: one of the fuzzers of tests/fuzz, with its corpus. What it finds on the way stays in var/fuzz.
cmd_fuzz() {
  local name=${1:-}
  name=${name%_fuzz}
  [ -f "tests/fuzz/${name}_fuzz.cc" ] ||
    die "usage: ./fengqiao fuzz NAME [SECONDS]; names: $(cd tests/fuzz && ls -- *_fuzz.cc | sed 's/_fuzz.cc$//' | tr '\n' ' ')"
  need "${PACKAGES[@]}" "${PACKAGES_CLANG[@]}"
  build asan "${name}_fuzz"
  mkdir -p "var/fuzz/$name"
  ASAN_OPTIONS=handle_sigill=1 "build/asan/bin/${name}_fuzz" -max_total_time="${2:-600}" -print_final_stats=1 \
    -artifact_prefix="var/fuzz/$name-" "var/fuzz/$name" "tests/fuzz/corpus/$name"
}

cmd_sim() {
  need "${PACKAGES[@]}"
  build "$PRESET" simulator
  "build/$PRESET/bin/simulator" "$@"
}

# bench [NAME]: the product beside its limits; names in bench/run.sh, what came out in docs/PERFORMANCE.md.
cmd_bench() {
  need "${PACKAGES[@]}" "${PACKAGES_BENCH[@]}"
  build "$PRESET" product bench
  bench/run.sh "build/$PRESET/bin" "$@"
}
