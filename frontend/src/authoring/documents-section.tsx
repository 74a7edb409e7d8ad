import { useState } from "react";
import { Section } from "@/account/section";
import { useChange } from "@/account/use-change";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { authoringApi } from "./authoring-api";
import { DocumentsPicker } from "./documents-picker";
import { refusalWords } from "./words";

/** The documents of a lesson; each choice is saved as it is made. */
export function DocumentsSection({ lessonId, first }: { lessonId: string; first: readonly string[] }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<readonly string[]>(first);
  const put = useChange((ids: string[]) => authoringApi.putDocuments(lessonId, ids));
  const choose = (ids: string[]) => {
    const before = chosen;
    setChosen(ids);
    put.mutate(ids, { onError: () => setChosen(before) });
  };
  return (
    <Section id="documents" title={t("authoring.material")}>
      <DocumentsPicker chosen={chosen} onChange={choose} hint={t("authoring.documentsHint")} />
      {put.isError && (
        <Message tone="danger" urgent>
          {refusalWords(t, put.error)}
        </Message>
      )}
    </Section>
  );
}
