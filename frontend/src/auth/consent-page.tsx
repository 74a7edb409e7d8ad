import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/button";
import { Failure } from "@/components/failure";
import { Message } from "@/components/message";
import { PublicLayout } from "@/components/public-layout";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import { useTitle } from "@/lib/title";
import { authApi, type ConsentQuestion } from "./auth-api";
import { AuthError } from "./auth-error";
import { isBrokenLink } from "./broken-link";
import { useLinkToken } from "./link-token";

const WHAT = ["what_ai", "what_wrong"] as const;
const KEPT = ["kept_text", "kept_voice", "kept_account", "kept_who"] as const;

/** A mailed link leads a parent or guardian here: what the learner wants, what it is, and yes or no. */
export function ConsentPage() {
  const { t } = useTranslation();
  const token = useLinkToken();
  const question = useQuery({
    queryKey: ["consent", token],
    queryFn: () => authApi.lookAtConsent(token ?? ""),
    enabled: token !== null,
  });
  const answer = useAnswer(token);

  if (answer.isSuccess && !answer.variables) return <Refused learner={question.data?.learner ?? ""} />;
  if (token === null || isBrokenLink(question.error) || isBrokenLink(answer.error)) {
    return (
      <Page
        title={t("auth.consentPage.brokenTitle")}
        lead={t("auth.consentPage.brokenLead")}
        testId="link-broken"
      />
    );
  }
  if (question.data) {
    return question.data.granted ? (
      <Granted question={question.data} answer={answer} />
    ) : (
      <Undecided question={question.data} answer={answer} />
    );
  }
  return (
    <Page title={t("auth.consentPage.loading")}>
      {question.isError ? (
        <Failure
          title={t("auth.consentPage.failed")}
          error={question.error}
          busy={question.isFetching}
          onRetry={() => void question.refetch()}
        />
      ) : (
        <Skeleton rows={2} />
      )}
    </Page>
  );
}

function useAnswer(token: string | null) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (granted: boolean) => authApi.answerConsent(token ?? "", granted),
    onSuccess: (_, granted) => {
      queries.setQueryData<ConsentQuestion>(["consent", token], (known) => known && { ...known, granted });
    },
  });
}

type Answer = ReturnType<typeof useAnswer>;

interface DecisionProps {
  question: ConsentQuestion;
  answer: Answer;
}

function Undecided({ question: { learner }, answer }: DecisionProps) {
  const { t } = useTranslation();
  return (
    <Page title={t("auth.consentPage.title", { learner })} lead={t("auth.consentPage.lead")}>
      <Facts learner={learner} />
      <section className="grid gap-3 rounded-card border border-line bg-surface p-5" data-testid="decision">
        <h2 className="text-2xl font-semibold">{t("auth.consentPage.choiceTitle")}</h2>
        <p>{t("auth.consentPage.choiceLead", { learner })}</p>
        {answer.isError && <AuthError error={answer.error} />}
        <div className="flex flex-wrap gap-2">
          <Button
            busy={answer.isPending && answer.variables}
            onClick={() => answer.mutate(true)}
            className="min-h-12"
          >
            {t("auth.consentPage.grant")}
          </Button>
          <Button
            look="secondary"
            busy={answer.isPending && !answer.variables}
            onClick={() => answer.mutate(false)}
            className="min-h-12"
          >
            {t("auth.consentPage.refuse")}
          </Button>
        </div>
      </section>
    </Page>
  );
}

function Granted({ question: { learner }, answer }: DecisionProps) {
  const { t } = useTranslation();
  const [sure, setSure] = useState(false);
  return (
    <Page title={t("auth.consentPage.grantedTitle", { learner })} lead={t("auth.consentPage.grantedLead")}>
      <div className="grid gap-3" data-testid="consent-granted">
        {answer.isError && <AuthError error={answer.error} />}
        {sure ? (
          <Message
            tone="warning"
            urgent
            actions={
              <>
                <Button look="danger" busy={answer.isPending} onClick={() => answer.mutate(false)}>
                  {t("auth.consentPage.withdrawYes")}
                </Button>
                <Button look="secondary" onClick={() => setSure(false)}>
                  {t("auth.consentPage.withdrawNo")}
                </Button>
              </>
            }
          >
            {t("auth.consentPage.withdrawSure", { learner })}
          </Message>
        ) : (
          <Button look="secondary" className="justify-self-start" onClick={() => setSure(true)}>
            {t("auth.consentPage.withdraw")}
          </Button>
        )}
      </div>
      <Facts learner={learner} />
    </Page>
  );
}

function Refused({ learner }: { learner: string }) {
  const { t } = useTranslation();
  return (
    <Page
      title={t("auth.consentPage.refusedTitle")}
      lead={t("auth.consentPage.refusedLead", { learner })}
      testId="consent-refused"
    />
  );
}

/** What a guardian should know before they decide. */
function Facts({ learner }: { learner: string }) {
  const { t } = useTranslation();
  const sections = [
    { name: "what", title: "auth.consentPage.whatTitle", lines: WHAT },
    { name: "kept", title: "auth.consentPage.keptTitle", lines: KEPT },
  ] as const;
  return sections.map(({ name, title, lines }) => (
    <section key={name} className="grid gap-3">
      <h2 className="text-2xl font-semibold">{t(title)}</h2>
      <ul className="grid gap-2.5">
        {lines.map((line) => (
          <li key={line} className="border-s-4 border-coach-soft ps-4">
            {t(`auth.consentPage.${line}`, { learner })}
          </li>
        ))}
      </ul>
    </section>
  ));
}

interface PageProps {
  title: string;
  lead?: string;
  testId?: string;
  children?: ReactNode;
}

function Page({ title, lead, testId, children }: PageProps) {
  useTitle(title);
  return (
    <PublicLayout>
      <div className="mx-auto grid w-full max-w-2xl gap-8 px-4 py-8 sm:py-12" data-testid={testId}>
        <div className="grid gap-2">
          <h1 className="text-3xl font-bold sm:text-4xl">{title}</h1>
          {lead && <p className="text-lg text-quiet">{lead}</p>}
        </div>
        {children}
      </div>
    </PublicLayout>
  );
}
