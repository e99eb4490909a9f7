// What people see of what they must know: their own, unread first, and nobody sees what they have read.
// spec: R1, R9, R12, A8
#include "services/notify/inbox.h"

#include <map>
#include <set>

#include "incident/v1/api.pb.h"
#include "mediation/v1/api.pb.h"
#include "petition/v1/api.pb.h"
#include "services/kernel/replay.h"
#include "tests/notify/notices.h"
#include "tests/support/driven.h"
#include "tests/support/scenario.h"

namespace notify {
namespace {

using kernel::v1::Actor;
using namespace kernel::v1;  // NOLINT: roles by their names alone
using tests::ActorOf, tests::Local;

class InboxTest : public ::testing::Test, protected kernel::CommandQueue {
 protected:
  InboxTest()
      : engine_(Local("2026-11-23 12:00"), CityRules()),
        marks_(std::string(32, 'k')),
        own_([this](const std::string& service, const std::string& path, const google::protobuf::Message& request,
                    google::protobuf::Message* response, const rpc::CallSettings& settings) {
          return AskCase(service, path, request, response, settings);
        }),
        inbox_([this] { return engine_.Read(); }, this, &marks_, &own_) {}

  void Submit(kernel::Envelope envelope) override {
    auto done = std::move(envelope.done);
    done(engine_.Do(std::move(envelope)));
  }

  // The services of the matters, in few words: they show their lists, for the caller's own token, as theirs are.
  rpc::CallResult AskCase(const std::string& service, const std::string& path, const google::protobuf::Message& request,
                          google::protobuf::Message* response, const rpc::CallSettings& settings) {
    rpc::CallResult result;
    if (away_) result.status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "away");
    if (away_ || settings.token != "token of u1") return result;
    const std::string wire = request.SerializeAsString();
    if (service == "incident") {
      EXPECT_EQ(path, "/incident.v1.Incidents/ListIncidents");
      incident::v1::ListIncidentsRequest asked;
      EXPECT_TRUE(asked.ParseFromString(wire) && asked.mine() && asked.page_size() == kOwnMattersMax);
      incident::v1::ListIncidentsResponse list;
      list.add_row()->set_matter_code("MINE");
      response->ParseFromString(list.SerializeAsString());
    } else if (service == "mediation") {
      mediation::v1::ListCasesRequest asked;
      EXPECT_TRUE(asked.ParseFromString(wire) && asked.mine() && asked.page_size() == kOwnMattersMax);
      mediation::v1::ListCasesResponse list;
      list.add_line()->set_matter_code(asked.ended() ? "ENDED" : "OPEN");
      response->ParseFromString(list.SerializeAsString());
    } else {
      petition::v1::ListPetitionsRequest asked;
      EXPECT_TRUE(asked.ParseFromString(wire) && asked.mine() && asked.page_size() == kOwnMattersMax);
      petition::v1::ListPetitionsResponse list;
      list.add_line()->set_matter_code(asked.ended() ? "SETTLED" : "PENDING");
      response->ParseFromString(list.SerializeAsString());
    }
    return result;
  }

  rpc::Caller CallerOf(Actor actor) {
    rpc::Caller caller;
    caller.token = "token of " + actor.user_id();
    caller.actor = std::move(actor);
    caller.now_ms = engine_.clock().NowMs();
    caller.note = &note_;
    return caller;
  }
  void Tell(const v1::Heard& heard) {
    v1::Command command;
    *command.mutable_hear_notice()->mutable_heard() = heard;
    const auto outcome = engine_.Do(SubjectOf(heard), std::move(command), ActorOf(ROLE_SYS));
    EXPECT_TRUE(outcome.status.ok() && !outcome.refusal);
  }
  v1::ListInboxResponse List(const Actor& actor, int page_size = 0, const std::string& token = "") {
    v1::ListInboxRequest request;
    request.set_page_size(page_size);
    request.set_page_token(token);
    v1::ListInboxResponse response;
    const rpc::Answer answer = inbox_.ListInbox(CallerOf(actor), request, &response);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return response;
  }
  std::vector<uint64_t> Ids(const v1::ListInboxResponse& list) {
    std::vector<uint64_t> seqs;
    for (const auto& entry : list.entry()) {
      const std::string& id = entry.id();
      const size_t from = id.find('.', id.find('.') + 1) + 1;
      seqs.push_back(std::stoull(id.substr(from)));
    }
    return seqs;
  }
  rpc::Answer Mark(const Actor& actor, const std::string& id, v1::InboxCount* count) {
    v1::MarkReadRequest request;
    request.add_id(id);
    return inbox_.MarkRead(CallerOf(actor), request, count);
  }

