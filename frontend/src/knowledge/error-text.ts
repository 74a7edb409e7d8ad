/** What a refusal of a file means, and what to do. */

import type { MessageKey, Translate } from "@/i18n";
import type { ApiError } from "@/lib/api";
import { errorKey } from "@/lib/error-text";

const KNOWN: Record<string, MessageKey> = {
  document_too_large: "documents.refused.tooLarge",
  document_kind: "documents.refused.kind",
  document_empty: "documents.refused.empty",
  document_encrypted: "documents.refused.encrypted",
  document_broken: "documents.refused.broken",
  document_exists: "documents.refused.exists",
  too_many_documents: "documents.refused.tooMany",
  storage_full: "documents.refused.storage",
  storage_unavailable: "documents.refused.storage",
};

export function errorText(t: Translate, error: ApiError): string {
  return t(KNOWN[error.code] ?? errorKey(error));
}
