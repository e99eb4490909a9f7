#pragma once
// A unit's webhook as its owner and the receiving system know it: what was agreed, what was sent, and how the system
// does today. It drops, delays, answers 429 and 500, is silent for days, and comes back.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "kernel/v1/actor.pb.h"
#include "services/notify/errand.h"

namespace sim {

// What a system was sent.
struct Received {
  std::string id = {}, matter_code = {}, body = {};
  uint64_t sequence = 0;
  int64_t sent_ms = 0;
  bool verified = false;
};

enum class Mood { kGood, kSlow, kDeaf, kMute, kBusy, kBroken, kMoved, kGone };

// What becomes of one letter.
struct Fate {
  bool arrives = true;
  int64_t delay_ms = 0;  // until the answer, or until nobody waits any more
  notify::Reply reply;
};

struct Hook {
  std::string id;
  kernel::v1::Actor owner;
  std::string org, area;
  std::vector<std::string> topics;
  uint64_t after_seq = 0;  // it begins behind
  uint32_t rotations = 0;  // acknowledged
  bool known = false;      // its owner was told that it is there
  bool agreed = false;     // the system has said that it wants to be sent something
  bool deleted = false;
  bool asking = false;     // a request of its owner is not answered yet
  // As its owner knows: from when, until when nothing may be sent. Of the clock that nobody sets.
  std::vector<std::pair<int64_t, int64_t>> closed;
  std::vector<Received> received;
  std::vector<std::string> wrongs;  // what no receiver may see

  Mood mood = Mood::kGood;
  int64_t mood_until_us = 0;
  bool Ended(int64_t at_us) const;
};

// How the system does at that time; drawn anew when its mood is over. `good`: from now on it is well.
void ChangeMood(Hook* hook, int64_t now_us, bool good, base::Random& random);
Fate FateOf(const Hook& hook, const notify::Letter& letter, base::Random& random);
// The letter arrives. `secrets`: of the hook, any of which may have signed.
void Receive(Hook* hook, const notify::Letter& letter, int64_t sent_ms, const std::vector<std::string>& secrets);

}  // namespace sim