  const Actor worker_ = ActorOf(ROLE_DH, "t-housing", "371403001", "w1");
  const Actor colleague_ = ActorOf(ROLE_DH, "t-housing", "371403001", "w2");
  const Actor head_ = ActorOf(ROLE_DM, "t-housing", "371403001", "h1");
  const Actor citizen_ = ActorOf(ROLE_PUB, "", "", "u1");
  tests::Driven<NotifyDomain> engine_;
  const Marks marks_;
  const OwnMatters own_;
  const Inbox inbox_;
  rpc::AuditNote note_;
  bool away_ = false;
};

TEST_F(InboxTest, SaysWhatToDoInBothLanguagesAndNothingPersonal) {
  Tell(Reminder(1));
  const auto list = List(worker_);
  ASSERT_EQ(list.entry_size(), 1);
  const auto& entry = list.entry(0);
  EXPECT_EQ(entry.text_zh(), "期限将至或已过，请办理");
  EXPECT_FALSE(entry.text_en().empty());
  EXPECT_EQ(entry.matter_code(), "M1");
  EXPECT_EQ(entry.subject_id(), "i1");
  EXPECT_EQ(entry.service(), "incident");
  EXPECT_EQ(entry.unit(), "t-housing");
  EXPECT_EQ(entry.policy_id(), "DI-05");
  EXPECT_TRUE(entry.unread());
}

// A code alone told the leader nothing.
// spec: 3.6.6
TEST_F(InboxTest, SaysInWordsWhyWhatSomebodyAskedForWasRefused) {
  Tell(HeardOf("source: 'oversight' service: 'incident' topic: 'oversight.leaders_request_refused' matter_code: 'M1' "
               "seq: 1 area_code: '371403001002' level: 4 reason_code: 'BELOW_MINIMUM_LEVEL'"));
  Tell(Reminder(2));
  const auto list = List(ActorOf(ROLE_CL, "c-gov", "371403", "l1"));
  ASSERT_EQ(list.entry_size(), 1);
  EXPECT_EQ(list.entry(0).text_zh(), "所提要求未被采纳，可查看原因");
  EXPECT_EQ(list.entry(0).reason_zh(), "这类事项不能由这一级的单位办理。");
  EXPECT_EQ(list.entry(0).reason_en(), "Matters of this category are not handled at that level.");
  EXPECT_EQ(List(worker_).entry(0).reason_zh() + List(worker_).entry(0).reason_en(), "");
}

TEST_F(InboxTest, IsOfTheOwnUnitAndCircleOnly) {
  Tell(Reminder(1));
  EXPECT_EQ(List(worker_).entry_size(), 1);
  EXPECT_EQ(List(head_).entry_size(), 1);
  EXPECT_EQ(List(ActorOf(ROLE_DH, "c-housing", "371403", "w1")).entry_size(), 0);
  EXPECT_EQ(List(ActorOf(ROLE_SV, "t-housing", "371403001", "s1")).entry_size(), 0);
  EXPECT_EQ(List(citizen_).entry_size(), 0);
}

TEST_F(InboxTest, ShowsUnreadFirstAndThenNewestFirst) {
  for (uint64_t i = 1; i <= 4; ++i) {
    engine_.clock().Advance(1000);
    Tell(Reminder(i));
  }
  EXPECT_EQ(Ids(List(worker_)), (std::vector<uint64_t>{4, 3, 2, 1}));
  v1::InboxCount count;
  ASSERT_TRUE(Mark(worker_, List(worker_).entry(0).id(), &count).ok());
  EXPECT_EQ(count.unread(), 3);
  EXPECT_EQ(count.total(), 4);
  EXPECT_EQ(Ids(List(worker_)), (std::vector<uint64_t>{3, 2, 1, 4}));

  std::vector<uint64_t> paged;
  std::string token;
  do {
    const auto page = List(worker_, 3, token);
    for (uint64_t id : Ids(page)) paged.push_back(id);
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(paged, (std::vector<uint64_t>{3, 2, 1, 4}));
}

TEST_F(InboxTest, ReadTwiceIsRead) {
  Tell(Reminder(1));
  const std::string id = List(worker_).entry(0).id();
  v1::InboxCount count;
  ASSERT_TRUE(Mark(worker_, id, &count).ok());
  ASSERT_TRUE(Mark(worker_, id, &count).ok());
  EXPECT_EQ(count.unread(), 0);
  EXPECT_EQ(List(colleague_).entry(0).unread(), true) << "what one has read, another has not";
}

// R1: who read what, when, or how many have: nobody can find out, not even who reads the disk without the key.
TEST_F(InboxTest, WhatSomebodyHasReadStandsInNoRecord) {
  Tell(Reminder(1));
  const std::string id = List(worker_).entry(0).id();
  const uint64_t before = engine_.Read().seq();
  v1::InboxCount count;
  ASSERT_TRUE(Mark(worker_, id, &count).ok());
  const auto reader = engine_.Read();
  EXPECT_EQ(reader.seq(), before) << "no event";
  std::set<storage::KeySpace> changed;
  for (size_t space = 0; space < storage::kKeySpaceNames.size(); ++space) {
    const auto at = static_cast<storage::KeySpace>(space);
    ASSERT_TRUE(reader.view().Scan(at, "", "", [&](std::string_view key, std::string_view value) {
      const std::string row = std::string(key) + std::string(value);
      EXPECT_EQ(row.find("w1"), std::string::npos) << storage::kKeySpaceNames[space];
      if (at == storage::KeySpace::kVault || at == storage::KeySpace::kDedupe || at == storage::KeySpace::kRefusal) {
        changed.insert(at);
      }
      return true;
    }).ok());
  }
  EXPECT_EQ(changed, std::set{storage::KeySpace::kVault});
  EXPECT_TRUE(note_.actor_id.empty() && note_.aggregate_id.empty()) << "and nothing for the audit log";
}

TEST_F(InboxTest, OfOthersCannotBeMarked) {
  Tell(Reminder(1));
  const std::string id = List(worker_).entry(0).id();
  v1::InboxCount count;
  const auto refused = Mark(ActorOf(ROLE_DH, "c-housing", "371403", "x"), id, &count);
  ASSERT_TRUE(refused.refusal().has_value());
  EXPECT_EQ(refused.refusal()->reason, "NO_ENTRY");
  EXPECT_EQ(Mark(worker_, "nothing", &count).refusal()->reason, "NO_ENTRY");
  EXPECT_EQ(Mark(worker_, "matter/M1", &count).refusal()->reason, "NO_ENTRY");
}

TEST_F(InboxTest, ShowsANightAsOneDigestInTheMorning) {
  engine_.clock().AdvanceTo(Local("2026-11-23 21:00"));
  for (uint64_t i = 1; i <= 3; ++i) Tell(Reminder(i));
  EXPECT_EQ(List(worker_).entry_size(), 0) << "quiet";
  engine_.clock().AdvanceTo(Local("2026-11-24 07:00"));
  engine_.FireDue();
  const auto list = List(worker_);
  ASSERT_EQ(list.entry_size(), 1);
  ASSERT_EQ(list.entry(0).line_size(), 1);
  EXPECT_EQ(list.entry(0).line(0).count(), 3u);
  EXPECT_EQ(list.entry(0).line(0).text_zh(), "期限将至或已过，请办理");
  engine_.FireDue();
  EXPECT_EQ(List(worker_).entry_size(), 1) << "once";

  v1::ListDigestRequest request;
  request.set_id(list.entry(0).id());
  request.set_page_size(2);
  v1::ListInboxResponse first, rest, foreign;
  ASSERT_TRUE(inbox_.ListDigest(CallerOf(worker_), request, &first).ok());
  EXPECT_EQ(Ids(first), (std::vector<uint64_t>{1, 2}));
  request.set_page_token(first.next_page_token());
  ASSERT_TRUE(inbox_.ListDigest(CallerOf(worker_), request, &rest).ok());
  EXPECT_EQ(Ids(rest), std::vector<uint64_t>{3});
  EXPECT_EQ(inbox_.ListDigest(CallerOf(head_), request, &foreign).refusal()->reason, "NO_ENTRY") << "another box";
}

// A digest says how much came, however much it was, and what has left the lists meanwhile is not in the number.
TEST_F(InboxTest, CountsANightTruthfullyHoweverMuchCame) {
  constexpr uint64_t kReminders = 10'050;
  engine_.clock().AdvanceTo(Local("2026-11-23 21:00"));
  for (uint64_t i = 1; i <= kReminders; ++i) Tell(Reminder(i));
  for (const char* petition : {"p1", "p2"}) {
    auto heard = HeardOf("source: 'petition' topic: 'petition.forwarded' level: 3 matter_code: 'M2' "
                         "unit { field: 'holder_org' org_id: 't-housing' }");
    heard.set_subject_id(petition);
    heard.set_seq(petition[1] - '0');
    Tell(heard);
  }
  engine_.clock().AdvanceTo(Local("2026-11-24 07:00"));
  engine_.FireDue();
  const auto counts = [&] {
    std::map<std::string, uint32_t> by_wording;
    const auto list = List(worker_);
    EXPECT_EQ(list.entry_size(), 1);
    for (const auto& line : list.entry(0).line()) by_wording[line.wording()] = line.count();
    return by_wording;
  };
  using Counts = std::map<std::string, uint32_t>;
  EXPECT_EQ(counts(), (Counts{{"REMINDED", kReminders}, {"PETITION_ARRIVED", 2}}));
  for (const auto& [petition, left] : std::map<std::string, Counts>{
           {"p1", {{"REMINDED", kReminders}, {"PETITION_ARRIVED", 1}}}, {"p2", {{"REMINDED", kReminders}}}}) {
    auto removed = HeardOf("source: 'petition' topic: 'petition.removed' level: 3 matter_code: 'M2'");
    removed.set_subject_id(petition);
    removed.set_seq(10 + static_cast<uint64_t>(petition[1] - '0'));
    Tell(removed);
    EXPECT_EQ(counts(), left) << petition;
  }
}

TEST_F(InboxTest, ForgetsWhatIsOldAndItsMarks) {
  Tell(Reminder(1));
  v1::InboxCount count;
  ASSERT_TRUE(Mark(worker_, List(worker_).entry(0).id(), &count).ok());
  engine_.clock().Advance(91 * base::kDayMs);
  EXPECT_EQ(List(worker_).entry_size(), 0);
  engine_.clock().AdvanceTo(base::StartOfDayMs(base::LocalDay(engine_.clock().NowMs())) + 12 * base::kHourMs);
  Tell(Reminder(2));
  ASSERT_TRUE(Mark(worker_, List(worker_).entry(0).id(), &count).ok());
  EXPECT_EQ(marks_.ReadBy(engine_.Read().view(), "w1")->size(), 1u);
}

TEST_F(InboxTest, OfSomebodyWithMattersOfTheirOwnIsWhatTheirServicesShow) {
  uint64_t seq = 0;
  for (const char* code : {"MINE", "OTHERS"}) {
    auto heard = HeardOf("source: 'incident' topic: 'incident.rejected' level: 2");
    heard.set_matter_code(code);
    heard.set_seq(++seq);
    Tell(heard);
  }
  for (const char* code : {"OPEN", "ENDED", "MINE"}) {
    auto heard = HeardOf("source: 'mediation' topic: 'mediation.ended' level: 3");
    heard.set_matter_code(code);
    heard.set_seq(++seq);
    Tell(heard);
  }
  for (const char* code : {"PENDING", "SETTLED"}) {
    auto heard =
        HeardOf("source: 'petition' topic: 'petition.accepted' level: 4 unit { field: 'holder_org' org_id: 'h' }");
    heard.set_matter_code(code);
    heard.set_seq(++seq);
    Tell(heard);
  }
  std::set<std::string> seen;
  const auto list = List(citizen_);
  for (const auto& entry : list.entry()) seen.insert(entry.service() + " " + entry.matter_code());
  EXPECT_EQ(seen, (std::set<std::string>{"incident MINE", "mediation ENDED", "mediation OPEN", "petition PENDING",
                                         "petition SETTLED"}));
  EXPECT_EQ(List(ActorOf(ROLE_PUB, "", "", "u2")).entry_size(), 0);
}

TEST_F(InboxTest, IsNotHalfShownWhileAServiceIsAway) {
  away_ = true;
  v1::ListInboxResponse response;
  const auto answer = inbox_.ListInbox(CallerOf(citizen_), {}, &response);
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(List(worker_).entry_size(), 0) << "who has no matter of their own asks nobody";
}

TEST_F(InboxTest, KnowsAPageTokenOfAnotherListForWhatItIs) {
  v1::ListInboxRequest request;
  request.set_page_token("AAAA");
  v1::ListInboxResponse response;
  EXPECT_EQ(inbox_.ListInbox(CallerOf(worker_), request, &response).refusal()->reason, "PAGE_TOKEN");
}

}  // namespace
}  // namespace notify
