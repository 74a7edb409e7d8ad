import { type ReactNode, useId } from "react";
import { useTitle } from "@/lib/title";

interface AccountPageProps {
  title: string;
  lead: string;
  children: ReactNode;
}

/** One page of the account: what it is about, and its sections. */
export function AccountPage({ title, lead, children }: AccountPageProps) {
  useTitle(title);
  return (
    <div className="grid min-w-0 content-start gap-6">
      <header className="grid gap-1">
        <h1 className="text-3xl font-bold sm:text-4xl">{title}</h1>
        <p className="max-w-prose text-lg text-quiet">{lead}</p>
      </header>
      {children}
    </div>
  );
}

interface SectionProps {
  /** Its place in the page's address. */
  id: string;
  title: string;
  lead?: string | undefined;
  children: ReactNode;
}

/** A card with a heading, which takes the focus when something in it went away. */
export function Section({ id, title, lead, children }: SectionProps) {
  const titleId = useId();
  return (
    <section
      id={id}
      aria-labelledby={titleId}
      className="grid scroll-mt-6 gap-4 rounded-card border border-line bg-surface p-4 sm:p-6"
    >
      <div className="grid gap-1">
        <h2 id={titleId} tabIndex={-1} className="text-xl font-semibold outline-none">
          {title}
        </h2>
        {lead && <p className="max-w-prose text-quiet">{lead}</p>}
      </div>
      {children}
    </section>
  );
}

/** Puts the reader back at the head of a section, where the control they pressed is gone. */
export function focusSection(id: string): void {
  document.querySelector<HTMLElement>(`#${id} h2`)?.focus();
}
