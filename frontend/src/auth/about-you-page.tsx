import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { ApiError, api, type User } from "@/lib/api";
import { meQuery } from "@/lib/queries";
import { Agreement } from "./agreement";
import { AuthCard } from "./auth-card";
import { AuthError } from "./auth-error";
import { BirthYearField, birthYearIn } from "./birth-year-field";
import { focusFirstInvalid } from "./focus";
import { askLater, hasOpenQuestion, waitsForConsent } from "./questions";

/** What an account that was not made in our form is still asked; it can wait. */
export function AboutYouPage() {
  const me = useQuery(meQuery).data;
  return me ? <Questions me={me} /> : null;
}

/** Answers, and where they lead. */
function useAnswers(next: string | undefined) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const goOn = async (me: User) => {
    if (waitsForConsent(me)) await navigate({ to: "/guardian", search: next ? { next } : {} });
    else await navigate({ href: next ?? "/" });
  };
  const save = useMutation({
    mutationFn: api.updateMe,
    onSuccess: async (me) => {
      queries.setQueryData(meQuery.queryKey, me);
      await goOn(me);
    },
    onError: (error) => {
      if (error instanceof ApiError && error.code === "birth_year_set") {
        void queries.invalidateQueries({ queryKey: meQuery.queryKey });
      }
    },
  });
  return { save, goOn };
}

function Questions({ me }: { me: User }) {
  const { t } = useTranslation();
  const { next } = useSearch({ from: "/data/about-you" });
  const { save, goOn } = useAnswers(next);
  const [year, setYear] = useState("");
  const [agreed, setAgreed] = useState(false);
  const [checked, setChecked] = useState(false);
  const alreadySet = save.error instanceof ApiError && save.error.code === "birth_year_set";

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setChecked(true);
    const birthYear = birthYearIn(year);
    const complete = (!me.age_needed || birthYear !== null) && (!me.ai_disclosure_needed || agreed);
    if (!complete) return focusFirstInvalid(event.currentTarget);
    save.mutate({
      ...(me.age_needed ? { birth_year: birthYear } : {}),
      ...(me.ai_disclosure_needed ? { ai_disclosure: true as const, terms: true as const } : {}),
    });
  };
  const later = () => {
    askLater(me);
    void goOn(me);
  };
  return (
    <AuthCard
      title={t(me.ai_disclosure_needed ? "auth.aboutPage.titleAi" : "auth.aboutPage.titleAge")}
      lead={t("auth.aboutPage.lead")}
    >
      {alreadySet && <Message tone="warning">{t("auth.aboutPage.alreadySet")}</Message>}
      {save.isError && !alreadySet && <AuthError error={save.error} />}
      <form noValidate onSubmit={submit} className="grid gap-4" data-testid="about-you">
        {me.age_needed && <BirthYearField value={year} onChange={setYear} checked={checked} />}
        {me.ai_disclosure_needed && <Agreement agreed={agreed} onChange={setAgreed} checked={checked} />}
        <div className="grid gap-2">
          {hasOpenQuestion(me) && (
            <Button type="submit" busy={save.isPending} className="min-h-12">
              {t(save.isPending ? "auth.aboutPage.saving" : "auth.aboutPage.save")}
            </Button>
          )}
          <Button look="quiet" onClick={later}>
            {t(hasOpenQuestion(me) ? "auth.notNow" : "auth.goOn")}
          </Button>
        </div>
      </form>
    </AuthCard>
  );
}
