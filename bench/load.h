#pragma once
// A load of unary calls from a process of its own: a fixed number in flight over four connections, started again from
// the callback that ends them. The parent writes orders to its standard input and reads one line of answer each.
//
//   order   PORT PATH IN_FLIGHT WARM_MS MEASURE_MS WITH_TOKEN(0|1)
//   answer  CALLS SECONDS P50_US P99_US FAILED

#include <sys/types.h>

#include <cstdio>
#include <string>

namespace bench {

inline constexpr int kChannels = 4;

// The child's main: `bodies_file` holds the serialized request, whose first occurrence of kRequestId is replaced by a
// fresh id in every call; `tokens_file` one token a line, used in turn.
inline constexpr char kRequestId[] = "0123456789abcdef-bench-id";
int RunLoad(const std::string& body_file, const std::string& tokens_file);

struct LoadResult {
  double per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
  long failed = 0;
};

// The parent's end.
class LoadProcess {
 public:
  // Starts this very program again as `program --load BODY TOKENS`.
  LoadProcess(const std::string& body_file, const std::string& tokens_file);
  ~LoadProcess();
  LoadProcess(const LoadProcess&) = delete;
  LoadProcess& operator=(const LoadProcess&) = delete;

  struct Order {
    int port = 0;
    std::string path;
    int in_flight = 1;
    int warm_ms = 500;
    int measure_ms = 2000;
    bool with_token = false;
  };
  LoadResult Run(const Order& order);
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = 0;
  FILE* to_ = nullptr;
  FILE* from_ = nullptr;
};

}  // namespace bench
