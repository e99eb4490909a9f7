// Streamed answers: judged as any query is, asked for piece by piece, ended when nobody listens any more.
#include <absl/synchronization/notification.h>
#include <gtest/gtest.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/support/proto_buffer_reader.h>

#include <atomic>

#include "google/api/httpbody.pb.h"
#include "services/rpc/errors.h"
#include "services/rpc/limits.h"
#include "tests/rpc/notes_server.h"

namespace notes {
namespace {

using google::api::HttpBody;
using testproto::v1::CountNotes;
using testproto::v1::NoteCount;
using testproto::v1::PrintNotes;

// Reads one stream, message by message.
class StreamClient {
 public:
  StreamClient(std::shared_ptr<grpc::Channel> channel, const PrintNotes& request, const std::string& token)
      : stub_(std::move(channel)) {
    if (!token.empty()) context_.AddMetadata("authorization", "Bearer " + token);
    grpc::ByteBuffer out;
    const grpc::Slice slice(request.SerializeAsString());
    out = grpc::ByteBuffer(&slice, 1);
    call_ = stub_.PrepareCall(&context_, "/testproto.v1.Notes/Print", &queue_);
    call_->StartCall(nullptr);
    EXPECT_TRUE(Wait());
    call_->WriteLast(out, grpc::WriteOptions(), nullptr);
    Wait();  // false if the call has ended already
  }
  ~StreamClient() {
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  bool Read(HttpBody* body) {
    grpc::ByteBuffer in;
    call_->Read(&in, nullptr);
    if (!Wait()) return false;
    return grpc::GenericDeserialize<grpc::ProtoBufferReader, google::protobuf::Message>(&in, body).ok();
  }
  grpc::Status Finish() {
    grpc::Status status;
    call_->Finish(&status, nullptr);
    Wait();
    const auto& trailers = context_.GetServerTrailingMetadata();
    const auto at = trailers.find(rpc::kErrorTrailer);
    if (at != trailers.end()) error.ParseFromArray(at->second.data(), static_cast<int>(at->second.size()));
    return status;
  }
  void Cancel() { context_.TryCancel(); }

  kernel::v1::ErrorDetail error;

 private:
  bool Wait() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

PrintNotes Pieces(uint32_t count, uint32_t size = 8) {
  PrintNotes request;
  request.set_area_code("371403001001");
  request.set_pieces(count);
  request.set_piece_bytes(size);
  return request;
}

TEST_F(NotesServer, PrintsPieceByPieceInOrder) {
  Start();
  StreamClient client(Channel(), Pieces(300, 1000), grid_);
  HttpBody body;
  for (int i = 0; i < 300; ++i) {
    ASSERT_TRUE(client.Read(&body));
    EXPECT_EQ(body.data(), std::string(1000, static_cast<char>('a' + i % 26)));
    EXPECT_EQ(body.content_type(), "text/plain");
  }
  EXPECT_FALSE(client.Read(&body));
  EXPECT_TRUE(client.Finish().ok());
}

TEST_F(NotesServer, PrintsNothingAtAllWithoutFault) {
  Start();
  StreamClient client(Channel(), Pieces(0), grid_);
  HttpBody body;
  EXPECT_FALSE(client.Read(&body));
  EXPECT_TRUE(client.Finish().ok());
}

TEST_F(NotesServer, JudgesAStreamAsAnyQuery) {
  Start();
  const auto refused = [this](const PrintNotes& request, const std::string& token) {
    StreamClient client(Channel(), request, token);
    HttpBody body;
    EXPECT_FALSE(client.Read(&body));
    EXPECT_FALSE(client.Finish().ok());
    return client.error.reason();
  };
  EXPECT_EQ(refused(Pieces(3), ""), "NOT_SIGNED_IN");
  EXPECT_EQ(refused(Pieces(3), TokenOf("u-sa", kernel::v1::ROLE_SA, "37")), "ROLE_NOT_ALLOWED");
  PrintNotes elsewhere = Pieces(3);
  elsewhere.set_area_code("371402");
  EXPECT_EQ(refused(elsewhere, grid_), "AREA_NOT_ALLOWED");
  PrintNotes nowhere = Pieces(3);
  nowhere.clear_area_code();
  EXPECT_EQ(refused(nowhere, grid_), "FIELD_REQUIRED");
  EXPECT_EQ(pieces_made_, 0);
}

TEST_F(NotesServer, RefusesAStreamBeforeItsFirstPieceByTheQuerysOwnWord) {
  Start();
  PrintNotes request = Pieces(3);
  request.set_refuse(true);
  StreamClient client(Channel(), request, grid_);
  HttpBody body;
  EXPECT_FALSE(client.Read(&body));
  EXPECT_EQ(client.Finish().error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(client.error.reason(), "NO_NOTE");
}

TEST_F(NotesServer, AnErrorAmidAStreamEndsItAsAnError) {
  Start();
  PrintNotes request = Pieces(10);
  request.set_fail_after(2);
  StreamClient client(Channel(), request, grid_);
  HttpBody body;
  EXPECT_TRUE(client.Read(&body));
  EXPECT_TRUE(client.Read(&body));
  EXPECT_FALSE(client.Read(&body));
  EXPECT_EQ(client.Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(NotesServer, MakesNoPieceAheadOfASlowReader) {
  Start();
  StreamClient client(Channel(), Pieces(1'000'000, 100'000), grid_);
  HttpBody body;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(client.Read(&body));
  for (int i = 0; i < 50; ++i) {  // other calls on other connections, meanwhile
    NoteCount count;
    ASSERT_TRUE(Call("Count", CountNotes(), &count, "").ok());
  }
  EXPECT_LT(pieces_made_, 100) << "what gRPC itself buffers is a few hundred kilobytes";
  client.Cancel();
  EXPECT_FALSE(client.Finish().ok());
  EXPECT_TRUE(stream_over_.WaitForNotificationWithTimeout(absl::Seconds(20)));
}

TEST_F(NotesServer, StopsMakingPiecesWhenTheReaderIsGone) {
  Start();
  {
    StreamClient client(Channel(), Pieces(1'000'000, 100'000), grid_);
    HttpBody body;
    ASSERT_TRUE(client.Read(&body));
    client.Cancel();
    EXPECT_FALSE(client.Finish().ok());
  }
  EXPECT_TRUE(stream_over_.WaitForNotificationWithTimeout(absl::Seconds(20)));
  EXPECT_LT(pieces_made_, 100);
}

TEST_F(NotesServer, AStoppingServerEndsOpenStreams) {
  Start();
  StreamClient client(Channel(), Pieces(1'000'000, 100'000), grid_);
  HttpBody body;
  ASSERT_TRUE(client.Read(&body));
  server_->Stop(0);
  EXPECT_TRUE(stream_over_.WaitForNotificationWithTimeout(absl::Seconds(20)));
  while (client.Read(&body)) {  // what was on its way: gRPC tells the end after it
  }
  EXPECT_FALSE(client.Finish().ok());
}

TEST_F(NotesServer, RecordsAStreamBeforeItsFirstPieceIsTold) {
  Start();
  {
    StreamClient client(Channel(), Pieces(1), grid_);
    HttpBody body;
    ASSERT_TRUE(client.Read(&body));
    EXPECT_FALSE(client.Read(&body));
    EXPECT_TRUE(client.Finish().ok());
  }
  StopAll();
  const auto records = AuditRecords();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].actor_id(), "u-grid");
  EXPECT_EQ(records[0].method(), "/testproto.v1.Notes/Print");
  EXPECT_EQ(records[0].area_code(), "371403001001");
}

}  // namespace
}  // namespace notes
