#pragma once
// A desk of oversight, and questions to it as the gateway would ask them.

#include <gtest/gtest.h>

#include "services/oversight/queries.h"
#include "tests/oversight/matter_world.h"
#include "tests/support/caller.h"
#include "tests/support/driven.h"

namespace oversight {

class QueriesTest : public ::testing::Test {
 protected:
  QueriesTest() : desk_(kMonday, tests::Learned()), queries_([this] { return desk_.Read(); }) {}

  // A matter of this code at the county, opened `hours` after Monday morning.
  void Tell(const std::string& code, const std::string& notice, int64_t hours = 0, int version = 1,
            const std::string& topic = "incident.escalated") {
    const auto outcome =
        desk_.Do(code,
                 "observe { service: 'incident' subject_id: 'i" + code +
                     "' subject_version: " + std::to_string(version) + " topic: '" + topic +
                     "' matter_code: '" + code + "' area_code: '371403001002' level: 4 recorded_at_ms: " +
                     std::to_string(kMonday + hours * base::kHourMs) + " incident { " + notice + " } }",
                 Platform());
    EXPECT_TRUE(outcome.status.ok() && !outcome.refusal);
  }
  rpc::Caller As(const Actor& actor) { return tests::CallerOf(actor, desk_.clock().NowMs(), &note_); }
  v1::ListReviewResponse Review(const std::string& text, const Actor& actor = CountyLeader()) {
    v1::ListReviewRequest request;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request));
    v1::ListReviewResponse response;
    EXPECT_TRUE(queries_.ListReview(As(actor), request, &response).ok());
    return response;
  }
  static std::vector<std::string> Codes(const v1::ListReviewResponse& response) {
    std::vector<std::string> codes;
    for (const auto& item : response.item()) codes.push_back(item.matter_code());
    return codes;
  }

  tests::Driven<OversightDomain> desk_;
  Queries queries_;
  rpc::AuditNote note_;
};

inline const std::string kLate =
    "clock { policy_id: 'DI-02' started_at_ms: 1 due_at_ms: 2 length { amount: 1 unit: D } holder_org: "
    "'c-centre' } ";

}  // namespace oversight
