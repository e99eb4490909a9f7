// A recorded stream of events folds to the recorded states, for ever: what an event means never changes. A
// new meaning is a new event and a new recording beside the old ones; a recording is never written again.
//
// tests/golden/incident/<name>.events: one event a line: aggregate id, moment in ms, the event as protobuf
// text. tests/golden/incident/<name>.states: one aggregate a line: id, its state as protobuf text.
// GOLDEN_RECORD=1 writes recordings that are missing.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include "tests/incident/rig.h"

namespace incident {
namespace {

constexpr char kFolder[] = "tests/golden/incident/";

struct Happened {
  std::string id;
  int64_t at_ms;
  v1::Event event;
};

template <class M>
std::string Text(const M& message) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(message, &text);
  return text;
}

std::vector<Happened> Recorded(const std::string& name) {
  std::ifstream file(kFolder + name + ".events");
  std::vector<Happened> stream;
  for (std::string line; std::getline(file, line);) {
    const size_t one = line.find('\t');
    const size_t two = line.find('\t', one + 1);
    Happened& h = stream.emplace_back(
        Happened{line.substr(0, one), std::stoll(line.substr(one + 1, two - one - 1)), {}});
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(line.substr(two + 1), &h.event)) << line;
  }
  return stream;
}

std::string Folded(const std::vector<Happened>& stream) {
  std::map<std::string, v1::State> states;
  for (const Happened& h : stream) IncidentDomain::Apply(h.event, h.at_ms, &states[h.id]);
  std::string text;
  for (const auto& [id, state] : states) text += id + "\t" + Text(state) + "\n";
  return text;
}

void Record(const std::string& name, const Rig& rig) {
  std::ofstream events(kFolder + name + ".events");
  ASSERT_TRUE(rig.engine->log()
                  .Read(0,
                        [&](const kernel::LogEntry& entry) {
                          kernel::v1::LogRecord record;
                          v1::Event event;
                          EXPECT_TRUE(record.ParseFromArray(entry.record.data(),
                                                            static_cast<int>(entry.record.size())));
                          EXPECT_TRUE(event.ParseFromString(record.event()));
                          if (record.aggregate_id().starts_with(kernel::kReferencePrefix)) return true;
                          events << record.aggregate_id() << '\t' << record.recorded_at_ms() << '\t'
                                 << Text(event) << '\n';
                          return true;
                        })
                  .ok());
  events.close();
  std::ofstream(kFolder + name + ".states") << Folded(Recorded(name));
}

