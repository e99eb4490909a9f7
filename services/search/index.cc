#include "services/search/index.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/check.h"
#include "base/coding.h"
#include "base/log.h"
#include "base/status_macros.h"
#include "services/search/limits.h"

namespace search {
namespace {

constexpr std::string_view kBegin = "index-";
constexpr std::string_view kEnd = ".sqlite";
constexpr size_t kLogIdSize = 16;
constexpr size_t kMarkSize = 8;

constexpr const char* kSchema =
    "CREATE TABLE standing(one INTEGER PRIMARY KEY CHECK(one = 1), value BLOB NOT NULL);"
    "CREATE TABLE doc(row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, tokens BLOB NOT NULL);"
    "CREATE VIRTUAL TABLE words USING fts5(t, content='', detail=none, columnsize=0, tokenize='ascii');"
    "INSERT INTO words(words, rank) VALUES('usermerge', 2);";

constexpr std::string_view kSearch =
    "SELECT doc.row, doc.id FROM words CROSS JOIN doc ON doc.row = words.rowid "
    "WHERE words MATCH ?1 AND words.rowid > ?2 ORDER BY words.rowid LIMIT ?3";

std::string TextsOf(const std::vector<Token>& tokens) {
  return absl::StrJoin(tokens, " ", [](std::string* out, Token token) { out->append(TextOf(token)); });
}

std::string BytesOf(const std::vector<Token>& tokens) {
  std::string bytes;
  bytes.reserve(tokens.size() * sizeof(Token));
  for (const Token token : tokens) base::AppendU64(&bytes, token);
  return bytes;
}

std::vector<Token> TokensOf(std::string_view bytes) {
  std::vector<Token> tokens;
  tokens.reserve(bytes.size() / sizeof(Token));
  Token token = 0;
  while (base::ReadU64(&bytes, &token)) tokens.push_back(token);
  return tokens;
}

// The number in "index-N.sqlite"; 0: another name.
uint64_t NumberOf(std::string_view name) {
  uint64_t number = 0;
  if (!name.starts_with(kBegin) || !name.ends_with(kEnd)) return 0;
  name.remove_prefix(kBegin.size());
  name.remove_suffix(kEnd.size());
  return absl::SimpleAtoi(absl::string_view(name.data(), name.size()), &number) ? number : 0;
}

Document DocumentIn(const Statement& row) {
  return {static_cast<uint64_t>(row.Number(0)), row.Bytes(1), TokensOf(row.Bytes(2))};
}

}  // namespace

Match AnyOf(const std::vector<Token>& tokens) {
  std::vector<std::string> texts;
  for (const Token token : tokens) texts.push_back(TextOf(token));
  return EitherOf(texts);
}

Match AllOf(const std::vector<std::string>& parts) {
  Match match;
  for (const std::string& part : parts) {
    if (!part.empty()) absl::StrAppend(&match, match.empty() ? "" : " AND ", part);
  }
  return match.empty() ? match : absl::StrCat("(", match, ")");
}

Match EitherOf(const std::vector<std::string>& parts) {
  Match match;
  for (const std::string& part : parts) {
    if (!part.empty()) absl::StrAppend(&match, match.empty() ? "" : " OR ", part);
  }
  return match.empty() ? match : absl::StrCat("(", match, ")");
}

// A connection that reads, with what it has prepared.
struct Index::Reader {
  uint64_t number = 0;
  Connection connection;
  Statement search, get, frequency, each, size;
};

// Borrowed for one question.
class Index::Lease {
 public:
  Lease(const Index* index, std::unique_ptr<Reader> reader) : index_(index), reader_(std::move(reader)) {}
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease() { index_->Return(std::move(reader_)); }
  Reader* operator->() const { return reader_.get(); }

