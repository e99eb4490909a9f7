#include "tests/sim/receivers.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>

#include "base/crypto.h"

namespace sim {
namespace {

constexpr int64_t kHourUs = 3'600'000'000;
constexpr int64_t kTimeoutMs = 10'000;  // policy/notifications.textproto
constexpr uint64_t kRetryAfterMax = 7'200;

std::string FieldOf(const notify::Letter& letter, std::string_view name) {
  for (const auto& [field, value] : letter.header) {
    if (field == name) return value;
  }
  return "";
}

notify::Reply Silence() { return {.why = "TIMED_OUT"}; }

}  // namespace

bool Hook::Ended(int64_t at_us) const {
  return std::ranges::any_of(closed, [&](const auto& span) { return span.first < at_us && at_us < span.second; });
}

void ChangeMood(Hook* hook, int64_t now_us, bool good, base::Random& random) {
  if (good) {
    hook->mood = Mood::kGood;
    hook->mood_until_us = INT64_MAX;
  }
  if (now_us < hook->mood_until_us) return;
  constexpr Mood kMoods[] = {Mood::kGood, Mood::kGood, Mood::kGood,   Mood::kSlow,  Mood::kDeaf,
                             Mood::kMute, Mood::kBusy, Mood::kBroken, Mood::kMoved, Mood::kGood};
  hook->mood = random.Chance(0.02) ? Mood::kGone : kMoods[random.Below(std::size(kMoods))];
  const bool for_days = (hook->mood == Mood::kDeaf || hook->mood == Mood::kBroken) && random.Chance(0.15);
  hook->mood_until_us = now_us + (for_days ? 100 : 1) * kHourUs + static_cast<int64_t>(random.Below(12 * kHourUs));
}

Fate FateOf(const Hook& hook, const notify::Letter& letter, base::Random& random) {
  Fate fate;
  fate.delay_ms = 1 + static_cast<int64_t>(random.Below(400));
  fate.reply.status = random.Chance(0.5) ? 204 : 200;
  if (letter.asks) {
    fate.reply.allowed_origin = random.Chance(0.5) ? "*" : "fengqiao";
    fate.reply.allowed_rate = random.Chance(0.3) ? absl::StrCat(1 + random.Below(20)) : "*";
  }
  switch (hook.mood) {
    case Mood::kGood:
      break;
    case Mood::kSlow:  // sometimes too slow: it has what nobody waits to hear of
      fate.delay_ms = 1 + static_cast<int64_t>(random.Below(2 * kTimeoutMs));
      if (fate.delay_ms >= kTimeoutMs) fate = {true, kTimeoutMs, Silence()};
      break;
    case Mood::kDeaf:
      fate = {false, kTimeoutMs, Silence()};
      break;
    case Mood::kMute:
      fate = {true, kTimeoutMs, Silence()};
      break;
    case Mood::kBusy:
      fate.arrives = random.Chance(0.5);
      fate.reply = {.status = 429, .retry_after = absl::StrCat(random.Below(kRetryAfterMax))};
      break;
    case Mood::kBroken:
      fate.arrives = random.Chance(0.5);
      fate.reply = {.status = 500};
      break;
    case Mood::kMoved:
      fate.arrives = random.Chance(0.5);
      fate.reply = {.status = 307};
      break;
    case Mood::kGone:
      fate.reply = {.status = 410};
      break;
  }
  return fate;
}

void Receive(Hook* hook, const notify::Letter& letter, int64_t sent_ms, const std::vector<std::string>& secrets) {
  if (letter.asks) return;
  if (!hook->agreed) hook->wrongs.push_back("was sent something before it had agreed");
  notify::v1::CloudEvent event;
  Received received{.id = FieldOf(letter, "webhook-id"), .body = letter.body, .sent_ms = sent_ms};
  if (!google::protobuf::util::JsonStringToMessage(letter.body, &event).ok() || event.id() != received.id ||
      !absl::SimpleAtoi(event.sequence(), &received.sequence)) {
    hook->wrongs.push_back("was sent what is no CloudEvent: " + letter.body);
  }
  received.matter_code = event.mattercode();
  const std::string text = absl::StrCat(received.id, ".", FieldOf(letter, "webhook-timestamp"), ".", letter.body);
  const std::vector<std::string> signatures = absl::StrSplit(FieldOf(letter, "webhook-signature"), ' ');
  for (const std::string& shown : secrets) {
    const auto secret = base::FromBase64(std::string_view(shown).substr(std::string_view("whsec_").size()));
    const std::string expected = "v1," + base::Base64(base::HmacSha256(*secret, text));
    received.verified = received.verified || std::ranges::find(signatures, expected) != signatures.end();
  }
  hook->received.push_back(std::move(received));
}

}  // namespace sim
