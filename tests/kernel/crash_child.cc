// The child of the tests of crashes:  kernel_crash_child DIRECTORY ask COMMAND | DIRECTORY notice
#include <string_view>

#include "tests/kernel/crash_process.h"

int main(int argc, char** argv) {
  CHECK(argc >= 3) << "two arguments";
  jar::Process process(argv[1]);
  if (std::string_view(argv[2]) == "notice") {
    process.HearNotice();
  } else {
    CHECK(argc == 4) << "which command";
    process.Ask("m1", argv[3]);
  }
  return 0;
}
