#include "base/random.h"

#include <openssl/rand.h>

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

// Four of the sixteen words: compilers keep a row in one register, and mix all its columns at once.
using Row = uint32_t __attribute__((vector_size(16)));

template <int kBits>
Row RotateLeft(const Row& row) {
  return (row << kBits) | (row >> (32 - kBits));
}

// A quarter round of each column.
void Mix(Row* a, Row* b, Row* c, Row* d) {
  *a += *b;
  *d = RotateLeft<16>(*d ^ *a);
  *c += *d;
  *b = RotateLeft<12>(*b ^ *c);
  *a += *b;
  *d = RotateLeft<8>(*d ^ *a);
  *c += *d;
  *b = RotateLeft<7>(*b ^ *c);
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
  const Row start[4] = {
      {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574},
      {key_[0], key_[1], key_[2], key_[3]},
      {key_[4], key_[5], key_[6], key_[7]},
      {static_cast<uint32_t>(counter_), static_cast<uint32_t>(counter_ >> 32), 0, 0},
  };
  ++counter_;
  Row a = start[0], b = start[1], c = start[2], d = start[3];
  for (int round = 0; round < kDoubleRounds; ++round) {
    Mix(&a, &b, &c, &d);
    b = __builtin_shufflevector(b, b, 1, 2, 3, 0);  // the diagonals become columns
    c = __builtin_shufflevector(c, c, 2, 3, 0, 1);
    d = __builtin_shufflevector(d, d, 3, 0, 1, 2);
    Mix(&a, &b, &c, &d);
    b = __builtin_shufflevector(b, b, 3, 0, 1, 2);
    c = __builtin_shufflevector(c, c, 2, 3, 0, 1);
    d = __builtin_shufflevector(d, d, 1, 2, 3, 0);
  }
  const Row done[4] = {a + start[0], b + start[1], c + start[2], d + start[3]};
  for (size_t i = 0; i < block_.size(); ++i) {
    const uint64_t low = done[i / 2][2 * (i % 2)];
    const uint64_t high = done[i / 2][2 * (i % 2) + 1];
    block_[i] = low | (high << 32);
  }
  used_ = 0;
}

uint64_t Random::Next() {
  if (used_ == block_.size()) Refill();
  return block_[used_++];
}

uint64_t Random::Below(uint64_t n) {
  CHECK(n > 0) << "Below(0) has no answer";
  for (;;) {
    const uint64_t value = Next();
    // 2^64 mod n, the uneven rest, is below n: it is worked out only if it could matter.
    if (value >= n || value >= (0 - n) % n) return value % n;
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
