import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { Button } from "@/components/button";
import { useTranslation } from "@/i18n";
import { TextArea } from "@/organisations/text-area";
import { MOST, scoreText } from "./words";

const STEP = 0.1;
const MIDDLE = 2.5;
const REASON_CHARACTERS = 1_000;

export interface MarkWanted {
  /** Null takes the mark back. */
  score: number | null;
  reason: string;
}

interface MarkFormProps {
  /** Of what is marked. */
  name: string;
  score: number | null;
  mayTakeBack: boolean;
  busy: boolean;
  error: string | undefined;
  onGive: (wanted: MarkWanted) => void;
  onCancel: () => void;
}

/** A score and, always, a reason for it. */
export function MarkForm({ name, score: given, mayTakeBack, busy, error, onGive, onCancel }: MarkFormProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const slider = useRef<HTMLInputElement>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  const [score, setScore] = useState(given ?? MIDDLE);
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(false);
  useEffect(() => slider.current?.focus(), []);
  const missing = asked && reason.trim() === "";
  const give = (wanted: number | null) => {
    setAsked(true);
    if (reason.trim() === "") {
      box.current?.focus();
      return;
    }
    onGive({ score: wanted, reason });
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    give(Math.round(score * 10) / 10);
  };
  return (
    <form onSubmit={onSubmit} className="grid gap-4 rounded-xl bg-sunken p-4" data-testid="mark-form">
      <div className="grid gap-1.5">
        <label htmlFor={`${id}-score`} className="flex items-baseline justify-between gap-3 font-semibold">
          {t("results.scoreOf", { name })}
          <output htmlFor={`${id}-score`} className="font-display text-2xl font-bold tabular-nums">
            {scoreText(score, i18n.language)}
          </output>
        </label>
        <input
          ref={slider}
          id={`${id}-score`}
          type="range"
          min={0}
          max={MOST}
          step={STEP}
          value={score}
          aria-valuetext={t("results.scoreText", { score: scoreText(score, i18n.language), most: MOST })}
          onChange={(event) => setScore(Number(event.target.value))}
          className="h-11 w-full accent-primary"
        />
        <div
          aria-hidden
          className="flex justify-between px-1.5 text-sm text-quiet tabular-nums"
          translate="no"
        >
          {Array.from({ length: MOST + 1 }, (_, whole) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a scale that never moves
            <span key={whole}>{whole}</span>
          ))}
        </div>
      </div>
      <TextArea
        ref={box}
        label={t("results.reason")}
        hint={t("results.reasonHint")}
        error={missing ? t("results.reasonMissing") : undefined}
        rows={3}
        dir="auto"
        required
        maxLength={REASON_CHARACTERS}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {error && (
        <p role="alert" className="text-sm text-danger">
          {error}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" busy={busy} formNoValidate>
          {t("results.save")}
        </Button>
        <Button look="secondary" onClick={onCancel}>
          {t("results.cancel")}
        </Button>
        {mayTakeBack && (
          <Button look="quiet" busy={busy} className="text-danger" onClick={() => give(null)}>
            {t("results.takeBack")}
          </Button>
        )}
      </div>
    </form>
  );
}
