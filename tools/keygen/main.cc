// fengqiao-keys DIR NAME…: makes the keys and certificates of an installation; keeps what is there.

#include <iostream>
#include <string>
#include <vector>

#include "base/clock.h"
#include "tools/keygen/key_folder.h"

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: fengqiao-keys DIR NAME...   makes what is missing in DIR for the processes named\n";
    return 2;
  }
  const std::vector<std::string> names(argv + 2, argv + argc);
  const absl::Status status = keygen::FillKeyFolder(argv[1], names, base::SystemClock().NowMs(), std::cout);
  if (!status.ok()) {
    std::cerr << "fengqiao-keys: " << status.message() << "\n";
    return 1;
  }
  return 0;
}
