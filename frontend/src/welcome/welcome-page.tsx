import { Link, useRouterState } from "@tanstack/react-router";
import clsx from "clsx";
import { BookOpenText, Check, Hourglass, Mic } from "lucide-react";
import { useEffect, useState } from "react";
import { buttonClass } from "@/components/button";
import { Mark } from "@/components/logo";
import { PublicLayout } from "@/components/public-layout";
import { useTranslation } from "@/i18n";
import { useTitle } from "@/lib/title";

/** For strangers: what Avaaz is, that the coach is an AI, and the way in. */
export function WelcomePage() {
  const { t } = useTranslation();
  useTitle(t("welcome.title"));
  return (
    <PublicLayout>
      <Farewell />
      <Hero />
      <HowItGoes />
      <WaysIn />
    </PublicLayout>
  );
}

/** For those who have just deleted their account. */
function Farewell() {
  const { t } = useTranslation();
  const deleted = useRouterState({ select: (state) => state.location.state.accountDeleted === true });
  if (!deleted) return null;
  return (
    <p
      role="status"
      data-testid="account-deleted"
      className="mx-auto flex max-w-6xl items-center gap-3 px-4 py-4 font-semibold"
    >
      <Check aria-hidden className="size-5 shrink-0 text-coach" />
      {t("welcome.deleted")}
    </p>
  );
}

function Hero() {
  const { t } = useTranslation();
  return (
    <section className="relative overflow-hidden bg-coach-soft">
      <Mark className="absolute -end-32 -top-40 size-[34rem] opacity-10 max-lg:hidden" />
      <div className="relative mx-auto grid max-w-6xl gap-10 px-4 py-12 sm:py-16 lg:grid-cols-[1.1fr_1fr] lg:items-center lg:py-24">
        <div className="grid gap-5">
          <h1 className="text-5xl font-bold sm:text-6xl">{t("welcome.headline")}</h1>
          <p className="max-w-[34rem] text-lg sm:text-xl">{t("welcome.lead")}</p>
          <div className="flex flex-wrap gap-3">
            <Link to="/sign-up" className={buttonClass("primary", "min-h-12 px-6!")}>
              {t("app.signUp")}
            </Link>
            <Link to="/sign-in" className={buttonClass("secondary", "min-h-12 px-6!")}>
              {t("app.signIn")}
            </Link>
          </div>
          <p className="text-quiet" data-testid="ai-disclosure">
            {t("welcome.disclosure")}
          </p>
        </div>
        <Sample />
      </div>
    </section>
  );
}

/** What is said in a call is English whatever the page speaks, so it is no message of the catalogues. */
const SAMPLE = [
  { learner: false, text: "What did you do yesterday?" },
  { learner: true, text: "I went to the market and I… buyed plums." },
  { learner: false, text: "You bought plums, lovely. What are you going to make with them?" },
] as const;

function Sample() {
  const { t } = useTranslation();
  return (
    <figure className="grid gap-3">
      <ol
        lang="en"
        translate="no"
        aria-label={t("welcome.sample")}
        className="grid gap-3 rounded-card bg-surface p-5 shadow-lg sm:p-6"
      >
        {SAMPLE.map((line) => (
          <li
            key={line.text}
            className={clsx("grid", line.learner ? "justify-items-end" : "justify-items-start")}
          >
            <span
              className={clsx(
                "max-w-[92%] rounded-2xl px-4 py-2.5 text-lg",
                line.learner ? "rounded-ee-md bg-learner-soft" : "rounded-es-md bg-coach-soft",
              )}
            >
              {line.text}
            </span>
          </li>
        ))}
      </ol>
      <figcaption className="text-sm text-quiet">{t("welcome.sampleNote")}</figcaption>
    </figure>
  );
}

function HowItGoes() {
  const { t } = useTranslation();
  const steps = [
    { icon: Mic, name: "talk" },
    { icon: Hourglass, name: "wait" },
    { icon: BookOpenText, name: "read" },
  ] as const;
  return (
    <section className="mx-auto grid max-w-6xl gap-8 px-4 py-12 sm:py-16">
      <h2 className="text-3xl font-bold">{t("welcome.whatTitle")}</h2>
      <ul className="grid gap-8 lg:grid-cols-3">
        {steps.map(({ icon: Icon, name }) => (
          <li key={name} className="grid content-start gap-2 border-t-4 border-coach pt-5">
            <Icon aria-hidden className="size-7 text-coach" />
            <h3 className="text-xl font-semibold">{t(`welcome.${name}Title`)}</h3>
            <p className="text-quiet">{t(`welcome.${name}Body`)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function WaysIn() {
  const { t } = useTranslation();
  const demo = useHasDemo();
  return (
    <section className="mx-auto grid max-w-6xl gap-4 px-4 pb-14 lg:auto-cols-fr lg:grid-flow-col">
      {demo && (
        <div data-testid="demo" className="grid content-start gap-3 rounded-card bg-learner-soft p-6">
          <h2 className="text-2xl font-semibold">{t("welcome.demoTitle")}</h2>
          <p>{t("welcome.demoBody")}</p>
          <Link to="/sign-in" className={buttonClass("secondary", "justify-self-start")}>
            {t("welcome.demoAction")}
          </Link>
        </div>
      )}
      <div className="grid content-start gap-3 rounded-card border border-line bg-surface p-6">
        <h2 className="text-2xl font-semibold">{t("welcome.readyTitle")}</h2>
        <p>{t("welcome.readyBody")}</p>
        <Link to="/device" className={buttonClass("secondary", "justify-self-start")}>
          {t("app.device")}
        </Link>
      </div>
    </section>
  );
}

/** Asked without the API client, which this page is too light to bring. Silence means no. */
function useHasDemo(): boolean {
  const [demo, setDemo] = useState(false);
  useEffect(() => {
    const asked = new AbortController();
    fetch(new URL("/api/v1/config", window.location.origin), { signal: asked.signal })
      .then((answer) => (answer.ok ? answer.json() : null))
      .then((config: { demo_accounts?: unknown[] } | null) => setDemo(Boolean(config?.demo_accounts?.length)))
      .catch(() => undefined);
    return () => asked.abort();
  }, []);
  return demo;
}
