#pragma once
// Tables over mediation cases that leave the platform: the records, and the official statistics. One moment a sheet, on
// a query thread. No name and no word of anybody, of a sum its band only; what is added up over many cases is told from
// kSumCasesMin cases on.

#include <functional>

#include "common/v1/sheet.pb.h"
#include "google/api/httpbody.pb.h"
#include "services/kernel/reader.h"
#include "services/mediation/domain/mediation.h"
#include "services/rpc/access.h"
#include "services/rpc/errors.h"
#include "services/rpc/server.h"

namespace mediation {

inline constexpr int64_t kSumCasesMin = 5;

class Sheets {
 public:
  using Next = rpc::NextMessage<google::api::HttpBody>;
  explicit Sheets(std::function<kernel::Reader<MediationDomain>()> read) : read_(std::move(read)) {}

  // A row a case, newest first: the fields of a dispute record (GB/T 31000).
  rpc::Answer ExportCases(const rpc::Caller&, const common::v1::SheetRequest&, Next*) const;
  // A row each type of dispute, source and level of committee, and one for all: the ministry's statistics.
  rpc::Answer ExportStatistics(const rpc::Caller&, const common::v1::SheetRequest&, Next*) const;

 private:
  const std::function<kernel::Reader<MediationDomain>()> read_;
};

}  // namespace mediation
