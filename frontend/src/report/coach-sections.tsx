import { useQueryClient } from "@tanstack/react-query";
import { RadioCards } from "@/account/choices";
import { Done, Refusal } from "@/account/outcome";
import { Section } from "@/account/section";
import { useChange } from "@/account/use-change";
import { useTranslation } from "@/i18n";
import { api, type Preferences } from "@/lib/api";
import { preferencesQuery } from "@/lib/queries";

const OWN = "";
const TRANSLATION = ["off", "on"] as const;

/** The coach's voice, where there are several, and whether it may say a word in the learner's language. */
export function CoachSections({ kept }: { kept: Preferences }) {
  return (
    <>
      {kept.voices.length > 0 && <VoiceSection kept={kept} />}
      <TranslationSection kept={kept} />
    </>
  );
}

function useSave() {
  const queries = useQueryClient();
  return useChange(
    (wanted: Parameters<typeof api.updatePreferences>[0]) => api.updatePreferences(wanted),
    (saved) => queries.setQueryData(preferencesQuery.queryKey, saved),
  );
}

function VoiceSection({ kept }: { kept: Preferences }) {
  const { t } = useTranslation();
  const save = useSave();
  const voice = save.isPending && save.variables.voice !== undefined ? save.variables.voice : kept.voice;
  return (
    <Section id="voice" title={t("report.preferences.voiceTitle")} lead={t("report.preferences.voiceLead")}>
      <RadioCards
        label={t("report.preferences.voice")}
        columns={3}
        testId="voice"
        value={voice ?? OWN}
        options={[
          { value: OWN, label: t("report.preferences.voiceOwn") },
          ...kept.voices.map((name) => ({ value: name, label: <span translate="no">{name}</span> })),
        ]}
        onChange={(wanted) => save.mutate({ voice: wanted === OWN ? null : wanted })}
      />
      <Refusal error={save.error} />
      <Done>{save.isSuccess && t("account.saved")}</Done>
    </Section>
  );
}

function TranslationSection({ kept }: { kept: Preferences }) {
  const { t } = useTranslation();
  const save = useSave();
  const translation = save.isPending ? save.variables.translation : kept.translation;
  return (
    <Section id="translation" title={t("report.preferences.helpTitle")}>
      <RadioCards
        label={t("report.preferences.translation")}
        columns={2}
        testId="translation"
        value={translation ? "on" : "off"}
        options={TRANSLATION.map((value) => ({
          value,
          label: t(`report.preferences.translation_${value}`),
          hint: t(`report.preferences.translationHint_${value}`),
        }))}
        onChange={(wanted) => save.mutate({ translation: wanted === "on" })}
      />
      <Refusal error={save.error} />
      <Done>{save.isSuccess && t("account.saved")}</Done>
    </Section>
  );
}
