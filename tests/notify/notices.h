#pragma once
// The city's own rules, and notices as they arrive. Tests run from the root of the repository.

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "notify/v1/notify.pb.h"
#include "services/notify/domain/rules.h"
#include "services/reference/policy_text.h"
#include "tests/support/learned.h"

namespace notify {

inline policy::v1::NotificationPolicy CityPolicy() {
  policy::v1::NotificationPolicy policy;
  const absl::Status read = reference::ReadPolicyText("policy/notifications.textproto", &policy);
  EXPECT_TRUE(read.ok()) << read;
  return policy;
}

inline Rules CityRules() {
  auto rules = Rules::From(CityPolicy());
  EXPECT_TRUE(rules.ok()) << rules.status();
  return *std::move(rules);
}

inline v1::Heard HeardOf(std::string_view text) {
  v1::Heard heard;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(std::string(text), &heard)) << text;
  if (heard.service().empty()) heard.set_service(heard.source());
  return heard;
}

// "The township's housing office has it, and its period is about to end."
inline v1::Heard Reminder(uint64_t seq) {
  auto heard = HeardOf("source: 'oversight' service: 'incident' topic: 'oversight.reminded' matter_code: 'M1' "
                       "subject_id: 'i1' area_code: '371403001002' level: 3 policy_id: 'DI-05' "
                       "unit { field: 'to_org' org_id: 't-housing' }");
  heard.set_seq(seq);
  return heard;
}

}  // namespace notify
