#include "base/random.h"

#include <openssl/rand.h>

#include <bit>
#include <cstring>

#include "base/check.h"

namespace base {
namespace {

// Spreads a 64-bit seed over a key (SplitMix64, Steele, Lea and Flood 2014).
uint64_t SplitMix(uint64_t* state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

void QuarterRound(uint32_t* a, uint32_t* b, uint32_t* c, uint32_t* d) {
  *a += *b;
  *d = std::rotl(*d ^ *a, 16);
  *c += *d;
  *b = std::rotl(*b ^ *c, 12);
  *a += *b;
  *d = std::rotl(*d ^ *a, 8);
  *c += *d;
  *b = std::rotl(*b ^ *c, 7);
}

constexpr int kDoubleRounds = 6;  // ChaCha12

}  // namespace

Random::Random(uint64_t seed) {
  for (size_t i = 0; i < key_.size(); i += 2) {
    const uint64_t word = SplitMix(&seed);
    key_[i] = static_cast<uint32_t>(word);
    key_[i + 1] = static_cast<uint32_t>(word >> 32);
  }
}

Random::Random(const std::array<uint32_t, 8>& key) : key_(key) {}

Random Random::FromEntropy() {
  const std::string bytes = SecureBytes(32);
  std::array<uint32_t, 8> key;
  std::memcpy(key.data(), bytes.data(), sizeof(key));
  return Random(key);
}

void Random::Refill() {
  std::array<uint32_t, 16> start = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  for (size_t i = 0; i < key_.size(); ++i) start[4 + i] = key_[i];
  start[12] = static_cast<uint32_t>(counter_);
  start[13] = static_cast<uint32_t>(counter_ >> 32);
  ++counter_;
  std::array<uint32_t, 16> x = start;
  for (int round = 0; round < kDoubleRounds; ++round) {
    QuarterRound(&x[0], &x[4], &x[8], &x[12]);
    QuarterRound(&x[1], &x[5], &x[9], &x[13]);
    QuarterRound(&x[2], &x[6], &x[10], &x[14]);
    QuarterRound(&x[3], &x[7], &x[11], &x[15]);
    QuarterRound(&x[0], &x[5], &x[10], &x[15]);
    QuarterRound(&x[1], &x[6], &x[11], &x[12]);
    QuarterRound(&x[2], &x[7], &x[8], &x[13]);
    QuarterRound(&x[3], &x[4], &x[9], &x[14]);
  }
  for (size_t i = 0; i < block_.size(); ++i) {
    const uint64_t low = x[2 * i] + start[2 * i];
    const uint64_t high = x[2 * i + 1] + start[2 * i + 1];
    block_[i] = (low & 0xffffffffU) | (high << 32);
  }
  used_ = 0;
}

uint64_t Random::Next() {
  if (used_ == block_.size()) Refill();
  return block_[used_++];
}

uint64_t Random::Below(uint64_t n) {
  CHECK(n > 0) << "Below(0) has no answer";
  const uint64_t reject_under = (0 - n) % n;  // 2^64 mod n: the uneven rest
  for (;;) {
    const uint64_t value = Next();
    if (value >= reject_under) return value % n;
  }
}

bool Random::Chance(double p) { return static_cast<double>(Next() >> 11) * 0x1.0p-53 < p; }

std::string Random::Bytes(size_t n) {
  std::string bytes;
  bytes.reserve(n + 8);
  while (bytes.size() < n) {
    uint64_t word = Next();
    for (int i = 0; i < 8; ++i, word >>= 8) bytes.push_back(static_cast<char>(word & 0xff));
  }
  bytes.resize(n);
  return bytes;
}

std::string SecureBytes(size_t n) {
  std::string bytes(n, '\0');
  CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(n)) == 1)
      << "the system has no entropy";
  return bytes;
}

uint64_t EntropySeed() {
  const std::string bytes = SecureBytes(8);
  uint64_t seed;
  std::memcpy(&seed, bytes.data(), sizeof(seed));
  return seed;
}

}  // namespace base
