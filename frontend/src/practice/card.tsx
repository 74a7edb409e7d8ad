import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleSlash, Trash2 } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Button } from "@/components/button";
import { Message } from "@/components/message";
import { useTranslation } from "@/i18n";
import { errorKey } from "@/lib/error-text";
import { Answer } from "./answer";
import { Grades, SUGGESTED } from "./grades";
import { RATINGS, type Rating, type ReviewItem, reviews, type Said } from "./practice-api";
import { SpeakOrType } from "./speak-or-type";

interface CardProps {
  item: ReviewItem;
  busy: boolean;
  error: unknown;
  onGrade: (rating: Rating) => void;
  onDropped: () => void;
}

/** One item: its cue, the ways to answer, the answer, and how well it came. A new item is a new card. */
export function Card({ item, busy, error, onGrade, onDropped }: CardProps) {
  const { t } = useTranslation();
  const [said, setSaid] = useState<Said | null>(null);
  const [sound, setSound] = useState<string | null>(null);
  const [shown, setShown] = useState(false);
  const box = useRef<HTMLElement>(null);
  useEffect(() => (sound === null ? undefined : () => URL.revokeObjectURL(sound)), [sound]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever answered goes on from the answer
  useEffect(() => box.current?.focus(), [shown]);

  const press = (event: KeyboardEvent) => {
    const rating = RATINGS[Number(event.key) - 1];
    const elsewhere =
      event.target instanceof HTMLInputElement || event.ctrlKey || event.metaKey || event.altKey;
    if (!shown || busy || elsewhere || rating === undefined) return;
    event.preventDefault();
    onGrade(rating);
  };

  return (
    <section
      ref={box}
      tabIndex={-1}
      aria-label={t(`practice.ask_${item.kind}`)}
      onKeyDown={press}
      data-testid="card"
      className="grid gap-6 rounded-card border border-line bg-surface p-4 outline-none sm:p-6"
    >
      <div className="grid gap-2 text-center">
        <h2 className="text-base font-semibold text-quiet">{t(`practice.ask_${item.kind}`)}</h2>
        <p lang="en" translate="no" className="font-display text-2xl font-semibold break-words">
          {item.kind === "correction" ? <q>{item.cue}</q> : item.cue}
        </p>
        {item.times_made > 1 && (
          <p className="text-sm text-quiet">{t("practice.timesMade", { count: item.times_made })}</p>
        )}
      </div>
      {shown ? (
        <>
          <Answer item={item} said={said} sound={sound} />
          <Grades suggested={said && SUGGESTED[said.verdict]} busy={busy} onGrade={onGrade} />
          {error != null && (
            <Message tone="danger" urgent testId="grade-failed">
              {t(errorKey(error))}
            </Message>
          )}
        </>
      ) : (
        <SpeakOrType
          item={item}
          onSaid={(found, recording) => {
            setSaid(found);
            setSound(recording && URL.createObjectURL(recording));
            setShown(true);
          }}
          onShow={() => setShown(true)}
        />
      )}
      <Aside item={item} onDropped={onDropped} />
    </section>
  );
}

/** Where it comes from, and the ways to be rid of it. */
function Aside({ item, onDropped }: Pick<CardProps, "item" | "onDropped">) {
  const { t } = useTranslation();
  const drop = useMutation({
    mutationFn: (how: "suspend" | "remove") => reviews[how](item.id),
    onSuccess: onDropped,
  });
  return (
    <footer className="flex flex-wrap items-center justify-center gap-x-2 border-t border-line pt-3 text-sm">
      {item.call_id && (
        <Link
          to="/calls/$callId"
          params={{ callId: item.call_id }}
          className="inline-flex min-h-11 items-center px-3 font-semibold text-primary underline"
        >
          {t("practice.fromCall")}
        </Link>
      )}
      <Button look="quiet" busy={drop.isPending} onClick={() => drop.mutate("suspend")} data-testid="suspend">
        <CircleSlash aria-hidden className="size-4" />
        {t("practice.suspend")}
      </Button>
      <Button look="quiet" busy={drop.isPending} onClick={() => drop.mutate("remove")} data-testid="remove">
        <Trash2 aria-hidden className="size-4" />
        {t("practice.remove")}
      </Button>
      {drop.isError && (
        <p role="alert" className="w-full text-center text-danger">
          {t(errorKey(drop.error))}
        </p>
      )}
    </footer>
  );
}
