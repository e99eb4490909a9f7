#include "services/search/sqlite.h"

#include <absl/strings/str_cat.h>
#include <sqlite3.h>

#include "base/check.h"
#include "base/status_macros.h"
#include "services/search/limits.h"

namespace search {
namespace {

absl::Status Trouble(sqlite3* connection, int code) {
  const std::string text = absl::StrCat("search index: ", sqlite3_errmsg(connection));
  const int kind = code & 0xff;
  if (kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB) {
    return absl::DataLossError(text);
  }
  return absl::UnavailableError(text);
}

}  // namespace

void Statement::Finalise::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Connection::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Statement& Statement::Bind(int64_t value) {
  CHECK(sqlite3_bind_int64(statement_.get(), ++bound_, value) == SQLITE_OK);
  return *this;
}

Statement& Statement::Bind(std::string_view text) {
  CHECK(sqlite3_bind_text(statement_.get(), ++bound_, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT) ==
        SQLITE_OK);
  return *this;
}

Statement& Statement::BindBytes(std::string_view bytes) {
  CHECK(sqlite3_bind_blob(statement_.get(), ++bound_, bytes.data(), static_cast<int>(bytes.size()),
                          SQLITE_TRANSIENT) == SQLITE_OK);
  return *this;
}

absl::StatusOr<bool> Statement::Step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return Trouble(sqlite3_db_handle(statement_.get()), code);
}

absl::Status Statement::Run() {
  const auto stepped = Step();
  Reset();
  return stepped.status();
}

void Statement::Reset() {
  sqlite3_reset(statement_.get());
  bound_ = 0;
}

int64_t Statement::Number(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::string Statement::Bytes(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), static_cast<size_t>(size));
}

absl::StatusOr<Connection> Connection::Open(const std::string& path, bool writes, int cache_kib) {
  sqlite3* raw = nullptr;
  const int flags = (writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
  Connection opened;
  opened.connection_.reset(raw);
  if (code != SQLITE_OK) return Trouble(raw, code);
  sqlite3_busy_timeout(raw, kBusyMs);
  const std::string cache = absl::StrCat("PRAGMA cache_size=-", cache_kib);
  RETURN_IF_ERROR(opened.Execute(cache.c_str()));
  return opened;
}

absl::Status Connection::Execute(const char* sql) const {
  const int code = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? absl::OkStatus() : Trouble(connection_.get(), code);
}

int Connection::changes() const { return sqlite3_total_changes(connection_.get()); }

absl::StatusOr<Statement> Connection::Prepare(std::string_view sql) const {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) return Trouble(connection_.get(), code);
  Statement statement;
  statement.statement_.reset(raw);
  return statement;
}

}  // namespace search
