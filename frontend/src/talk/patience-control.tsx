import { useMutation, useQuery } from "@tanstack/react-query";
import { Segmented } from "@/components/segmented";
import { useTranslation } from "@/i18n";
import type { Patience } from "@/lib/api";
import { preferencesQuery } from "@/lib/queries";
import { useTalkEngine } from "./provider";

const CHOICES: readonly Patience[] = ["quick", "balanced", "patient"];

/** How long the coach waits before it takes the turn. Takes effect in the call at once. */
export function PatienceControl({ hint = true }: { hint?: boolean }) {
  const { t } = useTranslation();
  const engine = useTalkEngine();
  const preferences = useQuery(preferencesQuery);
  const choose = useMutation({
    mutationFn: (patience: Patience) => engine.setPatience(patience),
  });
  // Shown at once while it is being saved; a choice that was not saved falls back by itself.
  const value = (choose.isPending ? choose.variables : preferences.data?.patience) ?? "balanced";

  return (
    <div className="w-full">
      <Segmented
        label={t("talk.patience")}
        value={value}
        disabled={preferences.isPending}
        testId="patience"
        compact={!hint}
        options={CHOICES.map((choice) => ({ value: choice, label: t(`talk.patience_${choice}`) }))}
        onChange={choose.mutate}
      />
      {hint && <p className="mt-2 text-center text-sm text-quiet">{t(`talk.patienceHint_${value}`)}</p>}
      {(choose.isError || preferences.isError) && (
        <p role="alert" className="mt-2 text-sm text-danger">
          {t("talk.patienceFailed")}
        </p>
      )}
    </div>
  );
}
