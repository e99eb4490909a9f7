#include "services/press/pdf.h"

#include <absl/strings/str_cat.h>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFLogger.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFWriter.hh>

#include <exception>

namespace press {
namespace {

// The destinations of a document that Chromium wrote: a dictionary of its root.
void FindPages(QPDF& pdf, Pdf* out) {
  std::map<QPDFObjGen, int> number;
  for (auto& page : pdf.getAllPages()) number[page.getObjGen()] = ++out->pages;
  QPDFObjectHandle places = pdf.getRoot().getKey("/Dests");
  if (!places.isDictionary()) return;
  for (const std::string& key : places.getKeys()) {
    QPDFObjectHandle place = places.getKey(key);
    if (!place.isArray() || place.getArrayNItems() == 0) continue;
    const auto it = number.find(place.getArrayItem(0).getObjGen());
    if (it != number.end()) out->page_of[key.substr(1)] = it->second;
  }
}

Pdf Finish(std::string_view bytes, std::string_view title, std::string_view code) {
  Pdf out;
  QPDF pdf;
  pdf.setLogger(QPDFLogger::create());
  pdf.getLogger()->setError(pdf.getLogger()->discard());
  pdf.getLogger()->setWarn(pdf.getLogger()->discard());
  const std::string copy(bytes);
  pdf.processMemoryFile("paper", copy.data(), copy.size());
  FindPages(pdf, &out);
  QPDFObjectHandle info = QPDFObjectHandle::newDictionary();
  info.replaceKey("/Title", QPDFObjectHandle::newUnicodeString(std::string(title)));
  info.replaceKey("/Subject", QPDFObjectHandle::newUnicodeString(absl::StrCat("校验码 ", std::string(code))));
  info.replaceKey("/Keywords", QPDFObjectHandle::newString(absl::StrCat("sha256:", std::string(code))));
  info.replaceKey("/Producer", QPDFObjectHandle::newString("Fengqiao"));
  pdf.getTrailer().replaceKey("/Info", pdf.makeIndirectObject(info));
  QPDFWriter writer(pdf);
  writer.setOutputMemory();
  writer.setDeterministicID(true);
  writer.setObjectStreamMode(qpdf_o_generate);
  writer.write();
  const auto buffer = writer.getBufferSharedPointer();
  out.bytes.assign(reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize());
  return out;
}

}  // namespace

absl::StatusOr<Pdf> FinishPdf(std::string_view bytes, std::string_view title, std::string_view code) {
  try {  // the library throws; nobody else here does
    return Finish(bytes, title, code);
  } catch (const std::exception& error) {
    return absl::DataLossError(absl::StrCat("what the browser wrote is no PDF: ", error.what()));
  }
}

}  // namespace press