 private:
  const Index* const index_;
  std::unique_ptr<Reader> reader_;
};

Index::Index(std::string folder, std::string mark) : folder_(std::move(folder)), mark_(std::move(mark)) {}
Index::~Index() = default;

absl::StatusOr<std::unique_ptr<Index>> Index::Open(std::string folder, std::string key_mark) {
  CHECK_EQ(key_mark.size(), kMarkSize);
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return absl::UnavailableError(absl::StrCat("cannot make ", folder, ": ", std::strerror(errno)));
  }
  std::unique_ptr<Index> index(new Index(std::move(folder), std::move(key_mark)));
  ASSIGN_OR_RETURN(const uint64_t newest, index->Newest());
  {
    absl::MutexLock lock(&index->mutex_);
    index->number_ = newest;
  }
  if (newest != 0) {
    const absl::Status opened = index->OpenWriter(false);
    if (opened.ok()) return index;
    base::Log(base::kWarning, "the search index is built anew", {{"why", std::string(opened.message())}});
  }
  RETURN_IF_ERROR(index->BeginAnew());
  return index;
}

absl::StatusOr<std::unique_ptr<Index>> Index::OpenAsItIs(std::string folder, std::string key_mark) {
  CHECK_EQ(key_mark.size(), kMarkSize);
  std::unique_ptr<Index> index(new Index(std::move(folder), std::move(key_mark)));
  const auto newest = index->Newest();
  if (!newest.ok() || *newest == 0) return absl::NotFoundError("there is no search index");
  {
    absl::MutexLock lock(&index->mutex_);
    index->number_ = *newest;
  }
  ASSIGN_OR_RETURN(index->writer_, Connection::Open(index->PathOf(*newest), false, kReaderCacheKib));
  RETURN_IF_ERROR(index->LoadStanding());
  return index;
}

absl::StatusOr<uint64_t> Index::Newest() const {
  uint64_t newest = 0;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder_, error)) {
    newest = std::max(newest, NumberOf(file.path().filename().string()));
  }
  if (error) return absl::UnavailableError(absl::StrCat("cannot read ", folder_, ": ", error.message()));
  return newest;
}

std::string Index::PathOf(uint64_t number) const { return absl::StrCat(folder_, "/index-", number, ".sqlite"); }

absl::Status Index::OpenWriter(bool fresh) {
  std::string path;
  {
    absl::MutexLock lock(&mutex_);
    path = PathOf(number_);
  }
  ASSIGN_OR_RETURN(writer_, Connection::Open(path, true, kWriterCacheKib));
  // Without a sync at each commit a power failure may take the newest commits back, documents and place together.
  RETURN_IF_ERROR(writer_.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"));
  if (fresh) RETURN_IF_ERROR(writer_.Execute(kSchema));
  ASSIGN_OR_RETURN(find_, writer_.Prepare("SELECT row, id, tokens FROM doc WHERE id = ?1"));
  ASSIGN_OR_RETURN(put_, writer_.Prepare("INSERT INTO doc(row, id, tokens) VALUES(?1, ?2, ?3)"));
  ASSIGN_OR_RETURN(drop_, writer_.Prepare("DELETE FROM doc WHERE row = ?1"));
  ASSIGN_OR_RETURN(index_, writer_.Prepare("INSERT INTO words(rowid, t) VALUES(?1, ?2)"));
  ASSIGN_OR_RETURN(unindex_, writer_.Prepare("INSERT INTO words(words, rowid, t) VALUES('delete', ?1, ?2)"));
  ASSIGN_OR_RETURN(merge_, writer_.Prepare("INSERT INTO words(words, rank) VALUES('merge', ?1)"));
  ASSIGN_OR_RETURN(stand_, writer_.Prepare("INSERT OR REPLACE INTO standing(one, value) VALUES(1, ?1)"));
  if (fresh) {
    standing_ = {};
    return stand_.BindBytes(Encoded(standing_)).Run();
  }
  RETURN_IF_ERROR(LoadStanding());
  return RemoveOthers();
}

std::string Index::Encoded(const Standing& standing) const {
  std::string out;
  base::AppendU32(&out, kIndexFormat);
  out += mark_;
  std::string log_id = standing.log.log_id;
  log_id.resize(kLogIdSize, '\0');
  out += log_id;
  base::AppendU64(&out, standing.log.epoch);
  base::AppendU64(&out, standing.log.seq);
  base::AppendU32(&out, standing.log.digest);
  base::AppendU8(&out, standing.complete ? 1 : 0);
  return out + standing.scanned_to;
}

absl::Status Index::LoadStanding() {
  ASSIGN_OR_RETURN(Statement read, writer_.Prepare("SELECT value FROM standing WHERE one = 1"));
  ASSIGN_OR_RETURN(const bool found, read.Step());
  const std::string bytes = found ? read.Bytes(0) : "";
  std::string_view rest = bytes;
  uint32_t format = 0;
  if (!base::ReadU32(&rest, &format) || format != kIndexFormat) {
    return absl::FailedPreconditionError("it has another format");
  }
  if (rest.size() < kMarkSize + kLogIdSize) return absl::DataLossError("it is damaged");
  if (rest.substr(0, kMarkSize) != mark_) return absl::FailedPreconditionError("it was made with another key");
  standing_.log.log_id = rest.substr(kMarkSize, kLogIdSize);
  rest.remove_prefix(kMarkSize + kLogIdSize);
  uint8_t complete = 0;
  if (!base::ReadU64(&rest, &standing_.log.epoch) || !base::ReadU64(&rest, &standing_.log.seq) ||
      !base::ReadU32(&rest, &standing_.log.digest) || !base::ReadU8(&rest, &complete)) {
    return absl::DataLossError("it is damaged");
  }
  standing_.complete = complete != 0;
  standing_.scanned_to = rest;
  return absl::OkStatus();
}

// Files of earlier indexes, their logs and maps.
absl::Status Index::RemoveOthers() const {
  std::string own;
  {
    absl::MutexLock lock(&mutex_);
    own = std::filesystem::path(PathOf(number_)).filename().string();
  }
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder_, error)) {
    const std::string name = file.path().filename().string();
    if (name.starts_with(kBegin) && !name.starts_with(own)) std::filesystem::remove(file.path(), error);
  }
  if (error) return absl::UnavailableError(absl::StrCat("cannot tidy ", folder_, ": ", error.message()));
  return absl::OkStatus();
}

