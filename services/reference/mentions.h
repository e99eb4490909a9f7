#pragma once
// Which documents an event refers to: every text field named `sha256` or `…_sha256` that holds a digest. Added to the
// payload of the notice (media/v1/notices.proto), so that media keeps what a matter refers to. Pure; any thread.

#include <google/protobuf/message.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/v1/record.pb.h"

namespace reference {

inline constexpr size_t kMentionsMax = 100;  // of one event
inline constexpr int kHandedMax = 80;         // given along by one hand-over

bool IsDigest(std::string_view text);  // 64 lower-case hex digits

// The first such field that holds something else: "consent[0].proof_sha256".
std::optional<std::string> FirstBadDigest(const google::protobuf::Message& message);

std::vector<std::string> MentionedDocuments(const google::protobuf::Message& event);

// REQUIRES: the payload is set. A sealed notice mentions nothing.
void MentionDocuments(const google::protobuf::Message& event, kernel::v1::Notice* notice);

// What a hand-over 移送 gives along to a matter ends with it. Beside the mentions media is told that those of this notice
// came from another matter, so that its readers have them because the sender had; and which are given back.
void SayHandedFrom(std::string_view service, std::string_view id, kernel::v1::Notice* notice);
void SayHandedBack(const google::protobuf::RepeatedPtrField<std::string>& sha256, kernel::v1::Notice* notice);

}  // namespace reference
