import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import type { FlagCode } from "./results-api";
import { flagWords } from "./words";

interface FlagsProps {
  flags: readonly FlagCode[];
  /** What was left out of the judgement, and why. */
  notes: readonly string[];
}

/** What a person should look at before anybody relies on the scores, and what they leave out. */
export function Flags({ flags, notes }: FlagsProps) {
  const { t } = useTranslation();
  if (flags.length === 0 && notes.length === 0) return null;
  return (
    <Message tone="warning" title={t("results.flags", { count: flags.length + notes.length })} testId="flags">
      <ul className="grid gap-1">
        {flags.map((flag) => (
          <li key={flag}>{flagWords(t, flag)}</li>
        ))}
        {notes.map((note) => (
          <li key={note} translate="no">
            {note}
          </li>
        ))}
      </ul>
    </Message>
  );
}
