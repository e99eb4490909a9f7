#pragma once
// How a printed paper is answered: piece by piece, or with the reason why there is none. Any thread.

#include <absl/status/status.h>

#include <string>

#include "google/api/httpbody.pb.h"
#include "services/rpc/server.h"

namespace rpc {

struct PaperBytes {
  std::string bytes;
  std::string content_type;
  std::string file_name;
};
// The pieces of a streamed answer (kStreamChunkBytes each); the first says what it is.
NextMessage<google::api::HttpBody> PiecesOf(PaperBytes paper);

// What printing failed with, in words for people: no browser, too slow. Other failures as they are.
absl::Status PrintFailure(const absl::Status& status);

}  // namespace rpc
