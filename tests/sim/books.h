#pragma once
// The databases as they lie there after a run, read once for all laws: raw logs and raw states, no reader, no
// index.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "incident/v1/incident.pb.h"
#include "kernel/v1/record.pb.h"
#include "media/v1/media.pb.h"
#include "mediation/v1/mediation.pb.h"
#include "notify/v1/notify.pb.h"
#include "oversight/v1/oversight.pb.h"
#include "petition/v1/petition.pb.h"
#include "tests/sim/node.h"

namespace sim {

using Broken = std::vector<std::string>;

template <class State>
struct Book {
  std::vector<kernel::v1::LogRecord> log;
  std::map<std::string, State> states;
};

struct Books {
  int64_t now_ms = 0;
  std::vector<kernel::v1::LogRecord> directory;
  Book<incident::v1::State> incident;
  Book<media::v1::State> media;
  Book<mediation::v1::State> mediation;
  Book<petition::v1::State> petition;
  Book<oversight::v1::State> oversight, anew;
  Book<notify::v1::State> notify, notify_anew;

  const std::vector<kernel::v1::LogRecord>& LogOf(std::string_view service) const;
};

// In clear: `sealer` opens what is sealed.
std::vector<kernel::v1::LogRecord> ReadLog(const storage::View& view, const kernel::Sealer* sealer = nullptr);

template <class State>
Book<State> ReadBook(const storage::View& view, const kernel::Sealer* sealer = nullptr) {
  Book<State> book;
  book.log = ReadLog(view, sealer);
  for (const auto space : {storage::KeySpace::kState, storage::KeySpace::kSealedState}) {
    for (const auto& [id, stored] : RowsOf(view, space)) {
      kernel::v1::StateRecord record;
      CHECK(record.ParseFromString(stored));
      CHECK(kernel::OpenState(sealer, id, &record).ok());
      CHECK(book.states[id].ParseFromString(record.state()));
    }
  }
  return book;
}

template <class Event>
Event EventOf(const kernel::v1::LogRecord& record) {
  Event event;
  CHECK(event.ParseFromString(record.event()));
  return event;
}

// "<source>/<seq>", as the inbox names the cause of what a notice led to.
std::string CauseOf(std::string_view source, const kernel::v1::LogRecord& record);

}  // namespace sim
