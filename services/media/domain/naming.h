#pragma once
// Did a document come into a matter by right? Whoever names a digest has seen a number; whoever uploaded the bytes had
// them. So a matter has a document by right when one of those who named it there had uploaded it, or somebody of the
// same organisation had, before or after; or while it is handed over inside the platform by a matter that has it by
// right. Everything is kept as marks (services/kernel/document_mark.h). Pure.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/v1/actor.pb.h"
#include "media/v1/media.pb.h"

namespace media {

std::string MatterMark(std::string_view sha256, std::string_view service, std::string_view id);
std::string MarkOf(std::string_view sha256, std::string_view matter);  // "<service>/<id>"
std::string OrgMark(std::string_view sha256, std::string_view org_id);

// Of whose posts an upload is: a resident's 群众 stand for nobody.
std::vector<std::string> OrgsOf(const kernel::v1::Actor& actor);
// A person and the organisations they stand for.
std::vector<std::string> UploaderMarks(std::string_view sha256, const v1::UploadState& upload);
std::vector<std::string> CallerMarks(std::string_view sha256, const kernel::v1::Actor& actor);
std::vector<std::string> PersonMarks(std::string_view sha256, const kernel::v1::Actor& actor);  // without them

// Where uploads are found by who made them: keys of the index "uploaded", those that last longest first.
std::string UploadedPrefix(std::string_view sha256, std::string_view mark);
std::string UploadedKey(std::string_view sha256, std::string_view mark, int64_t expires_at_ms);

// Null: this matter never named it, so far as media knows.
const v1::Naming* NamingOf(const v1::Blob& blob, std::string_view matter);
// Linked by an earlier build, which did not take down the matters: whoever is shown the digest there has the bytes.
bool LinkedBefore(const v1::Blob& blob, std::string_view service);
bool MayBeRead(const v1::Blob& blob, std::string_view service, std::string_view matter);

// What becomes of the namings when one more is heard; `uploaded`: one of `heard.by` has lately uploaded these bytes.
std::vector<v1::BlobNamed> Hear(const v1::Naming& heard, bool uploaded, v1::Blob blob);
// What the hand-over gave to this matter ends; what somebody of its own uploaded and named there stays.
std::vector<v1::BlobNamed> HandBack(const std::string& matter, v1::Blob blob);
// And when the bytes come, from somebody with these marks.
std::vector<v1::BlobNamed> Come(const std::vector<std::string>& uploader, v1::Blob blob);
void ApplyNamed(const v1::BlobNamed& event, v1::Blob* blob);

// Each matter that has it by right and whose service has not heard that its bytes are here.
std::vector<v1::BlobTold> Untold(const v1::Blob& blob);
void ApplyTold(const v1::BlobTold& event, v1::Blob* blob);

}  // namespace media
