#include "services/press/pdf.h"

#include <absl/strings/str_cat.h>
#include <qpdf/qpdf-c.h>

#include <memory>
#include <utility>

namespace press {
namespace {

struct Close {
  void operator()(_qpdf_data* pdf) const { qpdf_cleanup(&pdf); }
};
using Document = std::unique_ptr<_qpdf_data, Close>;

// The destinations of a document that Chromium wrote: a dictionary of its root, of arrays that begin with a page.
void FindPages(qpdf_data pdf, Pdf* out) {
  std::map<std::pair<int, int>, int> number;
  out->pages = qpdf_get_num_pages(pdf);
  for (int i = 0; i < out->pages; ++i) {
    const qpdf_oh page = qpdf_get_page_n(pdf, static_cast<size_t>(i));
    number[{qpdf_oh_get_object_id(pdf, page), qpdf_oh_get_generation(pdf, page)}] = i + 1;
  }
  const qpdf_oh places = qpdf_oh_get_key(pdf, qpdf_get_root(pdf), "/Dests");
  if (!qpdf_oh_is_dictionary(pdf, places)) return;
  qpdf_oh_begin_dict_key_iter(pdf, places);
  while (qpdf_oh_dict_more_keys(pdf)) {
    const std::string key = qpdf_oh_dict_next_key(pdf);
    const qpdf_oh place = qpdf_oh_get_key(pdf, places, key.c_str());
    if (!qpdf_oh_is_array(pdf, place) || qpdf_oh_get_array_n_items(pdf, place) == 0) continue;
    const qpdf_oh page = qpdf_oh_get_array_item(pdf, place, 0);
    const auto it = number.find({qpdf_oh_get_object_id(pdf, page), qpdf_oh_get_generation(pdf, page)});
    if (it != number.end()) out->page_of[key.substr(1)] = it->second;
  }
}

void DescribeIt(qpdf_data pdf, const std::string& title, const std::string& code) {
  const qpdf_oh info = qpdf_oh_new_dictionary(pdf);
  qpdf_oh_replace_key(pdf, info, "/Title", qpdf_oh_new_unicode_string(pdf, title.c_str()));
  qpdf_oh_replace_key(pdf, info, "/Subject", qpdf_oh_new_unicode_string(pdf, absl::StrCat("校验码 ", code).c_str()));
  qpdf_oh_replace_key(pdf, info, "/Keywords", qpdf_oh_new_string(pdf, absl::StrCat("sha256:", code).c_str()));
  qpdf_oh_replace_key(pdf, info, "/Producer", qpdf_oh_new_string(pdf, "Fengqiao"));
  qpdf_oh_replace_key(pdf, qpdf_get_trailer(pdf), "/Info", qpdf_make_indirect_object(pdf, info));
}

bool Failed(QPDF_ERROR_CODE code) { return (code & QPDF_ERRORS) != 0; }

}  // namespace

absl::StatusOr<Pdf> FinishPdf(std::string_view bytes, std::string_view title, std::string_view code) {
  const Document document(qpdf_init());
  _qpdf_data* pdf = document.get();
  qpdf_silence_errors(pdf);
  qpdf_set_suppress_warnings(pdf, QPDF_TRUE);
  const absl::Status broken = absl::DataLossError("what the browser wrote is no PDF");
  if (Failed(qpdf_read_memory(pdf, "paper", bytes.data(), bytes.size(), nullptr))) return broken;
  Pdf out;
  FindPages(pdf, &out);
  DescribeIt(pdf, std::string(title), std::string(code));
  if (Failed(qpdf_init_write_memory(pdf))) return broken;
  qpdf_set_deterministic_ID(pdf, QPDF_TRUE);
  qpdf_set_object_stream_mode(pdf, qpdf_o_generate);
  if (Failed(qpdf_write(pdf)) || qpdf_has_error(pdf)) return broken;
  out.bytes.assign(reinterpret_cast<const char*>(qpdf_get_buffer(pdf)), qpdf_get_buffer_length(pdf));
  return out;
}

}  // namespace press
