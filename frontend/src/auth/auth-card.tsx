import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Button } from "@/components/button";
import { Mark } from "@/components/logo";
import { SettingsMenu } from "@/components/settings-menu";
import { useTranslation } from "@/i18n";
import { configQuery } from "@/lib/queries";
import { useTitle } from "@/lib/title";
import type { Credentials } from "./use-auth";

interface AuthCardProps {
  title: string;
  lead?: string;
  children: ReactNode;
  footer?: ReactNode;
}

/** The quiet frame round signing up, signing in, and the pages that mailed links lead to. */
export function AuthCard({ title, lead, children, footer }: AuthCardProps) {
  useTitle(title);
  return (
    <div className="grid min-h-full grid-rows-[auto_1fr] lg:grid-cols-[1fr_1fr] lg:grid-rows-1">
      <Cover />
      <main className="relative grid content-start justify-items-center px-4 py-8 sm:px-8 lg:content-center">
        <div className="absolute end-3 top-3 max-lg:hidden">
          <SettingsMenu />
        </div>
        <div className="grid w-full max-w-md min-w-0 grid-cols-[minmax(0,1fr)] gap-6">
          <div className="grid min-w-0 gap-1.5">
            <h1 tabIndex={-1} className="text-3xl font-bold outline-none sm:text-4xl">
              {title}
            </h1>
            {lead && <p className="text-lg wrap-anywhere text-quiet">{lead}</p>}
          </div>
          {children}
          {footer && <div className="text-center">{footer}</div>}
        </div>
      </main>
    </div>
  );
}

function Cover() {
  const { t } = useTranslation();
  return (
    <header className="relative flex items-center justify-between gap-3 bg-coach-soft px-4 py-3 lg:grid lg:place-content-center lg:p-10">
      <div aria-hidden className="absolute inset-0 overflow-hidden max-lg:hidden">
        <Mark className="absolute -end-24 -top-24 size-96 opacity-10" />
        <Mark className="absolute -start-32 -bottom-32 size-[30rem] opacity-10" />
      </div>
      <Link
        to="/welcome"
        className="relative flex min-h-11 items-center gap-2.5 rounded-lg lg:grid lg:justify-items-center lg:gap-5"
      >
        <Mark className="size-10 lg:size-40" />
        <span className="font-display text-2xl font-bold tracking-tight lg:text-6xl">{t("app.name")}</span>
        <span className="text-xl text-quiet max-lg:hidden">{t("app.tagline")}</span>
      </Link>
      <div className="lg:hidden">
        <SettingsMenu />
      </div>
    </header>
  );
}

/** On a local installation, accounts with known passwords, filled in by one press. */
export function DemoAccounts({ onPick }: { onPick: (account: Credentials) => void }) {
  const { t } = useTranslation();
  const config = useQuery(configQuery);
  const accounts = config.data?.embedded ? config.data.demo_accounts : [];
  if (accounts.length === 0) return null;
  return (
    <section
      aria-labelledby="demo-title"
      data-testid="demo-accounts"
      className="grid gap-3 rounded-card border border-dashed border-line p-4"
    >
      <div>
        <h2 id="demo-title" className="font-semibold">
          {t("auth.demoTitle")}
        </h2>
        <p className="text-sm text-quiet">{t("auth.demoLead")}</p>
      </div>
      <ul className="grid gap-2 sm:grid-cols-2">
        {accounts.map((account) => (
          <li key={account.email}>
            <Button
              look="secondary"
              className="h-auto w-full flex-col gap-0! rounded-2xl!"
              onClick={() => onPick({ email: account.email, password: account.password })}
            >
              <span>{t("auth.demoUse", { role: t(`auth.role_${account.role}`) })}</span>
              <span translate="no" className="text-xs font-normal break-all text-quiet">
                {account.email}
              </span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
