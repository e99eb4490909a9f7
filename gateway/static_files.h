#pragma once
// The web pages, read into memory at start: what is not in the map is not there, so no request can reach a
// file system. Immutable; any thread. Names with a hash (under /assets/) are cached for a year, everything
// else is asked for again each time (ETag, 304). Texts are kept compressed, too.

#include <absl/status/statusor.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/http_message.h"

namespace gateway {

class StaticFiles {
 public:
  StaticFiles() = default;  // none
  // Symbolic links are not followed. Errors name the file.
  static absl::StatusOr<StaticFiles> Load(const std::string& dir);

  // nullopt: no such page. "/" and "/desk/" are their index.html.
  std::optional<HttpResponse> Serve(const HttpRequest& request) const;
  size_t size() const { return files_.size(); }

 private:
  struct File {
    std::shared_ptr<const std::string> plain;
    std::shared_ptr<const std::string> gzip;  // null: not worth it
    std::string etag;
    std::string type;
    bool immutable = false;
  };
  static File MakeFile(std::string_view path, std::string content);

  std::map<std::string, File, std::less<>> files_;  // by path, "/index.html"
};

}  // namespace gateway
