#pragma once
// SQLite as this library needs it: a connection and its prepared statements. Errors are absl::Status: DATA_LOSS for a
// damaged or foreign file, UNAVAILABLE for the rest of the world. One connection is used by one thread at a time.

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace search {

class Statement {
 public:
  Statement() = default;
  // Parameters are numbered from 1 in the order they are bound.
  Statement& Bind(int64_t value);
  Statement& Bind(std::string_view text);
  Statement& BindBytes(std::string_view bytes);
  // True: there is a row.
  absl::StatusOr<bool> Step();
  // For statements without rows; makes ready for the next use, also after an error.
  absl::Status Run();
  void Reset();
  int64_t Number(int column) const;
  std::string Bytes(int column) const;

 private:
  friend class Connection;
  struct Finalise {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalise> statement_;
  int bound_ = 0;
};

class Connection {
 public:
  static absl::StatusOr<Connection> Open(const std::string& path, bool writes, int cache_kib);
  absl::Status Execute(const char* sql) const;
  absl::StatusOr<Statement> Prepare(std::string_view sql) const;
  int changes() const;  // rows changed since it was opened

 private:
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  std::unique_ptr<sqlite3, Close> connection_;
};

}  // namespace search
