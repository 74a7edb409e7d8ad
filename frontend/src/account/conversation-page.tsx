import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Failure } from "@/components/failure";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { api, type Preferences } from "@/lib/api";
import { preferencesQuery } from "@/lib/queries";
import { CoachSections } from "@/report/coach-sections";
import { MemorySection } from "@/report/memory-section";
import { useTalkEngine } from "@/talk/provider";
import { RadioCards } from "./choices";
import { Done, Refusal } from "./outcome";
import { AccountPage, Section } from "./section";
import { useChange } from "./use-change";

const PATIENCE = ["quick", "balanced", "patient"] as const;
const GREETINGS = ["short", "normal"] as const;
const CORRECTIONS = ["recast", "explicit", "silent"] as const;

/** How the coach behaves towards the learner. */
export function ConversationPage() {
  const { t } = useTranslation();
  const preferences = useQuery(preferencesQuery);
  return (
    <AccountPage title={t("account.conversation.title")} lead={t("account.conversation.lead")}>
      {preferences.data ? (
        <>
          <Choices kept={preferences.data} />
          <CoachSections kept={preferences.data} />
        </>
      ) : preferences.isError ? (
        <Failure
          title={t("account.conversation.failed")}
          error={preferences.error}
          busy={preferences.isFetching}
          onRetry={() => void preferences.refetch()}
        />
      ) : (
        <Skeleton rows={3} />
      )}
      <MemorySection />
    </AccountPage>
  );
}

interface Choice {
  wanted: Partial<Pick<Preferences, "patience" | "greeting_verbosity" | "correction_style">>;
  undo: boolean;
}

/** Each choice is saved as it is made, and can be taken back. */
function Choices({ kept }: { kept: Preferences }) {
  const { t } = useTranslation();
  const save = useSave();
  const [before, setBefore] = useState<Choice["wanted"] | null>(null);
  // Shown at once while it is being saved; what was not saved falls back by itself.
  const shown = save.isPending ? { ...kept, ...save.variables.wanted } : kept;
  const choose = (wanted: Choice["wanted"]) => {
    const changed = Object.keys(wanted) as (keyof Choice["wanted"])[];
    setBefore(Object.fromEntries(changed.map((key) => [key, kept[key]])));
    save.mutate({ wanted, undo: false });
  };
  const undo = () => {
    if (before === null) return;
    setBefore(null);
    save.mutate({ wanted: before, undo: true });
  };
  return (
    <Section
      id="coach"
      title={t("account.conversation.coachTitle")}
      lead={t("account.conversation.coachLead")}
    >
      <RadioCards
        label={t("talk.patience")}
        columns={3}
        testId="patience"
        value={shown.patience}
        options={PATIENCE.map((value) => ({
          value,
          label: t(`talk.patience_${value}`),
          hint: t(`talk.patienceHint_${value}`),
        }))}
        onChange={(patience) => choose({ patience })}
      />
      <RadioCards
        label={t("onboarding.correction")}
        columns={3}
        testId="correction"
        value={shown.correction_style}
        options={CORRECTIONS.map((value) => ({
          value,
          label: t(`onboarding.correction_${value}`),
          hint: t(`onboarding.correctionHint_${value}`),
        }))}
        onChange={(correction_style) => choose({ correction_style })}
      />
      <RadioCards
        label={t("account.conversation.greeting")}
        columns={2}
        testId="greeting"
        value={shown.greeting_verbosity}
        options={GREETINGS.map((value) => ({
          value,
          label: t(`account.conversation.greeting_${value}`),
          hint: t(`account.conversation.greetingHint_${value}`),
        }))}
        onChange={(greeting_verbosity) => choose({ greeting_verbosity })}
      />
      <Refusal error={save.error} />
      {/* On a small screen the choice may stand far above: the word about it stays in view. */}
      <div className="sticky bottom-0 rounded-full bg-surface">
        <Done onUndo={before === null ? undefined : undo}>
          {save.isSuccess && t(save.variables.undo ? "account.undone" : "account.saved")}
        </Done>
      </div>
    </Section>
  );
}

/** Patience goes through the call, so that it holds at once in one that is on. */
function useSave() {
  const engine = useTalkEngine();
  const queries = useQueryClient();
  return useChange(
    async ({ wanted: { patience, ...others } }: Choice) => {
      if (patience !== undefined) await engine.setPatience(patience);
      return Object.keys(others).length === 0 ? null : api.updatePreferences(others);
    },
    (saved) => saved && queries.setQueryData(preferencesQuery.queryKey, saved),
  );
}
