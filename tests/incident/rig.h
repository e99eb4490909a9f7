#pragma once
// The incident service without its sockets: engine, database in memory, notices of others, queries.

#include <google/protobuf/text_format.h>

#include <memory>
#include <string>
#include <utility>

#include "services/incident/queries.h"
#include "services/incident/subscriptions.h"
#include "services/kernel/engine.h"
#include "services/kernel/replay.h"
#include "tests/incident/world.h"
#include "tests/support/mem_kv.h"
#include "tests/support/sim_clock.h"

namespace incident {

class Rig {
 public:
  Rig() : clock(Ms(kMonday)) {
    kernel::Engine<IncidentDomain>::Options options;
    options.subscriptions = Subscriptions();
    options.seed = 11;
    options.fresh_log_id = std::string(16, 'I');
    auto opened = kernel::Engine<IncidentDomain>::Open(clock, kv, std::move(options));
    EXPECT_TRUE(opened.ok()) << opened.status();
    engine = *std::move(opened);
    directory::v1::Notice calendar, policies;
    *calendar.mutable_calendar_loaded() = Policies().calendar;
    *policies.mutable_policy_changed() = Policies().policies;
    Hear("directory", "directory.calendar", "ref", calendar);
    Hear("directory", "directory.policy", "ref", policies);
    for (const auto& notice : DirectoryNotices()) Hear("directory", "directory.area", "ref", notice);
  }

  // A notice of another service, through the inbox.
  template <class Notice>
  void Hear(const std::string& source, std::string_view topic, std::string_view subject,
            const Notice& notice) {
    bus::v1::Event event;
    event.set_seq(++heard_[source]);
    event.set_topic(std::string(topic));
    event.set_subject(std::string(subject));
    event.set_subject_version(heard_[source]);
    event.set_schema(notice.GetDescriptor()->full_name());
    event.set_data(notice.SerializeAsString());
    kernel::Cursor after;
    after.log_id = std::string(16, 's');
    after.seq = heard_[source];
    bool applied = false;
    engine->inbox().Apply(source, {event}, after, [&](const absl::Status& status) {
      EXPECT_TRUE(status.ok()) << status;
      applied = true;
    });
    Run();
    EXPECT_TRUE(applied);
  }

  kernel::Outcome Ask(const Actor& who, std::string id, const std::string& text,
                      std::string request_id = "") {
    auto command = std::make_unique<v1::Command>();
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, command.get())) << text;
    kernel::Envelope envelope;
    envelope.creates = command->has_report() || command->has_public_report() || command->has_start_campaign();
    envelope.command_name = text.substr(0, text.find(' '));
    envelope.command = std::move(command);
    envelope.aggregate_id = std::move(id);
    envelope.actor = who;
    envelope.request_id = std::move(request_id);
    kernel::Outcome answer;
    bool answered = false;
    envelope.done = [&](const kernel::Outcome& outcome) {
      answer = outcome;
      answered = true;
    };
    engine->Submit(std::move(envelope));
    Run();
    EXPECT_TRUE(answered);
    return answer;
  }
  kernel::v1::Receipt Do(const Actor& who, std::string id, const std::string& text) {
    const kernel::Outcome outcome = Ask(who, std::move(id), text);
    EXPECT_FALSE(outcome.refusal.has_value())
        << text << ": " << (outcome.refusal ? outcome.refusal->reason : "");
    return outcome.receipt;
  }

  void Run() {
    while (true) {
      kernel::Group group;
      if (!engine->Take(&group)) return;
      ASSERT_TRUE(engine->Process(&group).ok());
      ASSERT_TRUE(engine->Write(&group).ok());
      ASSERT_TRUE(engine->Sync().ok());
      engine->Finish(&group);
    }
  }
  // Time passes to this moment; every timer fires on its day.
  void Until(std::string_view local) {
    for (int64_t at = clock.NowMs(); at < Ms(local); at += base::kHourMs) {
      clock.AdvanceTo(std::min(at + base::kHourMs, Ms(local)));
      Tick();
    }
  }
  void Tick() {
    for (int i = 0; i < 1000; ++i) {
      const auto next = engine->timers().Pump(clock.NowMs());
      ASSERT_TRUE(next.ok()) << next.status();
      kernel::Group group;
      if (!engine->Take(&group)) return;
      ASSERT_TRUE(engine->Process(&group).ok());
      ASSERT_TRUE(engine->Write(&group).ok());
      ASSERT_TRUE(engine->Sync().ok());
      engine->Finish(&group);
    }
  }

  MatterReader Read() const { return MatterReader(engine->published().Get()); }
  v1::Incident Matter(std::string_view id) const {
    const auto stored = Read().Get(id);
    EXPECT_TRUE(stored.ok() && stored->has_value()) << id;
    return stored.ok() && *stored ? (*stored)->state.incident() : v1::Incident();
  }
  rpc::Caller CallerOf(const Actor& actor) {
    rpc::Caller caller;
    caller.actor = actor;
    caller.now_ms = clock.NowMs();
    for (const auto& grant : actor.grant()) {
      caller.areas.push_back(grant.area_code());
      caller.orgs.push_back(grant.org_id());
    }
    caller.areas = rpc::OutermostAreas(std::move(caller.areas));
    caller.note = &note;
    return caller;
  }
  Queries Query() const {
    return Queries(QueryParts{[this] { return Read(); }, nullptr, nullptr});
  }

  // What is stored is what the log says, and the log is whole.
  void ExpectSound() const {
    const auto replay = kernel::Replay<IncidentDomain>::Run(kv);
    ASSERT_TRUE(replay.ok()) << replay.status();
    const auto difference = replay->Compare(kv);
    ASSERT_TRUE(difference.ok()) << difference.status();
    EXPECT_FALSE(difference->has_value()) << (*difference)->Text();
  }

  tests::SimClock clock;
  tests::MemKv kv;
  std::unique_ptr<kernel::Engine<IncidentDomain>> engine;
  rpc::AuditNote note;

 private:
  std::map<std::string, uint64_t> heard_;
};

}  // namespace incident
