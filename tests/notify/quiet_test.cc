// Quiet from 20:00 to 07:00, and one digest instead of many: over every minute of years, not for some.
// spec: R12
#include "services/notify/domain/quiet.h"

#include "base/calendar.h"
#include "base/random.h"
#include "tests/notify/notices.h"

namespace notify {
namespace {

using tests::Local;

TEST(QuietHours, BeginAtEightInTheEveningAndEndAtSeven) {
  const Rules rules = CityRules();
  EXPECT_EQ(QuietEnd(rules, Local("2026-11-23 19:59")), Local("2026-11-23 19:59"));
  EXPECT_EQ(QuietEnd(rules, Local("2026-11-23 20:00") - 1), Local("2026-11-23 20:00") - 1);
  EXPECT_EQ(QuietEnd(rules, Local("2026-11-23 20:00")), Local("2026-11-24 07:00"));
  EXPECT_EQ(QuietEnd(rules, Local("2026-11-24 00:00")), Local("2026-11-24 07:00"));
  EXPECT_EQ(QuietEnd(rules, Local("2026-11-24 06:59")), Local("2026-11-24 07:00"));
  EXPECT_EQ(QuietEnd(rules, Local("2026-11-24 07:00")), Local("2026-11-24 07:00"));
}

TEST(QuietHours, AreSaidByTheCity) {
  auto policy = CityPolicy();
  policy.set_quiet_from("12:00");
  policy.set_quiet_to("14:30");
  const Rules noon = *Rules::From(policy);
  EXPECT_EQ(QuietEnd(noon, Local("2026-11-23 12:00")), Local("2026-11-23 14:30"));
  EXPECT_EQ(QuietEnd(noon, Local("2026-11-23 23:00")), Local("2026-11-23 23:00"));
  policy.set_quiet_from("07:00");
  policy.set_quiet_to("07:00");
  EXPECT_EQ(QuietEnd(*Rules::From(policy), Local("2026-11-23 23:00")), Local("2026-11-23 23:00")) << "never quiet";
}

// Every minute of three years: nothing ordinary is ever shown in a quiet hour, and nothing waits past the morning.
TEST(QuietHours, HoldOnEveryDayOfTheCalendar) {
  const Rules rules = CityRules();
  for (int64_t at = Local("2026-01-01 00:00"); at < Local("2029-01-01 00:00"); at += 60'000) {
    const int64_t end = QuietEnd(rules, at);
    const auto minute = (end - base::StartOfDayMs(base::LocalDay(end))) / 60'000;
    ASSERT_TRUE(minute >= 7 * 60 && minute < 20 * 60) << base::LocalText(at);
    ASSERT_TRUE(end >= at && end - at <= 11 * base::kHourMs) << base::LocalText(at);
    ASSERT_EQ(end == at, QuietEnd(rules, at + 59'999) == at + 59'999) << base::LocalText(at);
  }
}

// One box through random days: what is shown by itself, what waits, for how long.
TEST(Digest, KeepsItsPromisesWhateverComesWhen) {
  const Rules rules = CityRules();
  const int64_t window = rules.window_ms();
  base::Random random(20261123);
  v1::Box box;
  std::vector<int64_t> alone;
  int64_t last_digest = 0, held = 0;
  int64_t now = Local("2026-09-28 00:00");
  for (int i = 0; i < 200'000; ++i) {
    now += static_cast<int64_t>(random.Below(random.Below(8) == 0 ? 6 * base::kHourMs : 3 * base::kMinuteMs));
    if (box.digest_at_ms() > 0 && box.digest_at_ms() <= now) box.clear_digest_at_ms();  // made
    const Showing showing = ShowingOf(rules, box, now);
    if (showing.digest_at_ms == 0) {
      ASSERT_EQ(QuietEnd(rules, now), now) << "shown by itself in a quiet hour: " << base::LocalText(now);
      alone.push_back(now);
      const size_t threshold = static_cast<size_t>(rules.policy().digest_threshold());
      if (alone.size() > 2 * threshold) {
        ASSERT_GE(now - alone[alone.size() - 2 * threshold - 1], window) << base::LocalText(now);
      }
      box.set_window_from_ms(showing.window_from_ms);
      box.set_window_count(showing.window_count);
      continue;
    }
    ++held;
    ASSERT_GT(showing.digest_at_ms, now);
    ASSERT_EQ(QuietEnd(rules, showing.digest_at_ms), showing.digest_at_ms) << "a digest in a quiet hour";
    ASSERT_LE(showing.digest_at_ms, QuietEnd(rules, now + window)) << "waits longer than the window and the night";
    ASSERT_GE(showing.digest_at_ms, last_digest) << "an earlier one came after a later one";
    last_digest = showing.digest_at_ms;
    box.set_digest_at_ms(showing.digest_at_ms);
  }
  EXPECT_GT(alone.size(), 10'000u);
  EXPECT_GT(held, 10'000);
}

}  // namespace
}  // namespace notify