absl::Status Index::BeginAnew() {
  for (Statement* statement : {&find_, &put_, &drop_, &index_, &unindex_, &stand_, &merge_}) *statement = Statement();
  writer_ = Connection();
  {
    absl::MutexLock lock(&mutex_);
    ++number_;
    idle_.clear();
    std::error_code ignored;  // left over from a start that did not get far
    std::filesystem::remove(PathOf(number_), ignored);
  }
  RETURN_IF_ERROR(OpenWriter(true));
  return RemoveOthers();
}

absl::Status Index::Delete(const Document& old) {
  RETURN_IF_ERROR(unindex_.Bind(static_cast<int64_t>(old.row)).Bind(TextsOf(old.tokens)).Run());
  return drop_.Bind(static_cast<int64_t>(old.row)).Run();
}

absl::Status Index::Write(const Change& change) {
  ASSIGN_OR_RETURN(const bool known, find_.Bind(std::string_view(change.id)).Step());
  std::optional<Document> old;
  if (known) old = DocumentIn(find_);
  find_.Reset();
  if (old && change.document && old->row == change.document->row && old->tokens == change.document->tokens) {
    return absl::OkStatus();
  }
  if (old) RETURN_IF_ERROR(Delete(*old));
  if (!change.document) return absl::OkStatus();
  const Document& document = *change.document;
  const auto row = static_cast<int64_t>(document.row);
  RETURN_IF_ERROR(put_.Bind(row).Bind(std::string_view(document.id)).BindBytes(BytesOf(document.tokens)).Run());
  return index_.Bind(row).Bind(TextsOf(document.tokens)).Run();
}

absl::Status Index::Commit(const std::vector<Change>& changes, Standing standing) {
  // FTS5 gathers what it is given in order of rows, and writes it out each time the order is broken.
  std::vector<const Change*> ordered;
  for (const Change& change : changes) ordered.push_back(&change);
  std::ranges::stable_sort(ordered, {}, [](const Change* one) { return one->document ? one->document->row : 0; });
  RETURN_IF_ERROR(writer_.Execute("BEGIN IMMEDIATE"));
  absl::Status status;
  for (const Change* change : ordered) {
    if (status = Write(*change); !status.ok()) break;
  }
  if (status.ok()) status = stand_.BindBytes(Encoded(standing)).Run();
  if (status.ok()) status = writer_.Execute("COMMIT");
  if (!status.ok()) {
    find_.Reset();
    (void)writer_.Execute("ROLLBACK");
    return status;
  }
  standing_ = std::move(standing);
  return absl::OkStatus();
}

