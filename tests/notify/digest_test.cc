// What becomes of a notice in the boxes it goes to.
// spec: O1, R12
#include <absl/strings/str_cat.h>
#include <absl/strings/substitute.h>

#include "base/crypto.h"
#include "services/notify/domain/notify.h"
#include "tests/notify/notices.h"
#include "tests/support/scenario.h"

namespace notify {
namespace {

using tests::Local, tests::On;
using Told = tests::Scenario<NotifyDomain>;

const std::string kDesk = "unit/t-housing/DESK", kHead = "unit/t-housing/HEAD";
const std::string kLiaison = "unit/t-housing/DISCIPLINE";
const kernel::v1::Actor kPlatform = tests::ActorOf(kernel::v1::ROLE_SYS);

std::string Hear(uint64_t seq) { return "hear_notice { heard { " + Reminder(seq).ShortDebugString() + " } }"; }
std::string Item(int64_t at_ms, uint64_t seq, int nth) {
  return absl::StrCat(at_ms, ".oversight.", seq, ".", nth);
}

std::string DigestOf(const std::string& box, int64_t at_ms) {
  return absl::StrCat(at_ms, ".digest.", base::Hex(base::Sha256(box)).substr(0, 16));
}

TEST(Notice, ByDayIsShownAtOnce) {
  const int64_t noon = Local("2026-11-23 12:00");
  Told(CityRules(), "matter/M1").When(Hear(7), kPlatform, noon)
      .ThenPartly({"told { heard { topic: 'oversight.reminded' seq: 7 } wording: 'REMINDED' }",
                   On{kDesk, "window_counted { window_count: 1 }"},
                   On{Item(noon, 7, 0), "item_shown { item { box: '" + kDesk + "' wording: 'REMINDED' } }"},
                   On{kHead, "window_counted { window_count: 1 }"},
                   On{Item(noon, 7, 1), "item_shown { item { box: '" + kHead + "' } }"}});
}

TEST(Notice, InTheNightWaitsForSevenAndComesAsOneDigest) {
  Told told(CityRules(), "matter/M1");
  const int64_t first = Local("2026-11-23 21:00"), second = Local("2026-11-24 02:00"),
                morning = Local("2026-11-24 07:00");
  told.When(Hear(7), kPlatform, first)
      .ThenPartly({"told {}", On{kDesk, absl::StrCat("line_held { digest_at_ms: ", morning, " }")},
                   On{Item(first, 7, 0), "item_held { item { box: '" + kDesk + "' } }"}, On{kHead, "line_held {}"},
                   On{Item(first, 7, 1), "item_held {}"}});
  told.When(Hear(8), kPlatform, second);
  told.WhenTimerFires("release_digest", kDesk)
      .ThenPartly({On{kDesk, absl::StrCat("digest_released { digest_at_ms: ", morning, " }")},
                   On{DigestOf(kDesk, morning), "digest_made { box: '" + kDesk + "' }"}})
      .AndTally(DigestTallies(kDesk, morning) + "REMINDED", 2);
}

TEST(Notice, ThatIsUrgentWaitsForNobody) {
  const int64_t night = Local("2026-11-23 23:30");
  Told(CityRules(), "matter/M1")
      .When(
          "hear_notice { heard { source: 'incident' service: 'incident' topic: 'incident.risk_raised' seq: 3 level: "
          "3 "
          "matter_code: 'M1' area_code: '371403001002' } }",
          kPlatform, night)
      .ThenPartly({"told { urgent: true }", On{absl::StrCat(night, ".incident.3.0"),
                                               "item_shown { item { box: 'area/371403001/DUTY' urgent: true } }"}});
}

TEST(Notice, OfACriticalMatterIsUrgentWhereTheRowSaysSo) {
  const std::string escalated =
      "hear_notice { heard { source: 'incident' service: 'incident' level: 4 matter_code: 'M1' "
      "topic: 'incident.escalated' seq: 3 area_code: '371403001002' ";
  const int64_t night = Local("2026-11-23 23:30");
  Told(CityRules(), "matter/M1").When(escalated + "pressing: true } }", kPlatform, night)
      .ThenPartly({"told { urgent: true }", On{absl::StrCat(night, ".incident.3.0"), "item_shown {}"}});
  Told(CityRules(), "matter/M1").When(escalated + "} }", kPlatform, night)
      .ThenPartly({"told {}", On{"area/371403/DUTY", "line_held {}"},
                   On{absl::StrCat(night, ".incident.3.0"), "item_held {}"}});
}

// Nobody has taken a fire at half past one: whoever has it is not left to sleep until seven.
// spec: O1 R12 I1
TEST(Reminder, OfACriticalMatterWakesWhoeverHasIt) {
  const int64_t night = Local("2026-11-23 01:23");
  auto reminder = Reminder(7);
  reminder.set_pressing(true);
  Told(CityRules(), "matter/M1").When("hear_notice { heard { " + reminder.ShortDebugString() + " } }", kPlatform, night)
      .ThenPartly({"told { urgent: true }",
                   On{Item(night, 7, 0), "item_shown { item { box: '" + kDesk + "' urgent: true } }"},
                   On{Item(night, 7, 1), "item_shown { item { box: '" + kHead + "' urgent: true } }"}});
}

TEST(Notices, ThatAreManyBecomeOneDigestByDayToo) {
  Told told(CityRules(), "matter/M1");
  const int64_t noon = Local("2026-11-23 12:00");
  for (uint64_t i = 0; i < 5; ++i) {
    told.When(Hear(i + 1), kPlatform, noon + static_cast<int64_t>(i) * 60'000)
        .ThenPartly({"told {}", On{kDesk, absl::StrCat("window_counted { window_count: ", i + 1, " }")},
                     On{Item(noon + static_cast<int64_t>(i) * 60'000, i + 1, 0), "item_shown {}"},
                     On{kHead, "window_counted {}"},
                     On{Item(noon + static_cast<int64_t>(i) * 60'000, i + 1, 1), "item_shown {}"}});
  }
  const int64_t sixth = noon + 300'000;
  told.When(Hear(6), kPlatform, sixth)
      .ThenPartly({"told {}", On{kDesk, absl::StrCat("line_held { digest_at_ms: ", noon + 3'600'000, " }")},
                   On{Item(sixth, 6, 0), "item_held {}"}, On{kHead, "line_held {}"},
                   On{Item(sixth, 6, 1), "item_held {}"}});
}

// A red card is not lost among what else came: by day it stands by itself, and the others keep their order.
// spec: O5 R12
TEST(RedCard, StandsByItselfByDayAndWaitsForTheMorningAtNight) {
  const auto card = [](uint64_t seq, const std::string& colour) {
    return absl::StrCat("hear_notice { heard { source: 'oversight' service: 'incident' topic: "
                        "'oversight.order_issued' matter_code: 'M1' card: ", colour, " seq: ", seq,
                        " unit { field: 'to_org' org_id: 't-housing' } } }");
  };
  Told told(CityRules(), "matter/M1");
  const int64_t noon = Local("2026-11-23 12:00"), red = noon + 6'000, night = Local("2026-11-23 23:00");
  for (uint64_t seq = 1; seq <= 5; ++seq) told.When(Hear(seq), kPlatform, noon);
  told.When(card(6, "CARD_ORDINARY"), kPlatform, noon)
      .ThenPartly({"told {}", On{kDesk, "line_held {}"}, On{Item(noon, 6, 0), "item_held {}"},
                   On{kHead, "line_held {}"}, On{Item(noon, 6, 1), "item_held {}"},
                   On{kLiaison, "window_counted { window_count: 1 }"}, On{Item(noon, 6, 2), "item_shown {}"}});
  told.When(card(7, "CARD_RED"), kPlatform, red)
      .ThenPartly({"told {}", On{kDesk, "window_counted { window_count: 5 }"}, On{Item(red, 7, 0), "item_shown {}"},
                   On{kHead, "window_counted { window_count: 5 }"}, On{Item(red, 7, 1), "item_shown {}"},
                   On{kLiaison, "window_counted { window_count: 1 }"}, On{Item(red, 7, 2), "item_shown {}"}});
  told.When(card(8, "CARD_RED"), kPlatform, night);
  EXPECT_EQ(told.StateOf(Item(night, 8, 0)).item().digest_at_ms(), Local("2026-11-24 07:00"));
}

// The process stood still over the moment: the digest is made once, by whoever comes first, and loses nothing.
TEST(Digest, WhoseTimerIsLateIsMadeByTheNextNoticeAndOnlyOnce) {
  Told told(CityRules(), "matter/M1");
  const int64_t morning = Local("2026-11-24 07:00"), later = Local("2026-11-24 09:00");
  told.When(Hear(7), kPlatform, Local("2026-11-23 21:00"));
  told.When(Hear(8), kPlatform, later)
      .ThenPartly({"told {}", On{kDesk, "digest_released {}"},
                   On{DigestOf(kDesk, morning), "digest_made {}"},
                   On{kDesk, "window_counted { window_count: 1 }"}, On{Item(later, 8, 0), "item_shown {}"},
                   On{kHead, "digest_released {}"}, On{DigestOf(kHead, morning), "digest_made {}"},
                   On{kHead, "window_counted {}"}, On{Item(later, 8, 1), "item_shown {}"}});
  told.At(later).As(kPlatform).WhenOn(kDesk, "release_digest {}").ThenNothing();
}

TEST(Topic, WithoutARowIsToldToNobody) {
  Told(CityRules(), "matter/M1")
      .When("hear_notice { heard { source: 'incident' topic: 'incident.progressed' matter_code: 'M1' } }", kPlatform,
            Local("2026-11-23 12:00"))
      .ThenNothing();
}

TEST(Command, OfAPersonIsRefused) {
  Told(CityRules(), "matter/M1")
      .When(Hear(7), kernel::v1::ROLE_SV, Local("2026-11-23 12:00"))
      .ThenRefused("NOT_ALLOWED");
}

// ---- Petitions that leave

constexpr char kOfPetition[] = "hear_notice { heard { source: '$0' service: 'petition' topic: '$1' seq: $2 level: 4 "
                               "subject_id: '$3' matter_code: 'M1' area_code: '371403001002' $4 } }";
std::string OfPetition(const std::string& source, const std::string& topic, int seq, const std::string& petition,
                       const std::string& unit = "") {
  const std::string named = unit.empty() ? "" : absl::StrCat("unit { field: '", unit, "' org_id: 't-housing' }");
  return absl::Substitute(kOfPetition, source, topic, seq, petition, named);
}
std::string Forwarded(int seq, const std::string& petition) {
  return OfPetition("petition", "petition.forwarded", seq, petition, "holder_org");
}
std::string Removed(int seq, const std::string& petition) {
  return OfPetition("petition", "petition.removed", seq, petition);
}

// The digest of the morning said that a petition had arrived, and listed none: so one was sealed in the night.
TEST(Digest, DoesNotCountAPetitionThatLeftBeforeTheMorning) {
  Told told(CityRules(), "matter/M1");
  const int64_t night = Local("2026-11-23 21:00"), morning = Local("2026-11-24 07:00");
  told.When(Forwarded(1, "p1"), kPlatform, night);
  told.When(Hear(2), kPlatform, night + 1);
  told.When(Removed(3, "p1"), kPlatform, night + 2)
      .Then({On{"subject/petition/p1", "matter_removed {}"},
             On{absl::StrCat(night, ".petition.1.0"), "item_withdrawn {}"}});
  told.WhenTimerFires("release_digest", kDesk)
      .ThenPartly({On{kDesk, absl::StrCat("digest_released { digest_at_ms: ", morning, " }")},
                   On{DigestOf(kDesk, morning), "digest_made {}"}})
      .AndTally(DigestTallies(kDesk, morning) + "REMINDED", 1)
      .AndTally(DigestTallies(kDesk, morning) + "PETITION_ARRIVED", 0);
}

TEST(Digest, IsNotMadeIfAllThatWaitedHasLeft) {
  Told told(CityRules(), "matter/M1");
  const int64_t night = Local("2026-11-23 21:00"), morning = Local("2026-11-24 07:00");
  told.When(Forwarded(1, "p1"), kPlatform, night);
  told.When(Removed(3, "p1"), kPlatform, night + 2);
  told.WhenTimerFires("release_digest", kDesk)
      .Then({On{kDesk, absl::StrCat("digest_released { digest_at_ms: ", morning, " }")}});
}

TEST(Digest, CountsAPetitionThatLeftLaterNoMoreAndGoesWithTheLast) {
  Told told(CityRules(), "matter/M1");
  const int64_t night = Local("2026-11-23 21:00"), morning = Local("2026-11-24 07:00");
  told.When(Forwarded(1, "p1"), kPlatform, night);
  told.When(Forwarded(2, "p2"), kPlatform, night + 1);
  const std::string arrived = DigestTallies(kDesk, morning) + "PETITION_ARRIVED";
  told.WhenTimerFires("release_digest", kDesk).AndTally(arrived, 2);
  told.When(Removed(3, "p1"), kPlatform, morning + 1)
      .Then({On{"subject/petition/p1", "matter_removed {}"},
             On{absl::StrCat(night, ".petition.1.0"), "item_withdrawn {}"}})
      .AndTally(arrived, 1);
  told.When(Removed(4, "p2"), kPlatform, morning + 2)
      .Then({On{"subject/petition/p2", "matter_removed {}"},
             On{absl::StrCat(night + 1, ".petition.2.0"), "item_withdrawn {}"},
             On{DigestOf(kDesk, morning), "item_withdrawn {}"}})
      .AndTally(arrived, 0);
  EXPECT_TRUE(NotifyDomain::Indexes("x", told.StateOf(DigestOf(kDesk, morning))).empty());
}

// Streams are heard as they come: the link to oversight was cut, and what it had said before came after the petition
// had left.
TEST(Petition, ThatHasLeftIsNotToldOfByWhatOversightSaidBefore) {
  Told told(CityRules(), "matter/M1");
  const int64_t noon = Local("2026-11-23 12:00");
  told.When(Forwarded(1, "p1"), kPlatform, noon);
  told.When(Removed(2, "p1"), kPlatform, noon + 1);
  told.When(OfPetition("oversight", "oversight.reminded", 7, "p1", "to_org"), kPlatform, noon + 2).Then({});
}

// A matter that was handed over, came back and was handed over again keeps its code.
TEST(Petition, ThatFollowsUnderTheSameCodeIsToldAndStays) {
  Told told(CityRules(), "matter/M1");
  const int64_t noon = Local("2026-11-23 12:00");
  told.When(Forwarded(1, "p1"), kPlatform, noon);
  told.When(Removed(2, "p1"), kPlatform, noon + 1);
  told.When(Forwarded(3, "p2"), kPlatform, noon + 2)
      .ThenPartly({"told {}", On{kDesk, "window_counted {}"},
                   On{absl::StrCat(noon + 2, ".petition.3.0"), "item_shown {}"}});
  told.When(Removed(4, "p1"), kPlatform, noon + 3).Then({On{"subject/petition/p1", "matter_removed {}"}});
}

}  // namespace
}  // namespace notify
