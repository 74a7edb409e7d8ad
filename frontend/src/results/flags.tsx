import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import type { FlagCode } from "./results-api";
import { flagWords } from "./words";

/** What a person should look at before anybody relies on the scores. */
export function Flags({ flags }: { flags: readonly FlagCode[] }) {
  const { t } = useTranslation();
  if (flags.length === 0) return null;
  return (
    <Message tone="warning" title={t("results.flags", { count: flags.length })} testId="flags">
      <ul className="grid gap-1">
        {flags.map((flag) => (
          <li key={flag}>{flagWords(t, flag)}</li>
        ))}
      </ul>
    </Message>
  );
}
