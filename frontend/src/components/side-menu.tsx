import { Link, type LinkProps } from "@tanstack/react-router";
import type { LucideIcon } from "lucide-react";
import { type MessageKey, useTranslation } from "@/i18n";

interface SideMenuProps {
  /** What the pages are about. */
  title: string;
  pages: readonly { to: LinkProps["to"]; label: MessageKey; icon: LucideIcon }[];
  testId: string;
}

/** The way from one page of a family to the other: beside them, or above them where it is narrow. */
export function SideMenu({ title, pages, testId }: SideMenuProps) {
  const { t } = useTranslation();
  return (
    <nav aria-label={title} className="lg:sticky lg:top-8 lg:self-start">
      <ul className="flex flex-wrap gap-1.5 lg:grid" data-testid={testId}>
        {pages.map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Link
              to={to}
              activeOptions={{ exact: true }}
              className="flex min-h-11 items-center gap-2.5 rounded-full px-3 font-semibold text-quiet hover:bg-sunken hover:text-ink max-lg:border max-lg:border-line sm:px-3.5 lg:px-4 [&[aria-current]]:border-transparent [&[aria-current]]:bg-coach-soft [&[aria-current]]:text-ink"
            >
              <Icon aria-hidden className="size-4 max-sm:hidden" />
              {t(label)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