// Three lives that together hold most events: an ordinary one with every detour, an appeal, a campaign.
void Live(Rig& rig) {
  rig.Do(Gw(), "m1", "report { category: '0706' text: '小广告' area_code: '371403001001001' }");
  rig.Do(Gw(), "m1", "supplement { text: '还有一处' }");
  rig.Do(Anybody(), "m2", "public_report { text: '小广告' category: '0706' area_code: '371403001001' }");
  rig.Do(Td(), "m2", "merge { primary_id: 'm1' ground: '同一面墙' }");
  rig.Do(Gh(), "m1", "propose_rejection { reason: NO_CONTENT explanation: '看不清' }");
  rig.Do(Td(), "m1", "reject { reason: NO_CONTENT explanation: '看不清' }");
  rig.Do(Gw(), "m1", "appeal_rejection { reason: '有照片' }");
  rig.Do(Cd(), "m1", "accept { complexity: COMPLEX }");
  rig.Do(Cd(), "m1", "send_down { reason: '街道能办' }");
  rig.Do(Td(), "m1", "dispatch { lead_org: '371403001-urban' co_handler_org: '371403001-water' }");
  rig.Do(Dh(), "m1", "request_return { reason: '归水务' }");
  rig.Do(Td(), "m1", "approve_return {}");
  rig.Do(Td(), "m1", "dispatch { lead_org: '371403001-urban' }");
  rig.Do(Dh(), "m1", "request_return { reason: '归水务' }");
  rig.Do(Td(), "m1", "refuse_return { reason: '归你们' }");
  rig.Do(Dh(), "m1", "take { note: '接了' }");
  rig.Do(Dh(), "m1", "progress { text: '去看了' }");
  rig.Do(Dh(), "m1", "request_extension { reason: '量大' by { amount: 3 unit: D } }");
  rig.Do(Td(), "m1", "refuse_extension { reason: '不必' }");
  rig.Do(Dh(), "m1", "request_extension { reason: '量大' by { amount: 2 unit: D } }");
  rig.Do(Td(), "m1", "approve_extension {}");
  const std::string resume = std::to_string(rig.clock.NowMs() + 20 * base::kDayMs);
  rig.Do(Dh(), "m1", "request_suspension { reason_code: 'S02' expected_resume_at_ms: " + resume + " }");
  rig.Do(Td(), "m1", "refuse_suspension { reason: '不必' }");
  rig.Do(Dh(), "m1", "request_suspension { reason_code: 'S02' expected_resume_at_ms: " + resume + " }");
  rig.Do(Td(), "m1", "approve_suspension {}");
  rig.Until("2026-12-20 09:00");
  rig.Do(Dh(), "m1", "resume {}");
  rig.Do(Dh(), "m1", "escalate { reason: '两个部门' measures_tried: '协调过' }");
  rig.Do(Cd(), "m1", "refer_to_petition { facts: '投诉' }");
  rig.Until("2027-02-10 09:00");
  petition::v1::Notice refused;
  refused.set_refusal_code("NA02");
  refused.mutable_origin()->set_service("incident");
  refused.mutable_origin()->set_aggregate_id("m1");
  rig.Hear("petition", "petition.not_accepted", "p1", refused);
  oversight::v1::Notice order;
  order.set_service("incident");
  order.set_subject_id("m1");
  order.set_order_id("o1");
  order.set_instruction_id("b1");
  rig.Hear("oversight", "oversight.order_issued", "o1", order);
  rig.Hear("oversight", "oversight.instruction_distributed", "o1", order);
  rig.Hear("oversight", "oversight.assigned", "o1", order);
  rig.Do(Cd(), "m1", "dispatch { lead_org: '371403001-urban' }");
  rig.Do(Dh(), "m1", "take {}");
  rig.Do(Dh(), "m1", "complete { result: '清了' resolved: PARTLY }");
  rig.Do(Vf(), "m1", "verify_fail { finding: '还有' }");
  rig.Do(Dh(), "m1", "complete { result: '又清了' resolved: YES }");
  rig.Do(Vf(), "m1", "verify_pass { record: '干净' resolved: YES }");
  rig.Tick();
  rig.Do(Gw(), "m1", "evaluate { solved: NO satisfied: DISSATISFIED text: '又贴了' }");
  rig.Do(Sv(), "m1", "reopen { reason: FALSE_COMPLETION explanation: '照片不符' }");

  const Actor hrss = ActorOf(kernel::v1::ROLE_DH, "371403-hrss", kCounty, "u-hrss");
  rig.Do(Pub(), "a1",
         "public_report { text: '欠款' category: '1303' area_code: '371403' kind: ENTERPRISE_APPEAL }");
  rig.Do(Cd(), "a1", "accept {}");
  rig.Do(Cd(), "a1", "classify_complex { reason: '多部门' }");
  rig.Do(Cd(), "a1", "dispatch { lead_org: '371403-hrss' }");
  rig.Do(hrss, "a1", "take { first_contact: true }");
  rig.Do(hrss, "a1", "complete { result: '已付' resolved: YES }");
  rig.Do(Ha(), "a1", "record_attempt { note: '无人接' }");
  rig.Do(Pub(), "a1", "confirm_service { resolved: YES }");
}