absl::StatusOr<bool> Index::Tidy(bool all) {
  const int before = writer_.changes();
  RETURN_IF_ERROR(merge_.Bind(all ? -kMergedPages : kMergedPages).Run());
  return writer_.changes() - before >= 2;  // as FTS5 says that it has done something
}

absl::StatusOr<std::unique_ptr<Index::Reader>> Index::Borrow() const {
  auto reader = std::make_unique<Reader>();
  {
    absl::MutexLock lock(&mutex_);
    if (!idle_.empty()) {
      reader = std::move(idle_.back());
      idle_.pop_back();
      return reader;
    }
    reader->number = number_;
  }
  ASSIGN_OR_RETURN(reader->connection, Connection::Open(PathOf(reader->number), false, kReaderCacheKib));
  const Connection& open = reader->connection;
  ASSIGN_OR_RETURN(reader->search, open.Prepare(kSearch));
  ASSIGN_OR_RETURN(reader->get, open.Prepare("SELECT row, id, tokens FROM doc WHERE id = ?1"));
  ASSIGN_OR_RETURN(reader->frequency,
                   open.Prepare("SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ?1 LIMIT ?2)"));
  ASSIGN_OR_RETURN(reader->each, open.Prepare("SELECT row, id, tokens FROM doc WHERE id > ?1 ORDER BY id"));
  ASSIGN_OR_RETURN(reader->size, open.Prepare("SELECT count(*) FROM doc"));
  return reader;
}

void Index::Return(std::unique_ptr<Reader> reader) const {
  for (Statement* statement : {&reader->search, &reader->get, &reader->frequency, &reader->each, &reader->size}) {
    statement->Reset();  // ends its view of the moment
  }
  absl::MutexLock lock(&mutex_);
  if (reader->number == number_ && idle_.size() < kReadersMax) idle_.push_back(std::move(reader));
}

absl::StatusOr<std::vector<Find>> Index::Search(const Match& match, uint64_t after, size_t limit) const {
  std::vector<Find> finds;
  if (match.empty()) return finds;
  ASSIGN_OR_RETURN(auto reader, Borrow());
  const Lease lease(this, std::move(reader));
  Statement& search = lease->search;
  search.Bind(std::string_view(match)).Bind(static_cast<int64_t>(after)).Bind(static_cast<int64_t>(limit));
  while (true) {
    ASSIGN_OR_RETURN(const bool row, search.Step());
    if (!row) return finds;
    finds.push_back({static_cast<uint64_t>(search.Number(0)), search.Bytes(1)});
  }
}

absl::StatusOr<std::optional<Document>> Index::Get(std::string_view id) const {
  ASSIGN_OR_RETURN(auto reader, Borrow());
  const Lease lease(this, std::move(reader));
  ASSIGN_OR_RETURN(const bool found, lease->get.Bind(id).Step());
  std::optional<Document> document;
  if (found) document = DocumentIn(lease->get);
  return document;
}

absl::StatusOr<size_t> Index::Frequency(Token token, size_t limit) const {
  ASSIGN_OR_RETURN(auto reader, Borrow());
  const Lease lease(this, std::move(reader));
  Statement& frequency = lease->frequency;
  RETURN_IF_ERROR(frequency.Bind(std::string_view(TextOf(token))).Bind(static_cast<int64_t>(limit)).Step().status());
  return static_cast<size_t>(frequency.Number(0));
}

absl::Status Index::Each(std::string_view after, const std::function<bool(const Document&)>& each) const {
  ASSIGN_OR_RETURN(auto reader, Borrow());
  const Lease lease(this, std::move(reader));
  lease->each.Bind(after);
  while (true) {
    ASSIGN_OR_RETURN(const bool row, lease->each.Step());
    if (!row || !each(DocumentIn(lease->each))) return absl::OkStatus();
  }
}

absl::StatusOr<uint64_t> Index::Size() const {
  ASSIGN_OR_RETURN(auto reader, Borrow());
  const Lease lease(this, std::move(reader));
  RETURN_IF_ERROR(lease->size.Step().status());
  return static_cast<uint64_t>(lease->size.Number(0));
}

}  // namespace search
