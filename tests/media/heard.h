#pragma once
// What media hears when somebody names a document in a matter: a record of that matter's service, as the stream says it
// and as media's subscription understands it.

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "kernel/v1/record.pb.h"
#include "media/v1/media.pb.h"
#include "media/v1/notices.pb.h"
#include "services/bus/event.h"
#include "services/media/subscriptions.h"

namespace media {

struct Act {
  std::string service, id, code;  // of the matter
  std::string user;               // "service:petition": the platform itself
  std::string org;
  kernel::v1::Role role = kernel::v1::ROLE_PC;
  std::string from = {};          // "incident/i1": it was handed over from there
  bool back = false;              // the hand-over is over
};

inline bus::v1::Event Told(const Act& act, const std::string& sha256, bool anonymous = false) {
  kernel::v1::LogRecord record;
  record.set_aggregate_id(act.id);
  record.set_actor_id(act.user);
  record.set_actor_org(act.org);
  record.set_actor_role(act.role);
  v1::Mentions mentions;
  v1::HandedOver handed;
  handed.set_from(act.from);
  if (act.back) {
    handed.add_back(sha256);
  } else {
    mentions.add_sha256(sha256);
  }
  record.mutable_notice()->set_topic(act.service + ".document_referred");
  record.mutable_notice()->set_matter_code(act.code);
  record.mutable_notice()->set_payload(mentions.SerializeAsString() + handed.SerializeAsString());
  record.mutable_notice()->set_anonymous(anonymous);
  const std::string stored = record.SerializeAsString();
  kernel::LogEntry entry;
  entry.seq = 1;
  entry.record = stored;
  std::string bytes;
  bool sealed = false;
  EXPECT_TRUE(bus::EncodeEvent("sixteen bytes id", entry, &bytes, &sealed).ok());
  bus::v1::Event event;
  EXPECT_TRUE(event.ParseFromString(bytes));
  return event;
}

inline v1::Command Heard(const Act& act, const std::string& sha256) {
  const auto commands = Subscriptions()(act.service, Told(act, sha256));
  EXPECT_TRUE(commands.ok() && commands->size() == 1u);
  return static_cast<const v1::Command&>(*commands->at(0).command);
}

}  // namespace media
