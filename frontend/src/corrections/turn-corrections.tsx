import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ChevronDown, PenLine } from "lucide-react";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { CorrectionWords } from "./correction-words";
import { correctionsQuery, type Reader, setDismissed, type TurnCorrection } from "./corrections-api";

interface TurnCorrectionsProps {
  callId: string;
  turnId: string;
  reader: Reader;
}

/** What could be said better in a turn: closed until it is wanted; what is wrong itself can be put away. */
export function TurnCorrections({ callId, turnId, reader }: TurnCorrectionsProps) {
  const { t } = useTranslation();
  const all = useQuery(correctionsQuery(callId, reader)).data?.items ?? [];
  const items = all.filter((one) => one.turn_id === turnId);
  if (items.length === 0) return null;
  const standing = items.filter((one) => one.hidden_at === null);
  return (
    <details className="group text-[0.95rem]" data-testid="turn-corrections">
      <summary className="inline-flex min-h-11 cursor-pointer list-none items-center gap-1.5 rounded-lg pe-2 text-sm text-quiet hover:text-ink">
        <PenLine aria-hidden className="size-4" />
        {standing.length > 0
          ? t("corrections.count", { count: standing.length })
          : t("corrections.dismissed")}
        <ChevronDown aria-hidden className="size-4 group-open:rotate-180" />
      </summary>
      <ul className="grid gap-3 rounded-2xl bg-sunken p-3">
        {items.map((one) => (
          <Item key={one.id} correction={one} callId={callId} reader={reader} />
        ))}
      </ul>
    </details>
  );
}

interface ItemProps {
  correction: TurnCorrection;
  callId: string;
  reader: Reader;
}

function Item({ correction, callId, reader }: ItemProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (dismissed: boolean) => setDismissed(correction, dismissed),
    onSuccess: () => queries.invalidateQueries({ queryKey: correctionsQuery(callId, reader).queryKey }),
  });
  const hidden = correction.hidden_at !== null;
  const own = reader === "learner" && correction.hidden_as === "learner";
  return (
    <li className="grid gap-1" data-hidden={hidden} data-testid="correction">
      {hidden ? (
        <p className="text-quiet">
          {t(
            own ? "corrections.dismissed_own" : `corrections.dismissed_${correction.hidden_as ?? "learner"}`,
          )}
        </p>
      ) : (
        <>
          <CorrectionWords
            correction={correction}
            said={t("corrections.said")}
            better={t("corrections.better")}
          />
          <p className="text-sm text-quiet">
            {t(`corrections.category_${correction.category}`)} ·{" "}
            {t(`corrections.severity_${correction.severity}`)}
          </p>
        </>
      )}
      <button
        type="button"
        data-testid={hidden ? "restore-correction" : "dismiss-correction"}
        disabled={change.isPending}
        onClick={() => change.mutate(!hidden)}
        className="-ms-2 inline-flex min-h-11 items-center justify-self-start rounded-lg px-2 text-sm font-semibold text-primary hover:underline"
      >
        {t(hidden ? "corrections.restore" : "corrections.dismiss")}
      </button>
      {change.isError && (
        <Message tone="danger" urgent>
          {t("corrections.failed")}
        </Message>
      )}
    </li>
  );
}
