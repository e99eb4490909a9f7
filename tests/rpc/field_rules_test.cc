// Requests are corrected once: every field at fault is named, with its path, in both languages.
#include "services/rpc/field_rules.h"

#include <gtest/gtest.h>

#include <limits>

#include "services/rpc/limits.h"
#include "testproto/notes.pb.h"

namespace rpc {
namespace {

using testproto::v1::CreateNote;

CreateNote Good() {
  CreateNote note;
  note.set_text("路灯坏了");
  note.set_area_code("371403001001");
  auto* party = note.add_party();
  party->set_name("张三");
  party->set_phone("13812345678");
  return note;
}

std::vector<std::string> Faults(CreateNote note) {
  const RequestRules rules(CreateNote::descriptor());
  std::vector<std::string> out;
  for (const auto& error : rules.Check(&note)) {
    EXPECT_FALSE(error.message_zh().empty());
    EXPECT_FALSE(error.message_en().empty());
    out.push_back(error.pointer() + " " + error.code());
  }
  return out;
}

TEST(Fields, OfAGoodRequestPass) { EXPECT_EQ(Faults(Good()), std::vector<std::string>()); }

TEST(Fields, ThatAreMissingAreAllNamedAtOnce) {
  EXPECT_EQ(Faults(CreateNote()), (std::vector<std::string>{"text REQUIRED", "area_code REQUIRED"}));
}

TEST(Fields, AreMeasuredInCharactersNotBytes) {
  CreateNote note = Good();
  std::string twenty;
  for (int i = 0; i < 20; ++i) twenty += "灯";
  note.set_text(twenty);
  EXPECT_TRUE(Faults(note).empty());
  note.set_text(twenty + "灯");
  EXPECT_EQ(Faults(note), std::vector<std::string>{"text TOO_LONG"});
  note.set_text("灯");
  EXPECT_EQ(Faults(note), std::vector<std::string>{"text TOO_SHORT"});
}

// A report of a petition was due in the year 292,278,994: the period before it could not be reckoned.
TEST(Fields, HoldNoMomentNorNumberNobodyCanMean) {
  const auto faults = [](int64_t due_at_ms, int64_t amount_fen) {
    CreateNote note = Good();
    note.set_due_at_ms(due_at_ms);
    note.set_amount_fen(amount_fen);
    return Faults(std::move(note));
  };
  constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(faults(kNever, kNever), (std::vector<std::string>{"due_at_ms OUT_OF_RANGE", "amount_fen OUT_OF_RANGE"}));
  EXPECT_EQ(faults(-1, -kNever), (std::vector<std::string>{"due_at_ms OUT_OF_RANGE", "amount_fen OUT_OF_RANGE"}));
  EXPECT_EQ(faults(kMomentMaxMs, 0), std::vector<std::string>{"due_at_ms OUT_OF_RANGE"});
  EXPECT_TRUE(faults(kMomentMaxMs - 1, kMoneyMaxFen).empty());
}

TEST(Fields, HoldNoDayNorMonthOfAnotherAge) {
  const auto faults = [](const std::string& day, const std::string& month) {
    CreateNote note = Good();
    note.set_due_day(day);
    note.set_month(month);
    return Faults(std::move(note));
  };
  EXPECT_EQ(faults("2999-01-01", "0001-01"),
            (std::vector<std::string>{"due_day OUT_OF_RANGE", "month OUT_OF_RANGE"}));
  EXPECT_EQ(faults("12026-01-01", ""), std::vector<std::string>{"due_day OUT_OF_RANGE"});
  EXPECT_TRUE(faults("2099-12-31", "1900-01").empty());
  EXPECT_TRUE(faults("no day at all", "2026").empty()) << "whoever reads it says so";
}

// The clock of a tablet without a battery says 1969; what it reports still counts.
TEST(Fields, KeepTheTimeOfADeviceAsItCame) {
  CreateNote note = Good();
  note.set_device_at_ms(-1);
  EXPECT_TRUE(Faults(note).empty());
}

TEST(Fields, WithCharactersThatNobodySeesAreRefusedByName) {
  for (const std::string& hidden : {std::string("灯\0坏了", 10), std::string("灯坏\x1b[2J"), std::string("灯坏\x7f"),
                                   std::string("灯坏\xc2\x85"), std::string("灯\u202e了坏"), std::string("灯\u2066坏了"),
                                   std::string("灯\u2069坏了"), std::string("灯\u202a坏了"), std::string("灯坏\r了")}) {
    CreateNote note = Good();
    note.set_text(hidden);
    EXPECT_EQ(Faults(note), std::vector<std::string>{"text CONTROL_CHARACTER"}) << hidden;
    note = Good();
    note.mutable_party(0)->set_name(hidden);
    EXPECT_EQ(Faults(note), std::vector<std::string>{"party[0].name CONTROL_CHARACTER"}) << hidden;
  }
}

TEST(Fields, MayHaveLinesAndTabsButNamesMayNot) {
  CreateNote note = Good();
  note.set_text("一、灯坏\r\n\t二、\n井盖");
  EXPECT_TRUE(Faults(note).empty());
  note.set_text("灯 坏\u00a0了\u200d\u2060");
  EXPECT_TRUE(Faults(note).empty()) << "spaces and joiners are writing";
  note.mutable_party(0)->set_name("张\n三");
  EXPECT_EQ(Faults(note), std::vector<std::string>{"party[0].name CONTROL_CHARACTER"});
}

TEST(Fields, OfNothingButBlanksAreMissing) {
  CreateNote note = Good();
  for (const char* blank : {"    ", "\u3000\u3000", "\u200b\u200b\u200b", "\n\t "}) {
    note.set_text(blank);
    EXPECT_EQ(Faults(note), std::vector<std::string>{"text REQUIRED"});
  }
  note.set_text(" 灯 ");
  EXPECT_EQ(Faults(note), std::vector<std::string>{"text TOO_SHORT"});
}

TEST(Fields, DoNotBringTokensOfTheVault) {
  CreateNote note = Good();
  note.set_story("见 ⟦vault:A/01ARZ3NDEKTSV4RRFFQ69G5FAV⟧");
  EXPECT_EQ(Faults(note), std::vector<std::string>{"story VAULT_TOKEN"});
}

TEST(Fields, InsideListsAreNamedWithTheirPlace) {
  CreateNote note = Good();
  note.add_party()->set_phone(std::string(21, '1'));
  EXPECT_EQ(Faults(note), std::vector<std::string>{"party[1].phone TOO_LONG"});
  note.add_party();
  EXPECT_EQ(Faults(note), std::vector<std::string>{"party TOO_MANY"});
}

TEST(Fields, OnlyForOutputAreIgnored) {
  CreateNote note = Good();
  note.set_assigned("somebody");
  const RequestRules rules(CreateNote::descriptor());
  EXPECT_TRUE(rules.Check(&note).empty());
  EXPECT_EQ(note.assigned(), "");
}

// spec: R9
TEST(Fields, WithAVaultTokenAreRefusedWhereverTheyStand) {
  CreateNote note = Good();
  note.set_text("vault:01H/01H");
  note.mutable_party(0)->set_name("vault:01ARZ3NDEKTSV4RRFFQ69G5FAV/01ARZ3NDEKTSV4RRFFQ69G5FAV");
  note.add_phone("vault:");
  EXPECT_EQ(Faults(note), (std::vector<std::string>{"text VAULT_TOKEN", "party[0].name VAULT_TOKEN",
                                                    "phone[0] VAULT_TOKEN"}));
}

// spec: R9
TEST(Fields, ThatEchoAMaskedValueNeverOverwriteTheTrueOne) {
  CreateNote note = Good();
  note.set_text("路灯**坏了");
  EXPECT_TRUE(Faults(note).empty());
  note.mutable_party(0)->set_name("张**");
  note.mutable_party(0)->set_phone("138＊＊＊＊5678");
  EXPECT_EQ(Faults(note), (std::vector<std::string>{"party[0].name MASKED", "party[0].phone MASKED"}));
}

// What is personal goes to the vault; a request without any was once not looked at for numbers in its sentences.
TEST(Fields, WithANumberInASentenceArePersonalThoughNoRuleSaysSo) {
  const RequestRules rules(CreateNote::descriptor());
  CreateNote note;
  note.set_text("路灯坏了");
  note.set_area_code("371403001001");
  note.set_story("昨天晚上起就不亮，已经有人摔倒。");
  bool personal = true;
  EXPECT_TRUE(rules.Check(&note, &personal).empty());
  EXPECT_FALSE(personal);
  note.set_story("请打我电话13812345678，或者问邻居。");
  EXPECT_TRUE(rules.Check(&note, &personal).empty());
  EXPECT_TRUE(personal);
  note.set_story("");
  note.add_claim("身份证371402199003074512");
  EXPECT_TRUE(rules.Check(&note, &personal).empty());
  EXPECT_TRUE(personal);
}

TEST(Fields, ErrorsAreBounded) {
  CreateNote note = Good();
  for (int i = 0; i < 500; ++i) note.add_phone("vault:x");
  EXPECT_LE(Faults(note).size(), 20u);
}

TEST(Fields, TheFirstFaultGivesTheSentence) {
  CreateNote note;
  const RequestRules rules(CreateNote::descriptor());
  const Failure failure = FieldFailure(rules.Check(&note));
  EXPECT_EQ(failure.code, grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(failure.detail.reason(), "FIELD_REQUIRED");
  EXPECT_EQ(failure.detail.field(), "text");
  EXPECT_EQ(failure.detail.field_error_size(), 2);
}

}  // namespace
}  // namespace rpc
