#include "tests/sim/books.h"

#include <absl/strings/str_cat.h>

namespace sim {

std::vector<kernel::v1::LogRecord> ReadLog(const storage::View& view, const kernel::Sealer* sealer) {
  std::vector<kernel::v1::LogRecord> records;
  for (const auto& [key, stored] : RowsOf(view, storage::KeySpace::kLog)) {
    CHECK(records.emplace_back().ParseFromString(std::string(RecordIn(stored))));
    CHECK(kernel::OpenRecord(sealer, &records.back()).ok());
  }
  return records;
}

const std::vector<kernel::v1::LogRecord>& Books::LogOf(std::string_view service) const {
  if (service == "incident") return incident.log;
  if (service == "media") return media.log;
  if (service == "mediation") return mediation.log;
  if (service == "petition") return petition.log;
  if (service == "oversight") return oversight.log;
  if (service == "notify") return notify.log;
  if (service == "notify-anew") return notify_anew.log;
  return directory;
}

std::string CauseOf(std::string_view source, const kernel::v1::LogRecord& record) {
  return absl::StrCat(std::string(source), "/", record.seq());
}

}  // namespace sim
