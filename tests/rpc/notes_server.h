#pragma once
// A whole service in one process: a database on disk, the kernel, the vault, the audit log and the server on a free
// port of loopback, with a client that holds tokens. `Gate` stands between server and kernel and can hold commands
// back.

#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "services/kernel/service.h"
#include "services/rpc/audit.h"
#include "services/rpc/client.h"
#include "services/rpc/rehearsal_clock.h"
#include "services/rpc/server.h"
#include "services/rpc/token.h"
#include "services/rpc/vault.h"
#include "storage/rocks_kv.h"
#include "tests/rpc/notes.h"
#include "tests/support/temp_dir.h"

namespace notes {

// Passes commands on, unless it is closed: then it keeps them until it is opened again.
class Gate final : public kernel::CommandQueue {
 public:
  explicit Gate(kernel::CommandQueue& behind) : behind_(behind) {}
  void Submit(kernel::Envelope envelope) override;
  void Close();
  void Open();
  void WaitForHeld(size_t count);
  // From now on every command is answered with this.
  void Refuse(absl::Status status, int64_t retry_after_ms);

 private:
  kernel::CommandQueue& behind_;
  absl::Mutex mutex_;
  bool closed_ = false;
  absl::Status refused_;
  int64_t retry_after_ms_ = 0;
  std::vector<kernel::Envelope> held_;
};

class NotesServer : public ::testing::Test {
 protected:
  NotesServer();
  ~NotesServer() override;

  void AddPrint();
  // Builds server_, not started.
  void Build(rpc::ServerOptions options = {});
  void Start();
  std::shared_ptr<grpc::Channel> Channel();
  kernel::Reader<NotesDomain> Read() { return service_->Read(); }

  std::string TokenOf(const std::string& user, kernel::v1::Role role, const std::string& area,
                      int64_t lifetime_ms = 600'000);
  rpc::CallResult Call(const std::string& method, const google::protobuf::Message& request,
                       google::protobuf::Message* response, const std::string& token, int64_t timeout_ms = 10'000);
  rpc::CallResult Create(const std::string& token, kernel::v1::Receipt* receipt = nullptr);
  static testproto::v1::CreateNote GoodNote();
  std::vector<rpc::v1::AuditRecord> AuditRecords();
  void StopAll();

  tests::TempDir directory_;
  rpc::RehearsalClock clock_;
  base::Metrics metrics_;
  rpc::EcKey key_ = rpc::EcKey::Generate();
  rpc::TokenSigner signer_{key_, "issuer", "api"};
  std::unique_ptr<rpc::TokenVerifier> verifier_;
  std::unique_ptr<storage::RocksKv> audit_kv_;
  std::unique_ptr<rpc::AuditLog> audit_;
  storage::Kv* kv_ = nullptr;
  rpc::Vault vault_{rpc::CipherProfile::kAesGcm, std::string(32, 'm')};
  std::unique_ptr<kernel::Service<NotesDomain>> service_;
  std::unique_ptr<Gate> gate_;
  std::unique_ptr<rpc::Server> server_;
  std::string grid_;   // token of a grid worker of 371403001001
  std::string head_;   // grid head of the same
  std::atomic<int> pieces_made_ = 0;   // by all streams
  absl::Notification stream_over_;     // the source of the one stream of a test was let go of
  std::function<void()> in_count_ = [] {};  // runs inside the query Count
};

}  // namespace notes
