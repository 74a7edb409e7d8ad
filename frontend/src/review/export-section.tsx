import { Download } from "lucide-react";
import { Section } from "@/account/section";
import { buttonClass } from "@/components/button";
import { useTranslation } from "@/i18n";
import { transcriptAddress } from "./review-api";

const FORMS = [
  { form: "txt", label: "review.exportText" },
  { form: "csv", label: "review.exportCsv" },
  { form: "pdf", label: "review.exportPdf" },
] as const;

/** The transcript as a file. */
export function ExportSection({ callId }: { callId: string }) {
  const { t } = useTranslation();
  return (
    <Section id="export" title={t("review.export")} lead={t("review.exportLead")}>
      <div className="flex flex-wrap gap-2">
        {FORMS.map(({ form, label }) => (
          <a
            key={form}
            href={transcriptAddress(callId, form)}
            download
            data-testid={`export-${form}`}
            className={buttonClass("secondary")}
          >
            <Download aria-hidden className="size-4" />
            {t(label)}
          </a>
        ))}
      </div>
      <p className="text-sm text-quiet">{t("review.noted")}</p>
    </Section>
  );
}
