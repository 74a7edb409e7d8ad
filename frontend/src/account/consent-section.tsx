import { Link } from "@tanstack/react-router";
import { CircleCheck, CircleDashed, Hourglass, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { buttonClass } from "@/components/button";
import { useTranslation } from "@/i18n";
import type { User } from "@/lib/api";
import { Section } from "./section";

const HERE = "/account/privacy";
const CONSENT_ICONS: Record<User["consent"], LucideIcon> = {
  not_needed: CircleCheck,
  granted: CircleCheck,
  asked: Hourglass,
  needed: CircleDashed,
};

/** What the learner has told and agreed to, and what an adult has agreed to for them. */
export function ConsentSection({ me }: { me: User }) {
  const { t } = useTranslation();
  const young = me.consent !== "not_needed";
  return (
    <Section id="consent" title={t("account.consent.title")}>
      <ul className="grid gap-3" data-testid="consent" data-consent={me.consent}>
        <Line
          icon={me.ai_disclosure_needed ? CircleDashed : CircleCheck}
          action={me.ai_disclosure_needed && <ToQuestions />}
        >
          {t(me.ai_disclosure_needed ? "account.consent.aiOpen" : "account.consent.aiTold")}
        </Line>
        <Line
          icon={me.age_needed ? CircleDashed : CircleCheck}
          action={me.age_needed && !me.ai_disclosure_needed && <ToQuestions />}
        >
          {me.birth_year === null
            ? t("account.consent.ageOpen")
            : t("account.consent.age", { year: String(me.birth_year) })}
        </Line>
        {young && (
          <Line
            icon={CONSENT_ICONS[me.consent]}
            action={
              me.consent !== "granted" && (
                <Link to="/guardian" search={{ next: HERE }} className={buttonClass("secondary")}>
                  {t(me.consent === "asked" ? "account.consent.askAgain" : "account.consent.ask")}
                </Link>
              )
            }
          >
            {t(`account.consent.state_${me.consent}`)}
          </Line>
        )}
      </ul>
    </Section>
  );
}

function ToQuestions() {
  const { t } = useTranslation();
  return (
    <Link to="/about-you" search={{ next: HERE }} className={buttonClass("secondary")}>
      {t("account.consent.answer")}
    </Link>
  );
}

interface LineProps {
  icon: LucideIcon;
  children: ReactNode;
  action: ReactNode;
}

function Line({ icon: Icon, children, action }: LineProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <p className="flex min-w-0 grow basis-64 gap-3">
        <Icon aria-hidden className="mt-0.5 size-5 shrink-0 text-coach" />
        <span>{children}</span>
      </p>
      {action}
    </li>
  );
}
