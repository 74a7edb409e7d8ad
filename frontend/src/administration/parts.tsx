/** Pieces that several pages of administration are made of. */

import type { UseInfiniteQueryResult, UseQueryResult } from "@tanstack/react-query";
import { CircleCheck, CircleX, Search, TriangleAlert } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { Button } from "@/components/button";
import { Failure } from "@/components/failure";
import { More } from "@/components/more";
import { Skeleton } from "@/components/states";
import { useTranslation } from "@/i18n";
import type { State } from "./administration-api";

interface LoadedProps<Data> {
  query: UseQueryResult<Data>;
  rows?: number;
  children: (data: Data) => ReactNode;
}

/** What the API answered; or that it is being asked, or why it is not known. */
export function Loaded<Data>({ query, rows = 2, children }: LoadedProps<Data>) {
  const { t } = useTranslation();
  if (query.data !== undefined) return children(query.data);
  if (!query.isError) return <Skeleton rows={rows} />;
  return (
    <Failure
      title={t("administration.failed")}
      error={query.error}
      busy={query.isFetching}
      onRetry={() => void query.refetch()}
    />
  );
}

interface PagesProps<Item> {
  query: UseInfiniteQueryResult<{ pages: { items: Item[] }[] }>;
  empty: string;
  testId: string;
  children: (item: Item) => ReactNode;
}

/** A list that goes on as long as the reader asks for more. */
export function Pages<Item extends { id: string }>({ query, empty, testId, children }: PagesProps<Item>) {
  const { t } = useTranslation();
  if (query.data === undefined) {
    if (!query.isError) return <Skeleton rows={3} />;
    return (
      <Failure
        title={t("administration.failed")}
        error={query.error}
        busy={query.isFetching}
        onRetry={() => void query.refetch()}
      />
    );
  }
  const items = query.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <p className="text-quiet">{empty}</p>;
  return (
    <div className="grid gap-4">
      <ul className="grid divide-y divide-line" data-testid={testId}>
        {items.map((item) => (
          <li key={item.id} className="min-w-0 py-3 first:pt-0 last:pb-0">
            {children(item)}
          </li>
        ))}
      </ul>
      <More list={query} title={t("administration.failed")} />
    </div>
  );
}

interface SearchBoxProps {
  label: string;
  hint: string;
  onSearch: (wanted: string) => void;
}

/** Looks once the reader says so: each look is one question to the server. */
export function SearchBox({ label, hint, onSearch }: SearchBoxProps) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSearch(text.trim());
  };
  return (
    <search>
      <form onSubmit={submit} className="grid gap-1.5">
        <label htmlFor={id} className="font-semibold">
          {label}
        </label>
        <div className="flex flex-wrap gap-2">
          <input
            id={id}
            type="search"
            value={text}
            maxLength={120}
            autoComplete="off"
            aria-describedby={`${id}-hint`}
            onChange={(event) => {
              setText(event.target.value);
              if (event.target.value === "") onSearch("");
            }}
            className="min-h-12 min-w-0 grow basis-48 rounded-xl border border-line bg-surface px-4 py-2 hover:border-primary"
          />
          <Button type="submit" look="secondary" className="grow sm:grow-0">
            <Search aria-hidden className="size-4" />
            {t("administration.search")}
          </Button>
        </div>
        <p id={`${id}-hint`} className="text-sm text-quiet">
          {hint}
        </p>
      </form>
    </search>
  );
}

const STATES = {
  ok: { icon: CircleCheck, colour: "text-coach" },
  degraded: { icon: TriangleAlert, colour: "text-learner" },
  down: { icon: CircleX, colour: "text-danger" },
} as const;

/** How something is: a sign and a word, not colour alone. */
export function StateMark({ state }: { state: State }) {
  const { t } = useTranslation();
  const { icon: Icon, colour } = STATES[state];
  return (
    <span className={`inline-flex items-center gap-1.5 font-semibold ${colour}`}>
      <Icon aria-hidden className="size-5 shrink-0" />
      {t(`administration.state_${state}`)}
    </span>
  );
}

/** A word that stands beside a name. */
export function Badge({ children, warning = false }: { children: ReactNode; warning?: boolean }) {
  const look = warning ? "bg-learner-soft text-learner" : "border border-line text-quiet";
  return <span className={`rounded-full px-2.5 text-sm font-semibold ${look}`}>{children}</span>;
}

/** A figure with what it counts. */
export function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="grid content-start gap-0.5 rounded-xl bg-sunken p-3">
      <dt className="text-sm text-quiet">{label}</dt>
      <dd className="font-display text-2xl leading-tight font-semibold">{children}</dd>
    </div>
  );
}
