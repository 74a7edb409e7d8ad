import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { chooseLocale, LOCALE_NAMES, LOCALES, type Locale, useTranslation } from "@/i18n";
import { api, type User } from "@/lib/api";
import { meQuery } from "@/lib/queries";
import { setTheme, THEMES, useTheme } from "@/lib/theme";
import { GoalSection } from "@/onboarding/goal-section";
import { LevelCards } from "@/onboarding/level-cards";
import { LevelOrigin } from "@/onboarding/level-section";
import { levelQuery } from "@/onboarding/onboarding-api";
import { RadioCards } from "./choices";
import { LanguagePicker } from "./language-picker";
import { Done, Refusal } from "./outcome";
import { AccountPage, Section } from "./section";
import { useChange } from "./use-change";

const MAX_NAME = 80;

type Profile = Pick<User, "display_name" | "level" | "native_language">;

/** Who the learner is to the coach, and how the pages look to them. */
export function ProfilePage() {
  const { t } = useTranslation();
  const me = useQuery(meQuery).data;
  return (
    <AccountPage title={t("account.profile.title")} lead={t("account.profile.lead")}>
      {me && <AboutYou me={me} />}
      <GoalSection />
      <Pages />
    </AccountPage>
  );
}

function profileOf({ display_name, level, native_language }: User): Profile {
  return { display_name, level, native_language };
}

function AboutYou({ me }: { me: User }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(() => profileOf(me));
  const [before, setBefore] = useState<Profile | null>(null);
  const save = useChange(
    ({ profile }: { profile: Profile; undo: boolean }) => api.updateMe(profile),
    (saved, { undo }) => {
      setBefore(undo ? null : profileOf(me));
      setDraft(profileOf(saved));
      queries.setQueryData(meQuery.queryKey, saved);
      void queries.invalidateQueries({ queryKey: levelQuery.queryKey });
    },
  );

  const change = (part: Partial<Profile>) => {
    save.reset();
    setDraft({ ...draft, ...part });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (save.isPending) return;
    save.mutate({ profile: { ...draft, display_name: draft.display_name.trim() }, undo: false });
  };
  const undo = () => before && save.mutate({ profile: before, undo: true });
  return (
    <Section id="about-you" title={t("account.profile.aboutTitle")} lead={t("account.profile.aboutLead")}>
      <form noValidate onSubmit={submit} className="grid gap-6">
        <Field
          label={t("account.profile.name")}
          hint={t("account.profile.nameHint")}
          name="name"
          autoComplete="given-name"
          maxLength={MAX_NAME}
          value={draft.display_name}
          onChange={(event) => change({ display_name: event.target.value })}
        />
        <LevelCards
          label={t("account.profile.level")}
          value={draft.level}
          onChange={(level) => change({ level })}
        />
        <LevelOrigin />
        <LanguagePicker
          label={t("account.profile.language")}
          hint={t("account.profile.languageHint")}
          value={draft.native_language}
          onChange={(native_language) => change({ native_language })}
        />
        <Refusal error={save.error} />
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" busy={save.isPending}>
            {t(save.isPending ? "account.saving" : "account.save")}
          </Button>
          <Done onUndo={before === null ? undefined : undo}>
            {save.isSuccess && t(before === null ? "account.undone" : "account.saved")}
          </Done>
        </div>
      </form>
    </Section>
  );
}

/** Takes effect as it is chosen, and is as easily chosen back. */
function Pages() {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const theme = useTheme();
  const keepLocale = useChange(
    (locale: Locale) => api.updateMe({ locale }),
    (saved) => queries.setQueryData(meQuery.queryKey, saved),
  );
  return (
    <Section id="pages" title={t("account.profile.pagesTitle")} lead={t("account.profile.pagesLead")}>
      <RadioCards
        label={t("app.language")}
        columns={2}
        testId="interface-language"
        value={i18n.language}
        options={LOCALES.map((locale) => ({
          value: locale,
          label: <span lang={locale}>{LOCALE_NAMES[locale]}</span>,
        }))}
        onChange={(locale) => {
          chooseLocale(locale);
          keepLocale.mutate(locale);
        }}
      />
      <RadioCards
        label={t("app.theme")}
        columns={3}
        testId="theme"
        value={theme}
        options={THEMES.map((choice) => ({ value: choice, label: t(`app.theme_${choice}`) }))}
        onChange={setTheme}
      />
      <Refusal error={keepLocale.error} />
    </Section>
  );
}
