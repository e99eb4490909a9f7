#include "services/bus/frame.h"

#include <google/protobuf/unknown_field_set.h>

#include "services/bus/wire.h"

namespace bus {
namespace {

// True if a field that could only be a body of a later version is there. Bodies start at 10.
bool HasUnknownBody(const v1::Frame& frame) {
  const auto& unknown = frame.GetReflection()->GetUnknownFields(frame);
  for (int i = 0; i < unknown.field_count(); ++i) {
    if (unknown.field(i).number() >= v1::Frame::kOpenFieldNumber) return true;
  }
  return false;
}

}  // namespace

std::string Pack(const v1::Frame& frame) {
  std::string bytes(kMagic);
  frame.AppendToString(&bytes);
  return bytes;
}

FrameFault Unpack(std::string_view bytes, v1::Frame* frame) {
  if (!bytes.starts_with(kMagic)) return FrameFault::kMalformed;
  bytes.remove_prefix(kMagic.size());
  if (bytes.size() > INT32_MAX || !frame->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return FrameFault::kMalformed;
  }
  if (frame->body_case() != v1::Frame::BODY_NOT_SET) return FrameFault::kNone;
  return HasUnknownBody(*frame) ? FrameFault::kUnknownBody : FrameFault::kMalformed;
}

std::string PackBatch(uint32_t version, uint64_t session_id, const v1::Batch& head, std::string_view events) {
  v1::Frame outer;
  outer.set_version(version);
  outer.set_session_id(session_id);
  const size_t batch_size = head.ByteSizeLong() + events.size();
  std::string bytes;
  bytes.reserve(kMagic.size() + 32 + batch_size);
  bytes += kMagic;
  outer.AppendToString(&bytes);
  AppendBytesHead(v1::Frame::kBatchFieldNumber, batch_size, &bytes);
  head.AppendToString(&bytes);
  bytes += events;
  return bytes;
}

void AppendEncodedEvent(std::string_view event, std::string* events) {
  AppendBytesHead(v1::Batch::kEventFieldNumber, event.size(), events);
  events->append(event);
}

}  // namespace bus
