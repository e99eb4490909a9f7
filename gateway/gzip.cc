#include "gateway/gzip.h"

#include <zlib.h>

#include "base/check.h"

namespace gateway {
namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib's way of saying: the gzip format

Bytef* In(std::string_view data) { return reinterpret_cast<Bytef*>(const_cast<char*>(data.data())); }

}  // namespace

std::string Gzip(std::string_view data) {
  z_stream z{};
  CHECK(deflateInit2(&z, 6, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&z, data.size()), '\0');
  z.next_in = In(data);
  z.avail_in = static_cast<uInt>(data.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  CHECK(deflate(&z, Z_FINISH) == Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::optional<std::string> Gunzip(std::string_view data, size_t limit) {
  z_stream z{};
  CHECK(inflateInit2(&z, kGzipWindow) == Z_OK);
  z.next_in = In(data);
  z.avail_in = static_cast<uInt>(data.size());
  std::string out;
  char piece[16 * 1024];
  int result = Z_OK;
  while (result == Z_OK && out.size() <= limit) {
    z.next_out = reinterpret_cast<Bytef*>(piece);
    z.avail_out = sizeof(piece);
    result = inflate(&z, Z_NO_FLUSH);
    out.append(piece, sizeof(piece) - z.avail_out);
  }
  const bool whole = result == Z_STREAM_END && z.avail_in == 0 && out.size() <= limit;
  inflateEnd(&z);
  if (!whole) return std::nullopt;
  return out;
}

}  // namespace gateway
