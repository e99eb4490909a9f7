#include "services/media/domain/media.h"

#include <algorithm>

#include "services/media/domain/naming.h"
#include "services/media/domain/refusals.h"

namespace media {
namespace {

using kernel::RefusalCode;
using v1::Command, v1::Event, v1::State;
using Decision = kernel::Decision<Event>;
using Context = kernel::CommandContext<State>;

Decision No(RefusalCode code, std::string_view reason, std::string_view field = {}) {
  return Decision::Refuse(Why(code, reason, field));
}

bool Has(const auto& list, std::string_view one) { return std::ranges::find(list, one) != list.end(); }

bool IsPlatform(const Context& ctx) { return ctx.actor->user_id().empty() && !ctx.actor->service().empty(); }

Decision ByPlatform(Decision decision) {
  decision.acted_as = kernel::v1::ROLE_SYS;
  return decision;
}

Decision ByOwner(Decision decision, const Context& ctx) {
  if (ctx.actor->grant_size() > 0) {
    decision.acted_as = ctx.actor->grant(0).role();
    decision.acted_for_org = ctx.actor->grant(0).org_id();
  }
  return decision;
}

Decision Create(const v1::CreateUploadRequest& request, const Context& ctx, const Terms& terms) {
  const std::string& owner = ctx.actor->user_id();
  if (owner.empty()) return No(RefusalCode::kNotAllowed, "NOT_ALLOWED");
  if (request.length() == 0) return No(RefusalCode::kInvalid, "LENGTH_NEEDED", "length");
  if (request.length() > terms.BytesMax()) return No(RefusalCode::kLimit, "TOO_LARGE", "length");
  const size_t open = ctx.lookup->Scan("receiving", owner + "/", kOpenUploadsPerUser).size();
  if (open >= static_cast<size_t>(kOpenUploadsPerUser)) return No(RefusalCode::kLimit, "TOO_MANY_UPLOADS");
  Decision decision;
  auto* created = decision.Emit()->mutable_upload_created();
  created->set_owner_user_id(owner);
  for (std::string& org : OrgsOf(*ctx.actor)) created->add_owner_org(std::move(org));
  created->set_length(request.length());
  created->set_expires_at_ms(ctx.now_ms + terms.unlinked_ms);
  return ByOwner(std::move(decision), ctx);
}

// An upload of one's own; to others it does not exist.
std::optional<kernel::Refusal> CheckUpload(const State& state, const Context& ctx, bool may_be_ended) {
  if (!state.has_upload()) return Why(RefusalCode::kNotFound, "NO_UPLOAD");
  if (state.upload().owner_user_id() != ctx.actor->user_id()) return Why(RefusalCode::kNotFound, "NO_UPLOAD");
  if (!may_be_ended && state.upload().status() != v1::RECEIVING) {
    return Why(RefusalCode::kWrongStatus, "UPLOAD_ENDED");
  }
  return std::nullopt;
}

Decision Terminate(const State& state, const Context& ctx) {
  if (auto no = CheckUpload(state, ctx, true)) return Decision::Refuse(*std::move(no));
  const v1::UploadStatus status = state.upload().status();
  if (status != v1::RECEIVING && status != v1::STORED) return No(RefusalCode::kWrongStatus, "UPLOAD_ENDED");
  Decision decision;
  decision.Emit()->mutable_upload_terminated();
  return ByOwner(std::move(decision), ctx);
}

Decision Store(const v1::Stored& stored, const State& state, const Context& ctx, const Terms& terms) {
  if (auto no = CheckUpload(state, ctx, false)) return Decision::Refuse(*std::move(no));
  if (!IsDigest(stored.sha256())) return No(RefusalCode::kInvalid, "NO_DOCUMENT", "sha256");
  if (stored.bytes() > terms.BytesMaxOf(stored.kind())) return No(RefusalCode::kLimit, "TOO_LARGE");
  Decision decision;
  const int64_t expires_at_ms = ctx.now_ms + terms.unlinked_ms;
  auto* done = decision.Emit()->mutable_upload_stored();
  *done->mutable_stored() = stored;
  done->set_expires_at_ms(expires_at_ms);
  auto* blob = decision.EmitTo(BlobId(stored.sha256()))->mutable_blob_stored();
  *blob->mutable_stored() = stored;
  blob->set_expires_at_ms(expires_at_ms);
  // Who referred to it before it came waits for it: matters that have it by right from now on.
  if (const State* known = ctx.lookup->Find(BlobId(stored.sha256())); known != nullptr) {
    v1::Blob next = known->blob();
    for (v1::BlobNamed& named : Come(UploaderMarks(stored.sha256(), state.upload()), next)) {
      ApplyNamed(named, &next);
      *decision.EmitTo(BlobId(stored.sha256()))->mutable_blob_named() = std::move(named);
    }
    for (const std::string& service : next.service()) {
      if (!MayBeTold(next, service)) continue;
      decision.EmitTo(BlobId(stored.sha256()))->mutable_blob_told()->set_service(service);
    }
    for (v1::BlobTold& told : Untold(next)) {
      *decision.EmitTo(BlobId(stored.sha256()))->mutable_blob_told() = std::move(told);
    }
  }
  return ByOwner(std::move(decision), ctx);
}

void ApplyLinked(const v1::BlobLinked& e, v1::Blob* blob) {
  blob->clear_doubted();
  auto* silent = blob->mutable_in_silence();
  silent->erase(std::remove(silent->begin(), silent->end(), e.service()), silent->end());
  if (e.in_silence()) blob->add_in_silence(e.service());
  if (!Has(blob->service(), e.service())) blob->add_service(e.service());
  if (e.by_matter() && !Has(blob->by_matter(), e.service())) blob->add_by_matter(e.service());
}

// Lately: an upload counts for a week, as long as nobody has to refer to it. Whether its bytes lie here after that
// depends on others, and who names them would learn it.
bool Uploaded(const v1::Naming& heard, const Context& ctx) {
  const std::string_view sha256 = Sha256Of(ctx.aggregate_id);
  return std::ranges::any_of(heard.by(), [&](const std::string& by) {
    const auto ids = ctx.lookup->Scan("uploaded", UploadedPrefix(sha256, by), 1);
    const State* upload = ids.empty() ? nullptr : ctx.lookup->Find(ids[0]);
    return upload != nullptr && upload->upload().expires_at_ms() >= ctx.now_ms;
  });
}

// A service that was asked and only said yes is told nothing: that it holds the document is a secret. When it says so
// by itself, another of its matters refers to it, and hears that the bytes are here if it has them by right. No matter
// hears of what another has: whoever names a digest in vain would learn that somebody handed it in.
Decision Mention(const v1::HearMention& heard, const State& state, const Context& ctx) {
  Decision decision;
  v1::Blob next = state.blob();
  const bool is_known = Has(next.service(), heard.service());
  if (Sha256Of(ctx.aggregate_id).empty() || (!is_known && next.service_size() >= kServicesMax)) return decision;
  if (heard.back()) {
    for (v1::BlobNamed& named : HandBack(heard.naming().matter(), next)) {
      *decision.Emit()->mutable_blob_named() = std::move(named);
    }
    return ByPlatform(std::move(decision));
  }
  const bool says_so_now = !heard.in_silence() && Has(next.in_silence(), heard.service());
  if (!is_known || says_so_now) {
    auto* linked = decision.Emit()->mutable_blob_linked();
    linked->set_service(heard.service());
    linked->set_in_silence(heard.in_silence());
    linked->set_by_matter(heard.has_naming());
    ApplyLinked(*linked, &next);
  }
  if (heard.has_naming()) {
    v1::Naming naming = heard.naming();
    naming.set_named_at_ms(ctx.now_ms);
    for (v1::BlobNamed& named : Hear(naming, Uploaded(naming, ctx), next)) {
      ApplyNamed(named, &next);
      *decision.Emit()->mutable_blob_named() = std::move(named);
    }
  }
  if (!next.present()) return ByPlatform(std::move(decision));
  if (!heard.in_silence() && MayBeTold(next, heard.service())) {
    decision.Emit()->mutable_blob_told()->set_service(heard.service());
    ApplyTold(decision.events.back().event.blob_told(), &next);
  }
  for (v1::BlobTold& told : Untold(next)) *decision.Emit()->mutable_blob_told() = std::move(told);
  return ByPlatform(std::move(decision));
}

// What lay here, referred to, before anybody was told such things: janitor.h knows who spoke and who was asked.
Decision Tell(const std::string& service, const State& state, const Context& ctx) {
  Decision decision;
  const bool waits = state.blob().present() && MayBeTold(state.blob(), service);
  if (IsPlatform(ctx) && waits) decision.Emit()->mutable_blob_told()->set_service(service);
  return ByPlatform(std::move(decision));
}

// The clock makes it doubted; whoever asked the services that refer in silence ends it. What was uploaded once more in
// the meantime is doubted no more.
Decision Expire(const v1::ExpireBlob& expire, const State& state, const Context& ctx) {
  Decision decision;
  const v1::Blob& blob = state.blob();
  const bool waits = blob.present() && blob.service().empty();
  if (!IsPlatform(ctx) || !waits) return ByPlatform(std::move(decision));
  if (expire.unclaimed() && blob.doubted()) decision.Emit()->mutable_blob_expired();
  if (!expire.unclaimed() && blob.expires_at_ms() <= ctx.now_ms) {
    decision.Emit()->mutable_blob_doubted()->set_again_at_ms(ctx.now_ms + kDoubtAgainMs);
  }
  return ByPlatform(std::move(decision));
}

}  // namespace

bool MayBeTold(const v1::Blob& blob, std::string_view service) {
  return LinkedBefore(blob, service) && !Has(blob.told(), service);
}

uint64_t Terms::BytesMaxOf(v1::Kind kind) const {
  switch (kind) {
    case v1::PHOTO: return photo_bytes_max;
    case v1::VOICE: return voice_bytes_max;
    case v1::PAPER: return paper_bytes_max;
    default: return 0;
  }
}

uint64_t Terms::BytesMax() const { return std::max({photo_bytes_max, voice_bytes_max, paper_bytes_max}); }

bool IsDigest(std::string_view text) {
  return text.size() == 64 && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

std::string BlobId(std::string_view sha256) { return std::string(kBlobPrefix) + std::string(sha256); }

std::string_view Sha256Of(std::string_view blob_id) {
  if (!blob_id.starts_with(kBlobPrefix)) return {};
  const std::string_view digest = blob_id.substr(kBlobPrefix.size());
  return IsDigest(digest) ? digest : std::string_view();
}

kernel::Decision<Event> MediaDomain::Decide(const State& state, const Command& command, const Context& ctx,
                                            const Terms& terms) {
  switch (command.body_case()) {
    case Command::kCreateUpload:
      return Create(command.create_upload(), ctx, terms);
    case Command::kTerminateUpload:
      return Terminate(state, ctx);
    case Command::kStoreUpload:
      return Store(command.store_upload().stored(), state, ctx, terms);
    case Command::kRefuseUpload: {
      if (auto no = CheckUpload(state, ctx, false)) return Decision::Refuse(*std::move(no));
      Decision decision;
      decision.Emit()->mutable_upload_refused()->set_reason(command.refuse_upload().reason());
      return ByOwner(std::move(decision), ctx);
    }
    case Command::kExpireUpload: {
      Decision decision;  // ended while this firing waited: nothing to do
      if (IsPlatform(ctx) && state.upload().status() == v1::RECEIVING) decision.Emit()->mutable_upload_expired();
      return ByPlatform(std::move(decision));
    }
    case Command::kExpireBlob:
      return Expire(command.expire_blob(), state, ctx);
    case Command::kHearMention:
      return Mention(command.hear_mention(), state, ctx);
    case Command::kTellKept:
      return Tell(command.tell_kept().service(), state, ctx);
    case Command::BODY_NOT_SET:
      break;
  }
  return No(RefusalCode::kNotAllowed, "NOT_ALLOWED");
}

void MediaDomain::Apply(const Event& event, int64_t now_ms, State* state) {
  switch (event.body_case()) {
    case Event::kUploadCreated: {
      auto* upload = state->mutable_upload();
      upload->set_owner_user_id(event.upload_created().owner_user_id());
      *upload->mutable_owner_org() = event.upload_created().owner_org();
      upload->set_status(v1::RECEIVING);
      upload->set_length(event.upload_created().length());
      upload->set_created_at_ms(now_ms);
      return upload->set_expires_at_ms(event.upload_created().expires_at_ms());
    }
    case Event::kUploadStored:
      state->mutable_upload()->set_status(v1::STORED);
      *state->mutable_upload()->mutable_stored() = event.upload_stored().stored();
      return state->mutable_upload()->set_expires_at_ms(event.upload_stored().expires_at_ms());
    case Event::kUploadRefused:
      state->mutable_upload()->set_reason(event.upload_refused().reason());
      return state->mutable_upload()->set_status(v1::REFUSED);
    case Event::kUploadTerminated:
      return state->mutable_upload()->set_status(v1::TERMINATED);
    case Event::kUploadExpired:
      return state->mutable_upload()->set_status(v1::EXPIRED);
    case Event::kBlobStored:
      state->mutable_blob()->set_present(true);
      *state->mutable_blob()->mutable_stored() = event.blob_stored().stored();
      state->mutable_blob()->set_stored_at_ms(now_ms);
      state->mutable_blob()->clear_doubted();
      return state->mutable_blob()->set_expires_at_ms(event.blob_stored().expires_at_ms());
    case Event::kBlobLinked:
      return ApplyLinked(event.blob_linked(), state->mutable_blob());
    case Event::kBlobNamed:
      return ApplyNamed(event.blob_named(), state->mutable_blob());
    case Event::kBlobTold:
      return ApplyTold(event.blob_told(), state->mutable_blob());
    case Event::kBlobDoubted:
      state->mutable_blob()->set_doubted(true);
      return state->mutable_blob()->set_expires_at_ms(event.blob_doubted().again_at_ms());
    case Event::kBlobExpired:
      state->mutable_blob()->clear_doubted();
      return state->mutable_blob()->set_present(false);
    case Event::BODY_NOT_SET:
      return;  // the kernel refuses to open a log with an event this build cannot name
  }
}

std::vector<kernel::Timer> MediaDomain::Timers(const State& state) {
  if (state.upload().status() == v1::RECEIVING) return {{"expire_upload", state.upload().expires_at_ms()}};
  if (state.blob().present() && state.blob().service().empty()) return {{"expire_blob", state.blob().expires_at_ms()}};
  return {};
}

std::vector<kernel::IndexEntry> MediaDomain::Indexes(std::string_view, const State& state) {
  const v1::UploadState& upload = state.upload();
  if (upload.status() == v1::RECEIVING) return {{"receiving", upload.owner_user_id() + "/"}};
  std::vector<kernel::IndexEntry> entries;
  const std::string& sha256 = upload.stored().sha256();
  if (sha256.empty()) return entries;
  for (const std::string& mark : UploaderMarks(sha256, upload)) {
    entries.push_back({"uploaded", UploadedKey(sha256, mark, upload.expires_at_ms())});
  }
  return entries;
}

std::vector<kernel::TallyEntry> MediaDomain::Tallies(const State& state) {
  if (state.upload().status() == v1::RECEIVING) return {{"receiving"}};
  if (!state.blob().present()) return {};
  return {{"blob/" + v1::Kind_Name(state.blob().stored().kind())}};
}

// Who uploads what concerns nobody until a matter refers to it, and then the matter says so. That it came is told to
// the service whose matter waits for it: no owner, and the matter by a mark.
std::optional<kernel::v1::Notice> MediaDomain::Publish(std::string_view id, const Event& event, const State&,
                                                       const State& after) {
  if (!event.has_blob_told()) return std::nullopt;
  v1::Notice payload;
  payload.set_service(event.blob_told().service());
  payload.set_sha256(std::string(Sha256Of(id)));
  payload.set_kind(after.blob().stored().kind());
  payload.set_matter(event.blob_told().matter());
  kernel::v1::Notice notice;
  notice.set_topic("media.kept");
  notice.set_classification(kernel::v1::INTERNAL);
  notice.set_schema(payload.GetDescriptor()->full_name());
  payload.SerializeToString(notice.mutable_payload());
  return notice;
}

Command MediaDomain::Fire(std::string_view timer, int64_t) {
  Command command;
  if (timer == "expire_upload") command.mutable_expire_upload();
  if (timer == "expire_blob") command.mutable_expire_blob();
  return command;
}

void MediaDomain::Answer(const State& after, kernel::v1::Receipt* receipt) {
  if (after.has_upload()) receipt->set_status(v1::UploadStatus_Name(after.upload().status()));
}

}  // namespace media
