#include "gateway/static_files.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "base/crypto.h"
#include "gateway/gzip.h"
#include "gateway/limits.h"
#include "gateway/percent.h"
#include "gateway/render.h"

namespace gateway {
namespace {

namespace fs = std::filesystem;

constexpr size_t kCompressFromBytes = 1024;

// Pages load only what they brought along; nobody may frame them (OWASP secure headers).
constexpr char kContentSecurityPolicy[] =
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".geojson", "application/geo+json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".xml", "application/xml"},
    {".wasm", "application/wasm"},
};

std::string_view TypeOf(std::string_view path) {
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

bool IsText(std::string_view type) {
  return type.starts_with("text/") || type.find("json") != std::string_view::npos ||
         type.find("xml") != std::string_view::npos;
}

}  // namespace

StaticFiles::File StaticFiles::MakeFile(std::string_view path, std::string content) {
  File file;
  file.type = TypeOf(path);
  file.etag = absl::StrCat("\"", base::Hex(base::Sha256(content).substr(0, 16)), "\"");
  file.immutable = path.find("/assets/") != std::string_view::npos;
  if (IsText(file.type) && content.size() >= kCompressFromBytes) {
    std::string small = Gzip(content);
    if (small.size() < content.size()) file.gzip = std::make_shared<const std::string>(std::move(small));
  }
  file.plain = std::make_shared<const std::string>(std::move(content));
  return file;
}

absl::StatusOr<StaticFiles> StaticFiles::Load(const std::string& dir) {
  StaticFiles out;
  std::error_code error;
  if (!fs::is_directory(dir, error))
    return absl::NotFoundError(absl::StrCat("cannot read ", dir, ": not a folder"));
  size_t bytes = 0;
  for (auto at = fs::recursive_directory_iterator(dir, error); at != fs::recursive_directory_iterator();
       at.increment(error)) {
    if (error) return absl::UnavailableError(absl::StrCat("cannot read ", dir, ": ", error.message()));
    if (at->is_symlink(error) || !at->is_regular_file(error)) continue;
    const std::string path = "/" + fs::relative(at->path(), dir, error).generic_string();
    std::ifstream in(at->path(), std::ios::binary);
    std::string content((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!in) return absl::UnavailableError(absl::StrCat("cannot read ", at->path().string()));
    bytes += content.size();
    if (bytes > kMaxStaticBytes || out.files_.size() == kMaxStaticFiles) {
      return absl::ResourceExhaustedError(
          absl::StrCat("cannot serve ", dir, ": more than the gateway holds in memory"));
    }
    out.files_[path] = MakeFile(path, std::move(content));
  }
  return out;
}

std::optional<HttpResponse> StaticFiles::Serve(const HttpRequest& request) const {
  auto path = PercentDecode(request.path);
  if (!path) return std::nullopt;
  if (path->ends_with('/')) *path += "index.html";
  const auto found = files_.find(*path);
  if (found == files_.end()) return std::nullopt;
  const File& file = found->second;
  HttpResponse response;
  response.Add("Content-Type", file.type).Add("ETag", file.etag);
  response.Add("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  response.Add("X-Content-Type-Options", "nosniff").Add("Referrer-Policy", "same-origin");
  response.Add("Content-Security-Policy", kContentSecurityPolicy);
  if (file.gzip != nullptr) response.Add("Vary", "Accept-Encoding");
  const std::string* none_match = request.Header("if-none-match");
  if (none_match != nullptr && TagMatches(*none_match, file.etag)) {
    response.status = 304;
    return response;
  }
  const std::string* accepts = request.Header("accept-encoding");
  if (file.gzip != nullptr && accepts != nullptr && absl::StrContains(*accepts, "gzip")) {
    response.Add("Content-Encoding", "gzip");
    response.shared_body = file.gzip;
  } else {
    response.shared_body = file.plain;
  }
  return response;
}

}  // namespace gateway
