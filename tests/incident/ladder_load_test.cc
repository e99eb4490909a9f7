// The ladder over a county's whole desk: nothing starves because it is old, nobody's, or much talked about.
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "services/incident/domain/clocks.h"
#include "tests/incident/rig.h"

namespace incident {
namespace {

constexpr int kMatters = 10'000, kEvery = 20;  // five hundred of them will be late

struct Climb {
  int from = 0, to = 0;
  int64_t at_ms = 0;
};

std::string IdOf(int i) { return "m" + std::to_string(100'000 + i); }

common::v1::Length LengthOf(int amount, common::v1::TimeUnit unit) {
  common::v1::Length length;
  length.set_amount(amount);
  length.set_unit(unit);
  return length;
}

// Time passes minute by minute; minutes in which nothing is due are not waited for.
void PassTo(Rig& rig, int64_t until_ms) {
  while (rig.clock.NowMs() < until_ms) {
    const auto next = rig.engine->timers().Pump(rig.clock.NowMs());
    ASSERT_TRUE(next.ok()) << next.status();
    const int64_t soonest = rig.clock.NowMs() + base::kMinuteMs;
    const int64_t minute = *next == 0 ? until_ms : (*next / base::kMinuteMs + 1) * base::kMinuteMs;
    rig.clock.AdvanceTo(std::min(until_ms, std::max(minute, soonest)));
    rig.Tick();
  }
}

constexpr char kAtTownship[] =
    "report { category: '0706' text: '墙上贴满小广告' area_code: '371403001001' place { text: '东关路口' } }";

// Of what will be late: reported, accepted, dispatched, in work, and what a grid worker only reported. The rest is
// complex and in work, with weeks to go.
void Bring(Rig& rig, int i) {
  const std::string id = IdOf(i);
  const bool late = i % kEvery == 0;
  const int stage = late ? i / kEvery % 5 : 3;
  if (stage == 4) {
    rig.Do(Gw(), id, kFlyers);
    return;
  }
  rig.Do(Td(), id, kAtTownship);
  if (stage > 0) rig.Do(Td(), id, late ? "accept {}" : "accept { complexity: COMPLEX }");
  if (stage > 1) rig.Do(Td(), id, "dispatch { lead_org: '371403001-urban' }");
  if (stage > 2) rig.Do(Dh(), id, "take {}");
}

// When each climb is due, by the rows of 3.6.3; to the city after the card of 2 December.
std::vector<Climb> DueClimbs(const v1::Incident& m, const Knowledge& known) {
  std::vector<Climb> climbs;
  const int level = m.standing().current_level();
  int64_t at = 0;
  if (level == 1) {
    at = MomentAfter(m.opened_at_ms(), LengthOf(1, common::v1::D), known);
    climbs.push_back({1, 2, at});
  }
  if (level <= 2) {
    at = std::max(at, MomentAfter(m.opened_at_ms(), LengthOf(3, common::v1::D), known));
    climbs.push_back({2, 3, at});
  }
  int64_t due = 0;
  for (const auto& clock : m.clock()) {
    if (!IsDuty(clock.policy_id()) || !reference::IsRunning(clock)) continue;
    due = due == 0 ? clock.due_at_ms() : std::min(due, clock.due_at_ms());
  }
  climbs.push_back({3, 4, std::max(at, MomentAfter(due - 1, LengthOf(3, common::v1::WD), known))});
  climbs.push_back({4, 5, Ms("2026-12-12 00:00") + 1});
  return climbs;
}

std::map<std::string, std::vector<Climb>> Climbed(const Rig& rig) {
  std::map<std::string, std::vector<Climb>> climbs;
  const auto read = rig.engine->log().Read(0, [&](const kernel::LogEntry& entry) {
    kernel::v1::LogRecord record;
    v1::Event event;
    EXPECT_TRUE(record.ParseFromArray(entry.record.data(), static_cast<int>(entry.record.size())));
    EXPECT_TRUE(event.ParseFromString(record.event()));
    if (event.has_escalated()) {
      EXPECT_TRUE(event.escalated().automatic());
      climbs[record.aggregate_id()].push_back(
          {event.escalated().from(), event.escalated().to(), record.recorded_at_ms()});
    }
    return true;
  });
  EXPECT_TRUE(read.ok());
  return climbs;
}

// Breached ones: the oldest among them, ones nobody took, ones somebody keeps adding words to.
void AddWords(Rig& rig) {
  for (int i = 0; i < kMatters; i += 2 * kEvery) {
    const bool grid = i / kEvery % 5 == 4;
    rig.Do(grid ? Gw() : Td(), IdOf(i), "supplement { text: '还在，又问了一次' }");
  }
}

void GiveCards(Rig& rig) {
  for (int i = 0; i < kMatters; i += kEvery) {
    oversight::v1::Notice order;
    order.set_service("incident");
    order.set_subject_id(IdOf(i));
    order.set_order_id("o" + IdOf(i));
    order.set_card(common::v1::CARD_YELLOW);
    rig.Hear("oversight", "oversight.order_issued", order.order_id(), order);
    if (i % (2 * kEvery) == 0) rig.Hear("oversight", "oversight.order_closed", order.order_id(), order);  // answered
  }
}

// spec: 3.6.3
TEST(Ladder, LiftsFiveHundredLateMattersOfTenThousandOnceALevelInOrderWithinAMinute) {
  Rig rig;
  const Knowledge known = Known();
  for (int i = 0; i < kMatters; ++i) {
    if (i % 1000 == 999) PassTo(rig, rig.clock.NowMs() + base::kMinuteMs);  // some are older than others
    Bring(rig, i);
  }
  std::map<std::string, std::vector<Climb>> due;
  for (int i = 0; i < kMatters; i += kEvery) due[IdOf(i)] = DueClimbs(rig.Matter(IdOf(i)), known);
  ASSERT_EQ(due.size(), 500U);

  PassTo(rig, Ms("2026-11-24 12:00"));
  AddWords(rig);
  PassTo(rig, Ms("2026-11-26 12:00"));
  AddWords(rig);
  PassTo(rig, Ms("2026-12-02 10:00"));
  for (const auto& [id, climbs] : due) ASSERT_EQ(rig.Matter(id).standing().current_level(), common::v1::COUNTY) << id;
  GiveCards(rig);
  PassTo(rig, Ms("2026-12-13 00:00"));

  const auto climbed = Climbed(rig);
  EXPECT_EQ(climbed.size(), due.size()) << "nothing climbs that is not late";
  for (const auto& [id, expected] : due) {
    const auto at = climbed.find(id);
    ASSERT_TRUE(at != climbed.end()) << id;
    ASSERT_EQ(at->second.size(), expected.size()) << id;
    for (size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(at->second[i].from, expected[i].from) << id;
      EXPECT_EQ(at->second[i].to, expected[i].to) << id;
      EXPECT_GE(at->second[i].at_ms, expected[i].at_ms) << id << " to level " << expected[i].to;
      EXPECT_LE(at->second[i].at_ms, expected[i].at_ms + base::kMinuteMs) << id << " to level " << expected[i].to;
    }
  }
}

}  // namespace
}  // namespace incident
