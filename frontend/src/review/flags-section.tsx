import { useQueryClient } from "@tanstack/react-query";
import clsx from "clsx";
import { Flag as FlagIcon } from "lucide-react";
import { Section } from "@/account/section";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { FlagForm } from "./flag-form";
import { callReviewQuery, type Flag, reviewApi } from "./review-api";
import { isChangedMeanwhile, refusalWords } from "./words";

interface FlagsSectionProps {
  callId: string;
  flags: readonly Flag[];
  /** Whether a flag on the whole call is being set. */
  flagging: boolean;
  onFlagging: (flagging: boolean) => void;
  /** The time of a turn in the call, as 3:07; nothing while it is not loaded. */
  timeOf: (turnId: string) => string | null;
  onShow: (turnId: string) => void;
}

/** What instructors marked for one another in a call. */
export function FlagsSection({ callId, flags, flagging, onFlagging, timeOf, onShow }: FlagsSectionProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: callReviewQuery(callId).queryKey });
  return (
    <Section id="flags" title={t("review.flagsTitle")} lead={t("review.flagsLead")}>
      {flags.length === 0 ? (
        <p className="text-quiet">{t("review.flagsEmpty")}</p>
      ) : (
        <ul className="grid divide-y divide-line" data-testid="flags">
          {flags.map((flag) => (
            <li key={flag.id} className="py-2 first:pt-0 last:pb-0">
              <Line
                flag={flag}
                time={flag.turn_id === null ? null : timeOf(flag.turn_id)}
                onShow={onShow}
                onChanged={refresh}
              />
            </li>
          ))}
        </ul>
      )}
      {flagging ? (
        <FlagForm
          callId={callId}
          turnId={null}
          onDone={() => {
            onFlagging(false);
            void refresh();
          }}
          onCancel={() => onFlagging(false)}
        />
      ) : (
        <Button look="secondary" className="justify-self-start" onClick={() => onFlagging(true)}>
          <FlagIcon aria-hidden className="size-4" />
          {t("review.flagCall")}
        </Button>
      )}
    </Section>
  );
}

interface LineProps {
  flag: Flag;
  time: string | null;
  onShow: (turnId: string) => void;
  onChanged: () => unknown;
}

function Line({ flag, time, onShow, onChanged }: LineProps) {
  const { t } = useTranslation();
  const { turn_id } = flag;
  const resolved = flag.resolved_at !== null;
  const change = useChange(
    () => reviewApi.changeFlag(flag.id, { version: flag.version, resolved: !resolved }),
    onChanged,
  );
  const press = () =>
    change.mutate(undefined, {
      onError: (error) => {
        if (isChangedMeanwhile(error)) void onChanged();
      },
    });
  return (
    <div className="grid gap-1">
      <div className="flex flex-wrap items-center justify-between gap-x-2">
        <p className={clsx("flex items-center gap-2 font-semibold", resolved && "text-quiet line-through")}>
          <FlagIcon aria-hidden className="size-4 shrink-0" />
          {t(`review.flag_${flag.kind}`)}
        </p>
        {turn_id !== null && time !== null && (
          <button
            type="button"
            onClick={() => onShow(turn_id)}
            className="min-h-11 rounded-lg px-2 text-sm font-semibold text-primary tabular-nums hover:underline"
          >
            {t("review.onTurn", { time })}
          </button>
        )}
      </div>
      {flag.note && (
        <p translate="no" dir="auto" className="break-words whitespace-pre-wrap">
          {flag.note}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-x-3 text-sm text-quiet">
        {flag.author_name && <bdi translate="no">{flag.author_name}</bdi>}
        {resolved && <span>{t("review.resolved")}</span>}
        <button
          type="button"
          aria-disabled={change.isPending || undefined}
          onClick={press}
          className="min-h-11 rounded-lg px-2 font-semibold text-primary hover:underline"
        >
          {t(resolved ? "review.reopen" : "review.resolve")}
        </button>
      </div>
      {change.isError && (
        <Message tone="warning" urgent>
          {refusalWords(t, change.error)}
        </Message>
      )}
    </div>
  );
}
