// Every no has a code of its own and words in both languages, and says nothing about the machine.
#include "services/rpc/errors.h"

#include <gtest/gtest.h>

#include <string>

#include "storage/space_guard.h"
#include "tests/support/temp_dir.h"

namespace rpc {
namespace {

using kernel::RefusalCode;

TEST(Refusals, HaveTheirGrpcCode) {
  const auto code = [](RefusalCode of) {
    kernel::Refusal refusal;
    refusal.code = of;
    return FailureOf(refusal).code;
  };
  EXPECT_EQ(code(RefusalCode::kNotFound), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(code(RefusalCode::kNotAllowed), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(code(RefusalCode::kWrongStatus), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(code(RefusalCode::kGuard), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(code(RefusalCode::kLimit), grpc::StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(code(RefusalCode::kInvalid), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(code(RefusalCode::kConflict), grpc::StatusCode::ABORTED);
}

TEST(Refusals, KeepWhatTheDomainSaid) {
  const Failure failure = FailureOf(kernel::Refusal{.code = RefusalCode::kInvalid,
                                                    .reason = "CATEGORY_UNKNOWN",
                                                    .field = "category",
                                                    .message_zh = "没有这个类别。",
                                                    .message_en = "There is no such category.",
                                                    .metadata = {{"category", "C-99"}}});
  EXPECT_EQ(failure.detail.reason(), "CATEGORY_UNKNOWN");
  EXPECT_EQ(failure.detail.field(), "category");
  EXPECT_EQ(failure.detail.metadata().at("category"), "C-99");
  ASSERT_EQ(failure.detail.field_error_size(), 1);
  EXPECT_EQ(failure.detail.field_error(0).pointer(), "category");
  EXPECT_EQ(failure.detail.field_error(0).message_zh(), "没有这个类别。");
}

TEST(Failures, AlwaysSpeakBothLanguages) {
  for (int code = 1; code <= 16; ++code) {
    const Failure failure = FailureOf(absl::Status(static_cast<absl::StatusCode>(code), ""));
    EXPECT_FALSE(failure.detail.reason().empty()) << code;
    EXPECT_FALSE(failure.detail.message_zh().empty()) << code;
    EXPECT_FALSE(failure.detail.message_en().empty()) << code;
    EXPECT_NE(failure.code, grpc::StatusCode::OK) << code;
  }
}

TEST(Failures, OfTheMachineSayNothingAboutIt) {
  for (const auto& status : {absl::InternalError("IO error: /data/incident/000012.sst"),
                             absl::DataLossError("corruption at /data"), absl::UnavailableError("10.0.0.7:7402"),
                             absl::UnknownError("/data")}) {
    const Failure failure = FailureOf(status);
    EXPECT_EQ(failure.detail.SerializeAsString().find("/data"), std::string::npos);
    EXPECT_EQ(failure.detail.SerializeAsString().find("10.0"), std::string::npos);
    EXPECT_EQ(StatusOf(failure).error_message().find("/data"), std::string::npos);
  }
}

TEST(Failures, OfAFullQueueSayWhenToComeBack) {
  EXPECT_EQ(FailureOf(absl::ResourceExhaustedError(""), 250).detail.retry_after_ms(), 250);
  EXPECT_GT(FailureOf(absl::ResourceExhaustedError("")).detail.retry_after_ms(), 0);
  EXPECT_EQ(FailureOf(absl::NotFoundError("")).detail.retry_after_ms(), 0);
}

// People were told that the system is busy while its disk was nearly full: they waited, and nobody made room.
TEST(Failures, OfANearlyFullDiskSaySo) {
  tests::TempDir dir;
  const Failure failure = FailureOf(storage::CheckFreeSpace(dir.path(), ~uint64_t{0}), 700);
  EXPECT_EQ(failure.code, grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(failure.detail.reason(), "DISK_NEARLY_FULL");
  EXPECT_EQ(failure.detail.retry_after_ms(), 700);
  EXPECT_EQ(failure.detail.SerializeAsString().find(dir.path()), std::string::npos);
}

}  // namespace
}  // namespace rpc
