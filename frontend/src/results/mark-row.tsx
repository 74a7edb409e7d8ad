import { useQueryClient } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useRef, useState } from "react";
import { useChange } from "@/account/use-change";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { ApiError } from "@/lib/api";
import { errorKey } from "@/lib/error-text";
import { GivenMark } from "./given-mark";
import { MarkForm, type MarkWanted } from "./mark-form";
import { type AttemptMarks, type Dimension, marksQuery, resultsApi } from "./results-api";
import { dimensionName } from "./words";

interface MarkRowProps {
  attempt: AttemptMarks;
  dimension: Dimension;
  /** The machine's scores were not opened yet. */
  blind: boolean;
}

/** One's own mark on one of the five: as it stands, giving it, changing it, taking it back. */
export function MarkRow({ attempt, dimension, blind }: MarkRowProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [writing, setWriting] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const own = attempt.items.filter((mark) => mark.mine && mark.dimension === dimension).at(-1);
  const refresh = () => queries.invalidateQueries({ queryKey: marksQuery(attempt.attempt_id).queryKey });
  const close = () => {
    setWriting(false);
    requestAnimationFrame(() => opener.current?.focus());
  };
  const give = useChange(
    (wanted: MarkWanted) =>
      resultsApi.mark(attempt.attempt_id, { dimension, version: own?.version ?? 0, blind, ...wanted }),
    async () => {
      await refresh();
      close();
    },
  );
  const changed = give.error instanceof ApiError && give.error.code === "changed_meanwhile";
  const onGive = (wanted: MarkWanted) =>
    give.mutate(wanted, {
      onError: (error) => {
        if (error instanceof ApiError && error.code === "changed_meanwhile") void refresh();
      },
    });
  const name = t(dimensionName(dimension));
  const standing = own !== undefined && own.score !== null;
  return (
    <div className="grid gap-3" data-testid={`mark-${dimension}`}>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h3 className="text-base font-semibold">{name}</h3>
        {!writing && (
          <Button
            ref={opener}
            look="quiet"
            className="text-primary"
            onClick={() => setWriting(true)}
            aria-label={t(standing ? "results.changeNamed" : "results.giveNamed", { name })}
          >
            <Pencil aria-hidden className="size-4" />
            {t(standing ? "results.change" : "results.give")}
          </Button>
        )}
      </div>
      {own && <GivenMark mark={own} />}
      {writing && (
        <MarkForm
          name={name}
          score={own?.score ?? null}
          mayTakeBack={standing}
          busy={give.isPending}
          error={give.isError ? t(changed ? "results.changedMeanwhile" : errorKey(give.error)) : undefined}
          onGive={onGive}
          onCancel={close}
        />
      )}
    </div>
  );
}