void LiveCampaign(Rig& rig) {
  rig.Do(Cd(), "c1",
         "start_campaign { title: '防汛' category: '1203' area_code: '371403' emergency: true due_at_ms: " +
             std::to_string(Ms("2027-03-01 18:00")) +
             " retain_until_ms: " + std::to_string(Ms("2027-04-01 00:00")) + " seen_cost_minutes: 3 }");
  rig.clock.Advance(1000);
  rig.Tick();
  rig.Do(Gw(), "c1-371403001001001",
         "complete_task { finding { category: '0508' text: '无护栏' } note: 'x' }");
  rig.Until("2027-04-02 09:00");
  rig.Do(Gw(), "s1",
         "report { category: '0706' text: '小广告' self_handled { measures: '清了' note: '好' } }");
  rig.Do(Gw(), "x1", "report { category: '0706' text: '小广告' }");
  rig.Do(Gw(), "x1", "cancel { reason: '看错' }");
  rig.Do(Gw(), "n1", "report { category: '0102' text: '争墙根' }");
  rig.Do(Gh(), "n1", "accept {}");
  rig.Do(Gh(), "n1", "refer_to_mediation { dispute_type: 'D02' party_count: 2 facts: 'x' }");
  mediation::v1::Notice news;
  news.set_level(2);
  news.mutable_origin()->set_service("incident");
  news.mutable_origin()->set_aggregate_id("n1");
  for (const char* topic : {"referral_received", "risk_reported", "effective", "completed"}) {
    rig.Hear("mediation", std::string("mediation.") + topic, "k1", news);
  }
  rig.Until("2027-05-20 09:00");
}

TEST(Golden, StreamsFoldToTheStatesTheyAlwaysMeant) {
  if (std::getenv("GOLDEN_RECORD") != nullptr &&
      !std::ifstream(std::string(kFolder) + "lives-1.events").good()) {
    Rig rig;
    Live(rig);
    LiveCampaign(rig);
    rig.ExpectSound();
    Record("lives-1", rig);
  }
  const auto stream = Recorded("lives-1");
  ASSERT_GT(stream.size(), 80u) << "the recording is missing";
  std::ifstream file(std::string(kFolder) + "lives-1.states");
  const std::string states{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(Folded(stream), states);
}

// What a mass task costs stands with it as it was when it was asked for, whatever the policy says later.
void LiveAsking(Rig& rig) {
  rig.Do(Cd(), "c2",
         "start_campaign { title: '燃气排查' category: '1203' area_code: '371403' due_at_ms: " +
             std::to_string(Ms("2026-12-10 18:00")) +
             " minutes_per_task: 20 asked { questions: 3 fields: 1 photos: 1 photo_ground: '城镇燃气管理条例' }"
             " seen_cost_minutes: 67 }");
  rig.clock.Advance(1000);
  rig.Tick();
  rig.Do(Gw(), "c2-371403001001001", "complete_task { all_normal: true }");
  rig.Do(Cd(), "c2", "end_campaign { summary: '查完了' }");
  rig.clock.Advance(1000);
  rig.Tick();
}

// spec: R13
TEST(Golden, WhatAMassTaskCostsIsKeptAsItWasSeen) {
  if (std::getenv("GOLDEN_RECORD") != nullptr &&
      !std::ifstream(std::string(kFolder) + "asking-1.events").good()) {
    Rig rig;
    LiveAsking(rig);
    rig.ExpectSound();
    Record("asking-1", rig);
  }
  const auto stream = Recorded("asking-1");
  ASSERT_GT(stream.size(), 5u) << "the recording is missing";
  std::ifstream file(std::string(kFolder) + "asking-1.states");
  const std::string states{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(Folded(stream), states);
  EXPECT_NE(states.find("cost { grids: 3 fills: 3 seconds_per_fill: 140 minutes_per_task: 20 minutes: 67"),
            std::string::npos);
}

}  // namespace
}  // namespace incident
