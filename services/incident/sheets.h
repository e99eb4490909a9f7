#pragma once
// Tables over matters that leave the platform. One moment a sheet, on a query thread. No name and no word of anybody,
// and no position: that of a quarrel is somebody's home. Sensitive matters are in none.

#include <functional>

#include "common/v1/sheet.pb.h"
#include "google/api/httpbody.pb.h"
#include "services/incident/domain/incident.h"
#include "services/kernel/reader.h"
#include "services/rpc/access.h"
#include "services/rpc/errors.h"
#include "services/rpc/server.h"

namespace incident {

class Sheets {
 public:
  using Next = rpc::NextMessage<google::api::HttpBody>;
  explicit Sheets(std::function<kernel::Reader<IncidentDomain>()> read) : read_(std::move(read)) {}

  // A row a dispute (categories 01…): the fields of GB/T 31000, module 矛盾纠纷排查化解.
  rpc::Answer ExportDisputes(const rpc::Caller&, const common::v1::SheetRequest&, Next*) const;

 private:
  const std::function<kernel::Reader<IncidentDomain>()> read_;
};

}  // namespace incident
