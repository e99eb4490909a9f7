#pragma once
// One ESP/1 message as bytes. Pure.
//   message := 'E' 'S' 'P' 0x01 Frame        Frame: bus.v1.Frame in Protobuf encoding
// 0x01 changes only with the framing itself; everything else is negotiated in Open.

#include <cstdint>
#include <string>
#include <string_view>

#include "bus/v1/stream.pb.h"

namespace bus {

inline constexpr std::string_view kMagic("ESP\x01", 4);

enum class FrameFault {
  kNone,
  kMalformed,    // wrong magic, not a Frame, no body: counted and dropped without an answer
  kUnknownBody,  // a body of a version to come: answered with UNSUPPORTED_VERSION
};

std::string Pack(const v1::Frame& frame);
FrameFault Unpack(std::string_view bytes, v1::Frame* frame);

// A Batch frame around events that are encoded already, each as `repeated Event event = 8` of Batch (tag and
// length included). `head` carries everything else and no events.
std::string PackBatch(uint32_t version, uint64_t session_id, const v1::Batch& head, std::string_view events);

// Appends one event in the form PackBatch takes.
void AppendEncodedEvent(std::string_view event, std::string* events);

}  // namespace bus
