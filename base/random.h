#pragma once
// Chance. Random is a seeded generator: the same seed gives the same numbers on every machine and in every
// build, which is what the simulator lives on. It is ChaCha12 underneath, so that whoever sees some of its
// numbers (ids, query codes) can compute neither the seed nor the next ones. Random is not thread-safe: one
// owner each. SecureBytes and EntropySeed are the only readers of the system's entropy; any thread.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace base {

class Random {
 public:
  explicit Random(uint64_t seed);
  explicit Random(const std::array<uint32_t, 8>& key);
  static Random FromEntropy();  // 256 bits from the system

  uint64_t Next();             // uniform over all 64 bits
  uint64_t Below(uint64_t n);  // uniform in [0, n). REQUIRES: n > 0
  bool Chance(double p);       // true with probability p
  std::string Bytes(size_t n);

 private:
  void Refill();

  std::array<uint32_t, 8> key_;
  uint64_t counter_ = 0;
  std::array<uint64_t, 8> block_;
  size_t used_ = 8;
};

uint64_t EntropySeed();
std::string SecureBytes(size_t n);

}  // namespace base
