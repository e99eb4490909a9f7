#pragma once
// What unary and streamed calls to services have in common: the head of a call, bytes, and what its end says.

#include <grpcpp/client_context.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <string>

#include "gateway/upstream.h"

namespace gateway {

void FillContext(const UpstreamCall& call, int64_t deadline_ms, grpc::ClientContext* context);
grpc::ByteBuffer BufferOf(const std::string& bytes);
std::string BytesOf(const grpc::ByteBuffer& buffer);
// REQUIRES: the call has ended.
void FillReply(const grpc::Status& status, const grpc::ClientContext& context, UpstreamReply* reply);

}  // namespace gateway
