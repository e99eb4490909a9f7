#include "services/press/signer.h"

namespace press {

void AddSigner(const Signer& signer, Values* values) {
  values->Row("signers")
      .Text("role", signer.role)
      .Text("name", signer.name)
      .Text("date", signer.date)
      .Flag("finger", signer.finger && !signer.stamp)
      .Flag("stamp", signer.stamp)
      .Text("by", signer.by);
}

}  // namespace press
