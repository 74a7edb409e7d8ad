import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Hourglass } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { ApiError, type User } from "@/lib/api";
import { meQuery } from "@/lib/queries";
import { authApi } from "./auth-api";
import { AuthCard } from "./auth-card";
import { AuthError } from "./auth-error";
import { looksLikeEmail } from "./email";
import { focusFirstInvalid } from "./focus";
import { LocalMail } from "./local-mail";
import { waitsForConsent } from "./questions";

/** How often a learner who waits is told of the answer, when it has come. */
const LOOK_EVERY_MS = 15_000;

/** Young learners ask an adult for consent here, and wait for the answer. */
export function GuardianPage() {
  const me = useQuery({
    ...meQuery,
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.consent === "asked" ? LOOK_EVERY_MS : false),
  });
  const ask = useAsk();
  if (me.data === undefined) return null;
  if (!waitsForConsent(me.data)) return <Free me={me.data} />;
  if (me.data.consent === "needed") return <First ask={ask} me={me.data} />;
  return <Waiting ask={ask} me={me.data} looking={me.isFetching} onLook={() => void me.refetch()} />;
}

function useAsk() {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: meQuery.queryKey });
  return useMutation({
    mutationFn: authApi.askGuardian,
    onSuccess: refresh,
    // Somebody has agreed in the meantime, or nobody needs to: the account knows.
    onError: (error) => {
      if (error instanceof ApiError && error.status === 409) void refresh();
    },
  });
}

type Ask = ReturnType<typeof useAsk>;

function First({ ask, me }: { ask: Ask; me: User }) {
  const { t } = useTranslation();
  return (
    <AuthCard
      title={t("auth.guardianPage.title")}
      lead={t("auth.guardianPage.lead")}
      footer={<Way look="quiet">{t("auth.guardianPage.later")}</Way>}
    >
      <p>{t("auth.guardianPage.how")}</p>
      <AskForm ask={ask} me={me} />
      <p className="text-sm text-quiet">{t("auth.guardianPage.school")}</p>
    </AuthCard>
  );
}

interface WaitingProps {
  ask: Ask;
  me: User;
  looking: boolean;
  onLook: () => void;
}

function Waiting({ ask, me, looking, onLook }: WaitingProps) {
  const { t } = useTranslation();
  const [looked, setLooked] = useState(false);
  const look = () => {
    setLooked(true);
    onLook();
  };
  return (
    <AuthCard
      title={t("auth.guardianPage.waitingTitle")}
      lead={t("auth.guardianPage.waitingLead")}
      footer={<Way look="quiet">{t("auth.guardianPage.later")}</Way>}
    >
      <div className="grid gap-4" data-testid="guardian-waiting">
        {ask.isSuccess && (
          <Message icon={Hourglass}>
            <span className="wrap-anywhere">{t("auth.guardianPage.sentTo", { email: ask.variables })}</span>
          </Message>
        )}
        <LocalMail />
        <div className="flex flex-wrap items-center gap-3">
          <Button look="secondary" busy={looking} onClick={look}>
            {t(looking ? "auth.guardianPage.looking" : "auth.guardianPage.look")}
          </Button>
          <p role="status" className="text-sm text-quiet">
            {looked && !looking && t("auth.guardianPage.notYet")}
          </p>
        </div>
        <details className="grid gap-3">
          <summary className="flex min-h-11 cursor-pointer items-center font-semibold text-primary">
            {t("auth.guardianPage.other")}
          </summary>
          <div className="grid gap-3 pt-2">
            <p className="text-sm text-quiet">{t("auth.guardianPage.otherHint")}</p>
            <AskForm ask={ask} me={me} />
          </div>
        </details>
        <p className="text-sm text-quiet">{t("auth.guardianPage.school")}</p>
      </div>
    </AuthCard>
  );
}

function Free({ me }: { me: User }) {
  const { t } = useTranslation();
  const granted = me.consent === "granted";
  return (
    <AuthCard
      title={t(granted ? "auth.guardianPage.doneTitle" : "auth.guardianPage.notNeededTitle")}
      lead={t(granted ? "auth.guardianPage.doneLead" : "auth.guardianPage.notNeededLead")}
    >
      <div className="grid" data-testid="guardian-done">
        <Way look="primary">{t("auth.guardianPage.toTalk")}</Way>
      </div>
    </AuthCard>
  );
}

function Way({ look, children }: { look: "primary" | "quiet"; children: ReactNode }) {
  const { next } = useSearch({ from: "/data/guardian" });
  const navigate = useNavigate();
  return (
    <Button look={look} className="min-h-12" onClick={() => void navigate({ href: next ?? "/" })}>
      {children}
    </Button>
  );
}

function AskForm({ ask, me }: { ask: Ask; me: User }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState("");
  const [checked, setChecked] = useState(false);
  const own = email.trim().toLowerCase() === me.email;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setChecked(true);
    if (looksLikeEmail(email) && !own) ask.mutate(email.trim());
    else focusFirstInvalid(event.currentTarget);
  };
  const wrong = own
    ? t("auth.guardianPage.own")
    : looksLikeEmail(email)
      ? undefined
      : t("auth.emailRequired");
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      <Field
        label={t("auth.guardianPage.email")}
        type="email"
        name="guardian-email"
        autoComplete="off"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        error={checked ? wrong : undefined}
      />
      {ask.isError && <AuthError error={ask.error} />}
      <Button type="submit" busy={ask.isPending} className="min-h-12">
        {t(ask.isPending ? "auth.guardianPage.sending" : "auth.guardianPage.send")}
      </Button>
    </form>
  );
}
