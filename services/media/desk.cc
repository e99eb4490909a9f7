#include "services/media/desk.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/status_macros.h"
#include "common/v1/download.pb.h"
#include "services/media/content/clean.h"
#include "services/media/domain/naming.h"
#include "services/media/domain/refusals.h"
#include "services/rpc/limits.h"

namespace media {
namespace {

using google::api::HttpBody;
using kernel::Refusal, kernel::RefusalCode;

rpc::Answer No(RefusalCode code, std::string_view reason) { return rpc::Answer(Why(code, reason)); }
rpc::Answer NoUpload() { return No(RefusalCode::kNotFound, "NO_UPLOAD"); }
rpc::Answer NoDocument() { return No(RefusalCode::kNotFound, "NO_DOCUMENT"); }

std::string_view Ending(const std::string& content_type) {
  if (content_type == "image/jpeg") return ".jpg";
  if (content_type == "image/png") return ".png";
  if (content_type == "image/webp") return ".webp";
  if (content_type == "application/pdf") return ".pdf";
  if (content_type == "audio/amr") return ".amr";
  if (content_type == "audio/mpeg") return ".mp3";
  if (content_type == "audio/mp4") return ".m4a";
  if (content_type == "audio/ogg") return ".ogg";
  return content_type == "audio/wav" ? ".wav" : "";
}

}  // namespace

absl::StatusOr<std::optional<v1::UploadState>> Desk::OwnUpload(const rpc::Caller& caller,
                                                               const std::string& id) const {
  ASSIGN_OR_RETURN(const auto stored, parts_.read().Get(id));
  const bool own = stored && stored->state.has_upload() && caller.signed_in() &&
                   stored->state.upload().owner_user_id() == caller.actor.user_id();
  if (!own) return std::optional<v1::UploadState>();
  return std::optional<v1::UploadState>(stored->state.upload());
}

rpc::Answer Desk::Append(const rpc::Caller& caller, const v1::AppendUploadRequest& request, v1::Upload* upload) const {
  const auto own = OwnUpload(caller, request.id());
  if (!own.ok()) return rpc::Answer(own.status());
  if (!*own) return NoUpload();
  if ((*own)->status() != v1::RECEIVING) return No(RefusalCode::kWrongStatus, "UPLOAD_ENDED");
  if (const absl::Status room = parts_.check_space(); !room.ok()) return rpc::Answer(room);
  StagedPart part;
  part.offset = request.offset();
  part.data = request.data();
  part.more = request.more();
  part.checksum_algorithm = request.checksum_algorithm();
  part.checksum = request.checksum();
  const auto added = parts_.staging->Add(request.id(), (*own)->length(), part);
  if (!added.ok()) return rpc::Answer(added.status());
  if (added->refusal) return rpc::Answer(*added->refusal);
  if (!part.more) return Show(caller, request.id(), upload);
  upload->set_id(request.id());
  upload->set_status(v1::RECEIVING);
  upload->set_length((*own)->length());
  upload->set_offset(added->offset);
  return rpc::Answer();
}

rpc::Answer Desk::Get(const rpc::Caller& caller, const v1::GetUploadRequest& request, v1::Upload* upload) const {
  return Show(caller, request.id(), upload);
}

rpc::Answer Desk::Show(const rpc::Caller& caller, const std::string& id, v1::Upload* upload) const {
  auto own = OwnUpload(caller, id);
  if (!own.ok()) return rpc::Answer(own.status());
  if (!*own) return NoUpload();
  uint64_t offset = (*own)->length();
  if ((*own)->status() == v1::RECEIVING) {
    const auto arrived = parts_.staging->OffsetOf(id);
    if (!arrived.ok()) return rpc::Answer(arrived.status());
    offset = *arrived;
    if (offset == (*own)->length()) {
      if (rpc::Answer done = Finish(caller, id); !done.ok()) return done;
      own = OwnUpload(caller, id);
      if (!own.ok()) return rpc::Answer(own.status());
      if (!*own) return NoUpload();
    }
  }
  upload->set_id(id);
  upload->set_status((*own)->status());
  upload->set_length((*own)->length());
  upload->set_offset(offset);
  upload->set_expires_at_ms((*own)->expires_at_ms());
  upload->set_sha256((*own)->stored().sha256());
  upload->set_kind((*own)->stored().kind());
  upload->set_content_type((*own)->stored().content_type());
  upload->set_bytes((*own)->stored().bytes());
  upload->set_reason((*own)->reason());
  return rpc::Answer();
}

kernel::Outcome Desk::Tell(const rpc::Caller& caller, const std::string& id, v1::Command command) const {
  kernel::Envelope envelope;
  envelope.command_name = command.has_store_upload() ? "store_upload" : "refuse_upload";
  envelope.command = std::make_unique<v1::Command>(std::move(command));
  envelope.aggregate_id = id;
  envelope.actor = caller.actor;
  return rpc::Ask(*parts_.queue, std::move(envelope));
}

// Two who look at the same whole upload at one time: the second waits for the first, and finds it ended.
rpc::Answer Desk::Finish(const rpc::Caller& caller, const std::string& id) const {
  std::optional<Refusal> refusal;
  const absl::Status status = parts_.staging->With(id, [&](Source& source) -> absl::Status {
    ASSIGN_OR_RETURN(const auto own, OwnUpload(caller, id));
    if (!own || own->status() != v1::RECEIVING) return absl::OkStatus();
    ASSIGN_OR_RETURN(refusal, Take(caller, id, source));
    return absl::OkStatus();
  });
  // Removed by whoever ended it first; the state says how.
  if (!status.ok() && !absl::IsNotFound(status)) return rpc::Answer(status);
  if (refusal) return rpc::Answer(*refusal);
  return rpc::Answer();
}

absl::StatusOr<std::optional<Refusal>> Desk::Take(const rpc::Caller& caller, const std::string& id,
                                                  Source& source) const {
  const auto told = [](const kernel::Outcome& outcome) -> absl::StatusOr<std::optional<Refusal>> {
    RETURN_IF_ERROR(outcome.status);
    return outcome.refusal;
  };
  const auto refused = [&](std::string_view reason) -> absl::StatusOr<std::optional<Refusal>> {
    v1::Command command;
    command.mutable_refuse_upload()->set_reason(std::string(reason));
    ASSIGN_OR_RETURN(auto refusal, told(Tell(caller, id, std::move(command))));
    return refusal ? refusal : std::optional<Refusal>(Why(RefusalCode::kInvalid, reason, "data"));
  };
  const Format format = Sniff(source.Read(0, kSniffBytes));
  if (format == Format::kNone) return refused("TYPE_NOT_ALLOWED");
  if (source.size() > parts_.terms.BytesMaxOf(KindOf(format))) return refused("TOO_LARGE");
  const auto pieces = Clean(format, source);
  if (!pieces) return refused("DAMAGED");
  ASSIGN_OR_RETURN(const BlobStore::Written written, parts_.blobs->Write(source, *pieces, id));
  v1::Command command;
  auto* stored = command.mutable_store_upload()->mutable_stored();
  stored->set_sha256(written.sha256);
  stored->set_kind(KindOf(format));
  stored->set_content_type(std::string(ContentTypeOf(format)));
  stored->set_bytes(written.bytes);
  std::optional<Refusal> refusal;
  RETURN_IF_ERROR(parts_.blobs->Keep(written, [&]() -> absl::Status {
    ASSIGN_OR_RETURN(refusal, told(Tell(caller, id, std::move(command))));
    return absl::OkStatus();
  }));
  return refusal;
}

rpc::Answer Desk::ReadUpload(const rpc::Caller& caller, const v1::ReadUploadRequest& request,
                             rpc::NextMessage<HttpBody>* next) const {
  const auto own = OwnUpload(caller, request.id());
  if (!own.ok()) return rpc::Answer(own.status());
  if (!*own || (*own)->status() != v1::STORED) return NoUpload();
  // Whether a matter has it too is not looked at: whoever uploads what others have handed in would learn of it.
  if ((*own)->expires_at_ms() < caller.now_ms) return NoUpload();
  const auto blob = parts_.read().Get(BlobId((*own)->stored().sha256()));
  if (!blob.ok()) return rpc::Answer(blob.status());
  if (!*blob || !(*blob)->state.blob().present()) return NoUpload();
  return Stream((*blob)->state.blob().stored(), next);
}

absl::StatusOr<bool> Desk::Uploaded(const std::vector<std::string>& marks, const std::string& sha256,
                                    int64_t named_at_ms) const {
  const auto reader = parts_.read();
  for (const std::string& mark : marks) {
    ASSIGN_OR_RETURN(const kernel::Page lasting, reader.List("uploaded", UploadedPrefix(sha256, mark), 1));
    if (lasting.items.empty()) continue;
    ASSIGN_OR_RETURN(const auto upload, reader.Get(lasting.items[0].aggregate_id));
    if (upload && upload->state.upload().expires_at_ms() >= named_at_ms) return true;
  }
  return false;
}

rpc::Answer Desk::ReadDocument(const rpc::Caller& caller, const v1::ReadDocumentRequest& request,
                               rpc::NextMessage<HttpBody>* next) const {
  const std::string& sha256 = request.sha256();
  if (!IsDigest(sha256)) return NoDocument();
  const auto shown = parts_.door->Shows(caller, request.service(), request.id(), sha256);
  if (!shown.ok()) return rpc::Answer(shown.status());
  if (*shown == Shown::kNot) return NoDocument();
  const auto stored = parts_.read().Get(BlobId(sha256));
  if (!stored.ok()) return rpc::Answer(stored.status());
  const v1::Blob blob = *stored ? (*stored)->state.blob() : v1::Blob();
  const std::string matter = MatterMark(sha256, request.service(), request.id());
  const v1::Naming* naming = NamingOf(blob, matter);
  // Colleagues of the uploader read by a naming that is by right. Only what a service never speaks of, attachments of a
  // sealed incident, they read without: by a naming in vain they would read what was handed in elsewhere, under seal.
  const bool is_spoken_of = std::ranges::find(blob.service(), request.service()) != blob.service().end();
  const bool is_silent = naming == nullptr && !is_spoken_of;
  const auto marks = is_silent ? CallerMarks(sha256, caller.actor) : PersonMarks(sha256, caller.actor);
  const auto own = Uploaded(marks, sha256, naming != nullptr ? naming->named_at_ms() : caller.now_ms);
  if (!own.ok()) return rpc::Answer(own.status());
  const bool may = *shown == Shown::kSealed || *own || MayBeRead(blob, request.service(), matter);
  return may && blob.present() ? Stream(blob.stored(), next) : NoDocument();
}

rpc::Answer Desk::Stream(const v1::Stored& stored, rpc::NextMessage<HttpBody>* next) const {
  auto opened = parts_.blobs->Read(stored.sha256());
  if (!opened.ok()) {
    base::Log(base::kError, "a blob cannot be read",
              {{"sha256", stored.sha256()}, {"error", opened.status().ToString()}});
    return rpc::Answer(absl::InternalError("a blob cannot be read"));
  }
  const std::shared_ptr<BlobReader> reader = *std::move(opened);
  *next = [reader, stored, first = true](HttpBody* body) mutable -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(std::string bytes, reader->Next(rpc::kStreamChunkBytes));
    if (bytes.empty() && !first) return false;
    body->set_content_type(stored.content_type());
    body->set_data(std::move(bytes));
    if (!std::exchange(first, false)) return true;
    common::v1::Download download;
    download.set_file_name(absl::StrCat(stored.sha256().substr(0, 12), std::string(Ending(stored.content_type()))));
    download.set_inline_(true);
    download.set_etag(stored.sha256());
    body->add_extensions()->PackFrom(download);
    return true;
  };
  return rpc::Answer();
}

}  // namespace media
